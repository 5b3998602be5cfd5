import Foundation
import Testing

/// Training by processes of `mpirun`, with the `train` that `bin/check --mpi` builds.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["RIVULET_MPI_TRAIN"] != nil, "skipped: bin/check --mpi builds train for MPI"
  ),
  .serialized)
struct MPITests {
  /// Batches of each kind, and `ranks N ...`, which starts train with so many ranks.
  static let setUp = """
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_mpi_yield_when_idle=1
    ranks() { local n=$1; shift; exec mpirun --oversubscribe -n $n $RIVULET_MPI_TRAIN --seed 1 "$@"; }
    tweet-tokenize samples/tweets.jsonl > tokens
    vocab-build tokens > vocab.json
    (tensorize --vocab vocab.json tokens | batch --batch-size 16 --shuffle --seed 1 --repeat) 2> none | head -n 40 > classifier
    tensorize --characters --plain --append-end samples/lines.txt > lines.ids
    batch --language-model --batch-size 6 --window 12 --repeat lines.ids 2> none | head -n 40 > windows
    batch --language-model --batch-size 7 lines.ids > lines

    """

  @Test(arguments: [
    "classifier --layers 'Embedding(8) Mean Dropout(0.3) Dense(2) LogSoftmax' --vocab vocab.json --clip 0.5",
    "classifier --layers 'Embedding(8) Mean BatchNorm Dense(8) Relu Dense(2) LogSoftmax' --vocab vocab.json",
    "windows --preset gru-lm --units 24 --steps 40",
    "lines --layers 'ShiftRight Embedding(256, 12) LSTM(12) Dropout(0.1) Dense(256) LogSoftmax' --eval windows",
  ])
  func anyNumberOfRanksGivesTheSameBytes(_ run: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        Self.setUp + """
          for n in 1 2 4; do (ranks $n --lanes 4 --model $n --report-every 5 --checkpoint-every 2 \(run) > $n.reports) 2> $n.errors; done
          train --seed 1 --report-every 5 --lanes 4 --model alone \(run) > alone.reports 2> none
          for n in 2 4 alone; do cmp 1 $n; diff <(sed 's/,"seconds.*//' 1.reports) <(sed 's/,"seconds.*//' $n.reports); done
          for n in 2 4; do cmp 1.checkpoint-* $n.checkpoint-*; done
          (ranks 1 --lanes 1 --report-every 5 --model one \(run) > none 2> none)
          train --seed 1 --report-every 5 --model plain \(run) > none 2> none
          cmp one plain && ! cmp -s one 1 && grep -c 'is written$' 4.errors
          """, shell: "/bin/bash")
    }
    #expect(result.output == "1\n" && result.errors.isEmpty && result.status == 0, "\(result)")
  }

  /// What ends a run ends it on all ranks, and is said once; the run goes on with another number of ranks.
  @Test func aBadBatchIsSaidOnceAndLosesNothing() throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        Self.setUp + """
          run="--preset gru-lm --units 16 --steps 40 --lanes 4 --quiet"
          (ranks 1 --model whole $run windows > none)
          (sed '17s/^/x/' windows | ranks 4 --model parts --resume $run > none 2> errors); echo $?
          grep train: errors | sed 's/.*:17: .* is in //'
          (ranks 2 --model parts --resume $run < windows > none)
          cmp whole parts && ls parts*
          """, shell: "/bin/bash")
    }
    #expect(
      result.output == """
        1
        parts.checkpoint-16
        parts
        parts.checkpoint-16

        """ && result.errors.isEmpty, "\(result)")
  }

  @Test(arguments: ["none.jsonl", "lines.ids"]) func evaluationsThatCannotBeReadAreSaidOnce(_ file: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        Self.setUp + "(ranks 4 --lanes 4 --preset gru-lm --units 4 --steps 2 --model m --eval \(file) windows)",
        shell: "/bin/bash")
    }
    let said = result.errors.components(separatedBy: "\n").filter { $0.hasPrefix("train:") }
    #expect(result.status != 0 && said.count == 1 && said[0].hasPrefix("train: \(file):"), "\(result)")
  }

  /// One rank that is killed ends the run with its number; SIGUSR1, which mpirun hands on, ends it after a step.
  @Test(arguments: ["0", "1", "USR1"]) func aRunThatEndsEarlyGoesOn(_ killed: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        Self.setUp + """
          run="--preset gru-lm --units 16 --steps 40 --lanes 2 --report-every 1 --checkpoint-every 10"
          (ranks 1 --model whole $run --quiet windows > none)
          mkfifo feed reports
          (ranks 2 --model parts $run < feed > reports 2> errors) & process=$!
          exec 3> feed 4< reports
          head -n 23 windows >&3
          while read -r line <&4; do case $line in *'"step":23,'*) break;; esac; done
          if [ \(killed) = USR1 ]; then kill -USR1 $process; else
            for pid in $(< /proc/$process/task/$process/children); do
              tr '\\0' '\\n' < /proc/$pid/environ | grep -q '^OMPI_COMM_WORLD_RANK=\(killed)$' && kill -9 $pid
            done
          fi
          wait $process 2> none; echo $(($? > 0))
          exec 3>&- 4<&-
          grep -o 'rank \(killed) .* exited on signal 9' errors | sed 's/with.*exited/exited/'
          grep -o 'stopped after step 23' errors
          newest=$(ls parts.checkpoint-*); echo $newest
          (ranks 1 --model parts --resume $run --quiet windows > none)
          cmp whole parts && echo same
          """, shell: "/bin/bash")
    }
    let expected =
      killed == "USR1"
      ? "1\nstopped after step 23\nparts.checkpoint-23\nsame\n"
      : "1\nrank \(killed) exited on signal 9\nparts.checkpoint-20\nsame\n"
    #expect(result.output == expected && result.errors.isEmpty, "\(result)")
  }

  @Test(arguments: [
    ("2", "", "2 processes need --lanes 2"), ("3", "--lanes 4", "3 processes: their number must be a power of two"),
    ("4", "--lanes 2", "4 processes need --lanes 4"),
  ])
  func lanesMustFitTheProcesses(_ ranks: String, _ lanes: String, _ message: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run(
        Self.setUp + "(ranks \(ranks) \(lanes) --preset gru-lm --units 4 --steps 2 --model m windows); ls m*",
        shell: "/bin/bash")
    }
    #expect(result.status != 0 && result.errors.contains("train: \(message)"), "\(result)")
  }
}
