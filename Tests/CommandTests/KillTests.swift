import Foundation
import Testing

/// Training that is killed, and any number of threads.
@Suite struct KillTests {
  /// Killed at three moments and resumed each time, a run ends with the bytes, and with the files beside it, of one
  /// that was left alone; the newest checkpoint can be read at all times. With one thread and with two.
  ///
  /// The run gets its batches from a pipe, and what it does tells when to kill it: `report` is as soon as the report of
  /// a step comes, where a checkpoint is next if the step is a multiple of 7; `idle` when it has had that step's batch
  /// and waits for another; `writing` as soon as a temporary file or the checkpoint is seen; `written` when the
  /// checkpoint is there.
  @Test(arguments: [
    "report 1, idle 6, report 7", "report 14, writing 21, report 50", "writing 7, writing 42, writing 119",
    "written 7, written 14, idle 15", "idle 20, written 21, report 120", "report 40, idle 41, written 84",
  ])
  func aRunThatIsKilledEndsAsIfItHadNotBeen(_ moments: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tensorize --characters --plain --append-end samples/lines.txt > lines.ids
        batch --language-model --batch-size 8 lines.ids > eval
        batch --language-model --batch-size 4 --shuffle --seed 3 --repeat lines.ids | head -n 120 > batches
        mkfifo feed reports
        run() {
          exec train --layers 'ShiftRight Embedding(256, 40) GRU(40) Dropout(0.1) Dense(256) LogSoftmax' --steps 120 \
            --seed 1 --checkpoint-every 7 --keep 2 --report-every 1 --quiet --eval eval --eval-every 40 --best loss "$@"
        }
        has() { compgen -G "$1" > none; }
        ended() { ! [ -e /proc/$process/exe ]; }
        waits() { [[ $(< /proc/$process/stat) == *') S '* ]] && ! has 'parts*.tmp'; }
        kill_at() {
          (run --model parts --resume --threads $threads < feed > reports) & process=$!
          exec 3> feed 4< reports
          head -n $2 batches >&3
          while read -r line <&4; do case $line in *'"step":'$2,*) break;; esac; done
          case $1 in
            idle) until waits || ended; do :; done;;
            writing) until has 'parts*.tmp' || has parts.checkpoint-$2 || ended; do :; done;;
            written) until has parts.checkpoint-$2 || ended; do :; done;;
          esac
          kill -9 $process
          wait $process 2> none
          exec 3>&- 4<&-
        }
        (run --model whole batches > none)
        for threads in 1 2; do
          rm -f parts*
          for moment in \(moments.replacingOccurrences(of: " ", with: ":").replacingOccurrences(of: ",:", with: " ")); do
            kill_at ${moment%:*} ${moment#*:} 2> none
            newest=$(ls parts.checkpoint-* 2> none | grep -v tmp | sort -t - -k 2 -n | tail -n 1)
            [ -z "$newest" ] || train --describe --model $newest > none || echo "$newest can't be read"
          done
          (run --model parts --resume batches > none)
          cmp whole parts && echo same
          diff <(ls whole* | sed s/whole/parts/) <(ls parts*) && ls parts*-* | wc -l
        done
        """, shell: "/bin/bash")
    }
    #expect(result.output == "same\n2\nsame\n2\n" && result.errors.isEmpty, "\(result)")
  }

  /// Killed between the renaming of a new checkpoint and the removal of an old one, a run leaves one too many and
  /// perhaps half a file; the next one ends with what is right all the same, even if there is nothing more to do.
  @Test(arguments: [("14", 40), ("21", 40), ("42", 42)])
  func whatAKillLeavesIsPutInOrder(_ stop: String, _ steps: Int) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tensorize --characters --plain samples/lines.txt | batch --language-model --batch-size 4 --repeat 2> none |
          head -n 50 > batches
        run() {
          train --layers 'ShiftRight Embedding(256, 8) GRU(8) Dense(256) LogSoftmax' --seed 1 --checkpoint-every 7 --keep 2 \
            --quiet "$@" batches > none
        }
        run --model whole --steps \(steps)
        run --model parts --steps 7 && cp parts.checkpoint-7 old
        run --model parts --steps \(stop) --resume
        cp old parts.checkpoint-7
        head -c 1000 old > parts.checkpoint-\(stop).0123456789abcdef.tmp
        run --model parts --steps \(steps) --resume
        cmp whole parts && echo same
        diff <(ls whole* | sed s/whole/parts/) <(ls parts*) && ls parts*-* | wc -l
        """, shell: "/bin/bash")
    }
    #expect(result.output == "same\n2\n" && result.errors.isEmpty, "\(result)")
  }

  /// The numbers do not depend on the number of threads, for sizes of all kinds.
  @Test(
    arguments: ["7, 1, 3", "48, 4, 5", "33, 9, 17", "130, 3, 40", "256, 32, 8", "512, 32, 4"],
    ["gru-lm-trax", "gru-lm --schedule 'constant(0.003)'"])
  func anyNumberOfThreadsGivesTheSameBytes(_ sizes: String, _ preset: String) throws {
    let numbers = sizes.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
    let result = try Shell.inFolder { shell in
      try shell.run(
        """
        tensorize --characters --plain --append-end samples/lines.txt |
          batch --language-model --batch-size \(numbers[1]) --window \(numbers[2]) > batches
        for threads in 1 2 3; do
          train --preset \(preset) --units \(numbers[0]) --seed 1 --threads $threads --quiet --model $threads \
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

  /// Of a classifier, the rows of the table are shared among the threads; and a run that stops at a checkpoint, where
  /// some rows are behind, goes on to the same bytes.
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

  /// A parent that starts programs from a thread which blocks signals leaves them blocked, and bash hands that on: the
  /// program then never saw a request to stop.
  @Test func aProgramThatIsStartedWithSignalsBlockedStops() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        mkfifo in out; exec 3<>in
        tweet-tokenize --plain --unbuffered --quiet < in > out & program=$!
        exec 4< out; echo word >&3; read -r line <&4
        kill -TERM $program; status=0; wait $program || status=$?; echo "$line" $status
        """, shell: "/bin/bash", blocksSignals: true)
    }
    #expect(result.output == "{\"text\":\"word\",\"tokens\":[\"word\"]} 143\n", "\(result.errors)")
  }
}
