import Foundation
import Testing

/// `perplexity` scores the texts of a block side by side.
@Suite struct PerplexityTests {
  /// Lines with common beginnings, one that is the beginning of others, one twice, a long one, and one that is bad.
  static let lines = """
    the old tin roof
    the old tin roof rattles
    the old tin
    a boat
    the old tin roof rattles

    the old mill stands still and the water goes by as it has gone by for two hundred years, and the miller's cat
    a boat comes in, and another, and a third one that has no sail; nobody on the quay can say whose it is, or where it is bound
    é
    """

  /// What a record gives does not depend on the records beside it, nor on how many threads there are.
  @Test(arguments: ["GRU(24) GRU(24)", "LSTM(20) Dense(30) Relu", "RNN(16) LayerNorm"])
  func aTextAloneHasTheSameFiguresAsBesideOthers(_ layers: String) throws {
    try Shell.inFolder { shell in
      try (Self.lines + "\n").write(to: shell.folder.appendingPathComponent("lines"), atomically: true, encoding: .utf8)
      let made = try shell.run(
        """
        tensorize --characters --plain --only ids lines | batch --batch-size 4 --language-model --window 16 --quiet |
          train --layers 'ShiftRight Embedding(256, 12) \(layers) Dense(256) LogSoftmax' --steps 2 --seed 3 \
            --tokenizer '--characters --append-end' --quiet --model m > /dev/null
        for weights in float half int8; do
          score() { perplexity --model m --plain --per-token --quiet --weights $weights "$@"; }
          score lines > together
          while read -r line; do echo "$line" | score; done < lines > alone
          tac lines | score --threads 2 | tac > reversed
          cmp together alone && cmp together reversed && wc -l < together
        done
        """)
      #expect(made.status == 0 && made.output == "8\n8\n8\n", "\(made)")
    }
  }

  /// Enough texts for several batches, which go through the model side by side, have the figures that a few of them have.
  @Test func manyTextsHaveTheSameFiguresForAnyNumberOfThreads() throws {
    try Shell.inFolder { shell in
      try (Self.lines + "\n").write(to: shell.folder.appendingPathComponent("some"), atomically: true, encoding: .utf8)
      let made = try shell.run(
        """
        for number in $(seq 40); do sed "s/^/$number /" some; done > lines
        tensorize --characters --plain --only ids some | batch --batch-size 4 --language-model --window 16 --quiet |
          train --layers 'ShiftRight Embedding(256, 12) GRU(24) GRU(24) Dense(256) LogSoftmax' --steps 2 --seed 3 \
            --tokenizer '--characters --append-end' --quiet --model m > /dev/null
        score() { perplexity --model m --plain --per-token --quiet "$@"; }
        score --threads 1 lines > one
        score --threads 2 lines > two
        score --threads 3 lines > three
        split -l 8 lines part.
        for part in part.*; do score --threads 2 $part; done > parts
        cmp one two && cmp one three && cmp one parts && wc -l < one
        """)
      #expect(made.status == 0 && made.output == "360\n", "\(made)")
    }
  }

  /// A line that is bad has its message, and those around it their figures.
  @Test func aBadLineAmongTextsIsSkippedAlone() throws {
    try Shell.inFolder { shell in
      let result = try shell.run(
        """
        echo '{"ids":[97,98,99]}' | batch --batch-size 1 --language-model --window 4 --quiet |
          train --layers 'ShiftRight Embedding(256, 4) GRU(4) Dense(256) LogSoftmax' --steps 1 --seed 3 --quiet \
            --model m > /dev/null
        printf '%s\\n' '{"ids":[97,98]}' '{"ids":[97,256]}' '{"ids":[]}' '{"ids":[97,98,99]}' |
          perplexity --model m --per-record --only ids,count --on-error skip --quiet
        """)
      #expect(result.status == 0, "\(result)")
      #expect(
        result.output == "{\"ids\":[97,98],\"count\":2}\n{\"ids\":[],\"count\":0}\n{\"ids\":[97,98,99],\"count\":3}\n")
      #expect(result.errors.contains("<stdin>:2: "), "\(result.errors)")
    }
  }

  /// The mark that a file may begin with was taken for a part of its first line when the block was looked at twice.
  @Test func aMarkBeforeTheFirstLineIsNoPartOfIt() throws {
    try Shell.inFolder { shell in
      let result = try shell.run(
        """
        echo '{"ids":[97,98,99]}' | batch --batch-size 1 --language-model --window 4 --quiet |
          train --layers 'ShiftRight Embedding(256, 4) GRU(4) Dense(256) LogSoftmax' --steps 1 --seed 3 --quiet \
            --tokenizer --characters --model m > /dev/null
        printf 'hello\\nhi\\n' > plain; (printf '\\357\\273\\277'; cat plain) > marked
        perplexity --model m --plain --per-record --quiet plain > 1
        perplexity --model m --plain --per-record --quiet marked | cmp - 1 && wc -l < 1
        """)
      #expect(result.status == 0 && result.output == "2\n", "\(result)")
    }
  }

  /// Texts that part behind a long common beginning went through the model all at once, in gigabytes.
  @Test(.enabled(if: !Shell.isSanitized, "skipped: a sanitizer's build"))
  func textsThatPartLateNeedNoMoreMemory() throws {
    try Shell.inFolder { shell in
      let result = try shell.run(
        """
        echo '{"ids":[97,98,99]}' | batch --batch-size 1 --language-model --window 4 --quiet |
          train --layers 'ShiftRight Embedding(20000, 2) Dense(20000) LogSoftmax' --steps 1 --seed 3 --quiet --model m \
            > /dev/null
        awk 'BEGIN { for (t = 1; t <= 60; t++) { printf "{\\"ids\\":[7"; for (i = 1; i < 512; i++)
          printf ",%d", i < 256 ? 7 : (i * t) % 19999 + 1; print "]}" } }' > texts
        ulimit -v 1300000
        perplexity --model m --quiet texts | grep -o '"tokens":[0-9]*'
        """)
      #expect(result.status == 0 && result.output == "\"tokens\":30720\n", "\(result)")
    }
  }
}
