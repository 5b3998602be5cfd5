import Foundation
import Testing

/// The filters in Spark, where PySpark, pyarrow, pandas and Java are there.
@Suite struct SparkTests {
  private static let isHere =
    (try? Shell.inFolder { try $0.run("command -v java && python3 -c 'import pyspark, pyarrow, pandas'").status }) == 0

  /// Two executors in processes of their own: the same bytes in any number of partitions; bad lines that count once
  /// although tasks are tried again; what fails is said in the driver; and the two jobs.
  @Test(.enabled(if: isHere, "skipped: no PySpark, pyarrow, pandas or Java"))
  func pipelinesOfPartitionsAreThoseOfTheWhole() throws {
    let script = Shell.repository.appendingPathComponent("Tests/Spark/local_cluster.py").path
    let result = try Shell.inFolder {
      try $0.run(
        """
        tweet-tokenize samples/tweets.jsonl > all.tokens; vocab-build all.tokens > vocab.json
        tensorize --vocab vocab.json all.tokens | batch --shuffle --seed 1 --repeat --quiet |
          train --quiet --preset classifier --steps 100 --seed 1 --vocab vocab.json --labels negative,positive \
            --model m.safetensors > reports.jsonl
        python3 \(script) m.safetensors
        """)
    }
    #expect(
      result.output == """
        3 partitions: same
        7 partitions: same
        8 partitions: same
        1 partitions of blocks: same
        3 partitions of blocks: same
        8 partitions of blocks: same
        20 partitions of blocks: same
        blocks: same
        saved: same ['_SUCCESS', 'part-00000', 'part-00001', 'part-00002']
        strings: b'a\\nb\\n'
        partition 0: status 1 of false False
        refused: b.jsonl.gz is compressed: textFile reads it
        refused: nowhere
        refused: saved
        998 and again 998 {'tweet-tokenize': {'records': 998, 'bad_lines': 2}}
        Arrow: 998 {'tweet-tokenize': {'records': 998, 'bad_lines': 2}, 'tensorize': {'records': 998, 'bad_lines': 0}}
        partition 2: tweet-tokenize: <stdin>:6: field "text" is missing (--field names another one: "txt")
        partition 0: tweet-tokenize: <stdin>:26: field "text" is missing (--field names another one: "txt")
        partition 0: status 137 of cat
        partition 0: an element holds a line feed, and is no line
        partition 0: column value holds null
        reads all first: 400000
        writes more than it reads: 1200000
        reads little: 8 3
        an environment: True
        tweet-tokenize: 654 records, 0 bad lines
        predict: 654 records, 0 bad lines
        vocabulary: same
        moods: same
        batch 0: {'predict': {'records': 300, 'bad_lines': 0}}
        batch 1: {'predict': {'records': 354, 'bad_lines': 0}}
        stream: same

        """, "\(result)")
  }
}
