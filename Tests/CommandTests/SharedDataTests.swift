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
          grep -c '": ' vocab.json
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

  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  /// The tokens as lists of code points: Swift takes strings for equal that Python does not.
  private func tokens(_ line: String, _ key: String) throws -> [[UInt32]] {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require(object?[key] as? [String]).map { $0.unicodeScalars.map(\.value) }
  }
}
