import Foundation
import Testing

/// The golden figures on the real tweets beside the repository. Without them the tests say that they were skipped.
@Suite(.enabled(if: Shell.sharedData != nil, "skipped: no ../shared/data"))
struct SharedDataTests {
  let data = Shell.sharedData!.appendingPathComponent("twitter_samples").path

  /// Shell lines that write `train.jsonl` and `validation.jsonl`, the tweets with labels in the order of the course.
  var split: String {
    """
    label() { sed "s/^{/{\\"label\\":$1,/"; }
    (head -n 4000 \(data)/positive_tweets.jsonl | label 1; head -n 4000 \(data)/negative_tweets.jsonl | label 0) \
      > train.jsonl
    (tail -n 1000 \(data)/positive_tweets.jsonl | label 1; tail -n 1000 \(data)/negative_tweets.jsonl | label 0) \
      > validation.jsonl

    """
  }

  @Test(arguments: [
    ("tweet_tokenizer_default", "--raw --keep-case --keep-handles --keep-lengthening"),
    ("tweet_tokenizer_course", "--raw"),
    ("process_tweet_links_line", "--links line"),
    ("process_tweet_links_url", "--links url"),
  ])
  func tokensEqualNLTKs(_ column: String, _ options: String) throws {
    let result = try Shell.inFolder { try $0.run(split + "tweet-tokenize \(options) --only tokens train.jsonl") }
    let expected = try lines(String(contentsOfFile: "\(data)/expected-nltk-3.5.jsonl", encoding: .utf8))
    let got = lines(result.output)
    #expect(expected.count == 8000 && got.count == 8000)
    for (row, (expected, got)) in zip(expected, got).enumerated() {
      #expect(try tokens(got, "tokens") == tokens(expected, column), "row \(row)")
    }
  }

