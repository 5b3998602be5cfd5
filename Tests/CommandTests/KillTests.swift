import Testing

/// Training that is killed at any moment.
@Suite struct KillTests {
  /// Killed again and again and resumed each time, a run ends with the bytes of one that was left alone, and the newest
  /// checkpoint can be read at all times. With one thread and with two.
  @Test func aRunThatIsKilledEndsAsIfItHadNotBeen() throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tensorize --characters --plain --append-end samples/lines.txt > lines.ids
        batch --language-model --batch-size 8 lines.ids > eval
        batch --language-model --batch-size 4 --shuffle --seed 3 --repeat lines.ids | head -n 120 > batches
        run() {
          exec train --layers 'ShiftRight Embedding(256, 40) GRU(40) Dropout(0.1) Dense(256) LogSoftmax' --steps 120 \
            --seed 1 --checkpoint-every 7 --keep 2 --report-every 9 --quiet --eval eval --eval-every 40 --best loss "$@" \
            batches > reports
        }
        (run --model whole)
        for round in 1 2 3 4 5 6 7 8; do
          rm -f parts*
          for kill in 1 2 3; do
            (run --model parts --resume --threads $((1 + round % 2))) & process=$!
            sleep 0.0$((round * 11 % 9 + kill % 2))
            kill -9 $process 2> /dev/null
            wait $process 2> /dev/null
            newest=$(ls parts.checkpoint-* 2> /dev/null | grep -v tmp | sort -t - -k 2 -n | tail -n 1)
            [ -z "$newest" ] || train --describe --model $newest > /dev/null || echo "$newest can't be read"
          done
          (run --model parts --resume)
          cmp whole parts
          ls parts* | grep tmp
          ls parts.checkpoint-* | wc -l
        done
        """, shell: "/bin/bash")
    }
    #expect(result.output == String(repeating: "2\n", count: 8), "\(result)")
  }

  /// The numbers do not depend on the number of threads, for sizes of all kinds.
  @Test(arguments: ["7, 1, 3", "48, 4, 5", "33, 9, 17", "130, 3, 40", "256, 32, 8"])
  func anyNumberOfThreadsGivesTheSameBytes(_ sizes: String) throws {
    let numbers = sizes.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tensorize --characters --plain --append-end samples/lines.txt |
          batch --language-model --batch-size \(numbers[1]) --window \(numbers[2]) > batches
        for threads in 1 2 3; do
          train --preset gru-lm --units \(numbers[0]) --seed 1 --threads $threads --quiet --model $threads \
            --eval batches --eval-batches 3 batches > /dev/null
          gru-sample --model $threads --threads $threads --seed 1 --length 50 > $threads.text
          gru-sample --model $threads --threads $threads --seed 1 --length 50 --weights half >> $threads.text
          perplexity --model $threads --threads $threads --plain samples/lines.txt > $threads.perplexity
        done
        cmp 1 2 && cmp 1 3 && cmp 1.text 2.text && cmp 1.text 3.text && cmp 1.perplexity 2.perplexity && echo same
        """)
    }
    #expect(result.output == "same\n" && result.errors.isEmpty, "\(result)")
  }

  /// Of a classifier, the rows of the table are shared among the threads; and a run that stops at a checkpoint, where some rows
  /// are behind, goes on to the same bytes.
  @Test(arguments: [33, 256]) func anyNumberOfThreadsGivesTheSameClassifier(_ units: Int) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tweet-tokenize samples/tweets.jsonl > tokens
        vocab-build tokens > vocab.json
        tensorize --vocab vocab.json tokens | batch --batch-size 32 --shuffle --seed 1 --repeat 2> /dev/null |
          head -n 90 > batches
        run() {
          train --layers 'Embedding(\(units)) Mean Dense(2) LogSoftmax' --vocab vocab.json --seed 1 --quiet "$@" batches \
            > /dev/null
        }
        for threads in 1 2 3; do run --threads $threads --model $threads; done
        run --model parts --steps 37 --checkpoint-every 37
        run --model parts --resume
        cmp 1 2 && cmp 1 3 && cmp 1 parts && echo same
        """)
    }
    #expect(result.output == "same\n" && result.errors.isEmpty, "\(result)")
  }
}
