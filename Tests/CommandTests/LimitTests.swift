import Testing

/// Little address space. The sanitizers need much of it themselves.
@Suite(.enabled(if: !Shell.isSanitized, "skipped: a sanitizer's build"))
struct LimitTests {
  /// A thread needs 2 MB for its stack. No more are started than there is room for, and those are told to end.
  @Test(arguments: [80, 200, 400, 600, 1200])
  func threadsWithoutRoomAreRefused(_ megabytes: Int) throws {
    let result = try Shell.inFolder {
      try $0.run("(ulimit -v \(megabytes)000; tweet-tokenize --threads 256 samples/tweets.jsonl)")
    }
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("tweet-tokenize: there is no room for so many threads: "), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  /// OpenBLAS waits for ever for a buffer of 128 MB that it can't have, in a thread of its own as soon as it is loaded,
  /// and in every thread that multiplies matrices.
  @Test(arguments: [
    ("predict --model classifier --threads 4 tokens", 100, "1 thread,"),
    ("predict --model classifier --threads 4 tokens", 160, "1 thread,"),
    ("predict --model classifier --threads 4 tokens", 400, "4 threads,"),
    ("train --preset gru-lm-trax --seed 1 --threads 256 --model m batches", 1500, "256 threads,"),
    ("gru-sample --model lm --threads 2 --length 10", 250, "2 threads,"),
  ])
  func programsWithoutRoomForOpenBLASSaySo(_ command: String, _ megabytes: Int, _ threads: String) throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        tweet-tokenize samples/tweets.jsonl > tokens
        vocab-build tokens > vocab.json
        tensorize --vocab vocab.json tokens | batch > ids
        train --layers 'Embedding(4) GRU(4) Mean Dense(2) LogSoftmax' --vocab vocab.json --quiet --model classifier ids > none
        tensorize --characters --plain samples/lines.txt | batch --language-model > batches
        train --preset gru-lm-trax --units 4 --quiet --steps 1 --model lm batches > none
        ulimit -v \(megabytes)000
        \(command)
        """)
    }
    let program = command.prefix { $0 != " " }
    #expect(result.status == 1 && result.output.isEmpty)
    let message = "\(program): OpenBLAS needs 128 MB of address space for each of \(threads)"
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  /// `perplexity` multiplies matrices without OpenBLAS.
  @Test func perplexityWithoutRoomSaysSo() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        tensorize --characters --plain samples/lines.txt | batch --language-model > batches
        train --preset gru-lm-trax --units 4 --quiet --steps 1 --model lm batches > none
        ulimit -v 120000
        perplexity --model lm --plain samples/lines.txt
        """)
    }
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(
      result.errors == "perplexity: products of matrices need 96 MB of address space, and there is less\n",
      "\(result.errors)")
  }
}