  @Test(arguments: [
    (
      "line", 9088,
      "1065 136 479 2351 745 8148 1123 745 53 2 2672 791 2 2 349 601 2 3489 1017 597 4559 9 1065 157 2 2",
      "444 2 304 567 56 9",
      """
      [3,4,5,6,7,8,9,0,0,0,0,0,0,0],[10,11,12,13,14,15,16,17,18,19,20,9,21,22],\
      [5738,2901,3761,0,0,0,0,0,0,0,0,0,0,0],[858,256,3652,5739,307,4458,567,1230,2767,328,1202,3761,0,0]
      """
    ),
    (
      "url", 9164,
      "1072 96 484 2376 750 8220 1132 750 53 2 2701 796 2 2 354 606 2 3523 1025 602 4599 9 1072 158 2 2",
      "97 2 310 571 56 9",
      """
      [3,4,5,6,7,8,9,0,0,0,0,0,0,0],[10,11,12,13,14,15,16,17,18,19,20,9,21,22],\
      [5807,2931,3798,0,0,0,0,0,0,0,0,0,0,0],[865,261,3689,5808,313,4499,571,1248,2795,333,1220,3798,0,0]
      """
    ),
  ])
  func idsAndBatchesAreTheGoldenOnes(
    _ links: String, _ entries: Int, _ first: String, _ second: String, _ batch: String
  ) throws {
    let result = try Shell.inFolder {
      try $0.run(
        split + """
          tweet-tokenize --links \(links) train.jsonl > tokens.jsonl
          vocab-build tokens.jsonl > vocab.json
          grep -c '": [0-9]' vocab.json
          head -n 2 validation.jsonl | tweet-tokenize --links \(links) | tensorize --vocab vocab.json --only ids
          tensorize --vocab vocab.json tokens.jsonl | batch --balance --batch-size 4 | head -n 1
          """)
    }
    let ids = [first, second].map { "{\"ids\":[\($0.replacingOccurrences(of: " ", with: ","))]}" }
    #expect(
      lines(result.output) == [
        "\(entries)", ids[0], ids[1], "{\"inputs\":[\(batch)],\"targets\":[1,1,0,0],\"weights\":[1,1,1,1]}",
      ])
  }

  /// 100 and 500 steps of the classifier with five seeds, judged on the 2,000 tweets held out; and two sentences.
  @Test(arguments: [(100, 0.990), (500, 0.994)])
  func theClassifierReachesItsAccuracy(_ steps: Int, _ accuracy: Double) throws {
    let result = try Shell.inFolder {
      try $0.run(
        split + """
          tweet-tokenize train.jsonl > train.tokens
          tweet-tokenize validation.jsonl > validation.tokens
          vocab-build train.tokens > vocab.json
          tensorize --vocab vocab.json train.tokens > train.ids
          for seed in 1 2 3 4 5; do
            batch --balance --shuffle --seed $seed --repeat train.ids |
              train --layers 'Embedding(256) Mean Dense(2) LogSoftmax' --optimizer 'Adam(0.01)' --steps \(steps) --seed $seed --report-every 1 \\
                --vocab vocab.json --labels negative,positive --model $seed.safetensors | head -n 1
            predict --model $seed.safetensors --report --only id_str validation.tokens 2>&1 > /dev/null | head -n 1
            printf '%s\\n' "It's such a nice day, think i'll be taking Sid to Ramsgate fish and chips for lunch at \
          Peter's fish factory and then the beach maybe" "I hated my day, it was the worst, I'm so sad." |
              tweet-tokenize --plain | predict --model $seed.safetensors --only label_name
          done
          """)
    }
    let lines = lines(result.output)
    try #require(lines.count == 20, "\(result)")
    for seed in 0..<5 {
      let report = try #require(JSONSerialization.jsonObject(with: Data(lines[4 * seed].utf8)) as? [String: Any])
      #expect(abs((report["loss"] as! Double) - 0.69) < 0.05)
      let figure = try #require(Double(lines[4 * seed + 1].split(separator: " ")[1]))
      #expect(figure >= accuracy, "seed \(seed + 1): \(figure)")
      #expect(lines[4 * seed + 2] == #"{"label_name":"positive"}"#)
      #expect(lines[4 * seed + 3] == #"{"label_name":"negative"}"#)
    }
  }

  /// Tensor2Tensor's subwords: the golden ids, and every text back from them.
  @Test func subwordsAreTheGoldenOnes() throws {
    let data = Shell.sharedData!.path
    let result = try Shell.inFolder {
      try $0.run(
        """
        echo 'I have a cat.' | tensorize --subwords \(data)/en_8k.subword --plain --only ids
        head -n 2000 \(data)/ag_news/test.jsonl > texts
        tensorize --subwords \(data)/en_8k.subword --only text,ids texts |
          tensorize --subwords \(data)/en_8k.subword --inverse --field back --only text,back
        """)
    }
    let lines = lines(result.output)
    #expect(lines.first == #"{"ids":[139,96,12,2217,2,21]}"# && lines.count == 2001, "\(result.errors)")
    for line in lines.dropFirst() {
      let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
      #expect(record["text"].map { Array($0.utf8) } == record["back"].map { Array($0.utf8) })
    }
  }

  /// The perplexity lab: the mean over all targets, also put together from parts.
  @Test(.enabled(if: (try? Shell.inFolder { try $0.run("command -v python3").status }) == 0, "skipped: no python3"))
  func perplexityLab() throws {
    let folder = Shell.sharedData!.appendingPathComponent("perplexity").path
    let script = Shell.repository.appendingPathComponent("Tests/References/perplexity_records.py").path
    let result = try Shell.inFolder {
      try $0.run(
        """
        python3 \(script) \(folder)/predictions.npy \(folder)/targets.npy > records.jsonl
        perplexity records.jsonl
        (head -n 10 records.jsonl | perplexity; tail -n +11 records.jsonl | perplexity) | perplexity --merge
        """)
    }
    let lines = lines(result.output)
    try #require(lines.count == 2, "\(result)")
    for line in lines {
      let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(abs((record["log_perplexity"] as! Double) - 2.3281) < 0.00005)
      #expect(abs((record["perplexity"] as! Double) - 10.2586) < 0.0001)
      #expect(record["tokens"] as? Int == 1233)
    }
  }

  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  /// The tokens as lists of code points: Swift takes strings for equal that Python does not.
  private func tokens(_ line: String, _ key: String) throws -> [[UInt32]] {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require(object?[key] as? [String]).map { $0.unicodeScalars.map(\.value) }
  }
}
