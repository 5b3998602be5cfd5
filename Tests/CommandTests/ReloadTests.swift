import Foundation
import Testing

/// SIGHUP makes `predict` read its model again, without losing a record.
@Suite struct ReloadTests {
  /// Two models that differ, `a` and `b`; records; and what each model makes of them.
  private static let models = """
    set -eu
    head -n 200 samples/tweets.jsonl | tweet-tokenize > all.tokens
    vocab-build all.tokens > vocab.json
    for seed in 1 2; do
      tensorize --vocab vocab.json all.tokens | batch --batch-size 16 |
        train --quiet --preset classifier --seed $seed --vocab vocab.json --labels negative,positive --model $seed > log
    done
    mv 1 a; mv 2 b
    predict --quiet --model a all.tokens > of.a
    predict --quiet --model b all.tokens > of.b
    cp a m
    put() { cp "$1" new; mv new m; kill -HUP $program; }
    """

  @Test(arguments: [1, 2]) func theNextRecordIsTheNewModels(_ threads: Int) throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        \(Self.models)
        mkfifo in
        predict --threads \(threads) --model m < in > out 2> said & program=$!
        exec 9> in
        ask() { sed -n "$1p" all.tokens >&9; until [ "$(wc -l < out)" -ge "$1" ]; do kill -0 $program; done; }
        ask 1; ask 2
        put b; ask 3; ask 4
        echo broken > new; mv new m; kill -HUP $program; ask 5
        put a; ask 6
        exec 9>&-
        wait $program
        for i in 1 2 3 4 5 6; do
          for model in a b; do if [ "$(sed -n ${i}p out)" = "$(sed -n ${i}p of.$model)" ]; then printf '%s' $model; fi; done
        done
        echo; grep -v records said
        """, shell: "/bin/bash")
    }
    #expect(
      result.output == """
        aabbba
        predict: m was read again
        predict: m: not a model file: it has 7 bytes and no header: going on with the model that was there before
        predict: m was read again

        """, "\(result)")
  }

  /// Records keep coming while the model is replaced ten times.
  @Test(arguments: [1, 2]) func noRecordIsLostUnderLoad(_ threads: Int) throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        \(Self.models)
        repeat() { for _ in $(seq 500); do cat "$1"; done; }
        for model in a b; do repeat of.$model > all.$model; done
        mkfifo in
        predict --quiet --threads \(threads) --model m < in > out & program=$!
        exec 9> in
        repeat all.tokens >&9 & feeder=$!
        until [ -s out ]; do kill -0 $program; done
        for round in 1 2 3 4 5; do
          for model in b a; do
            put $model
            # until a few thousand more are done, or all
            goal=$(($(wc -l < out) + 5000))
            until [ "$(wc -l < out)" -ge $goal ] || ! kill -0 $feeder 2> none; do kill -0 $program; done
          done
        done
        wait $feeder
        exec 9>&-
        wait $program
        paste -d '\\n' out all.a all.b | awk 'NR % 3 == 1 { line = $0 } NR % 3 == 2 { is_a = line == $0 }
          NR % 3 == 0 { records++; if (!is_a && line != $0) other++ } END { print records, other + 0 }'
        """, shell: "/bin/bash")
    }
    #expect(result.output == "100000 0\n", "\(result)")
  }

  /// What does other work is not taken for the model: the program goes on, and says so.
  @Test func aModelOfAnotherKindIsRefused() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        \(Self.models)
        printf '%s\\n' '{"a":[3],"b":[4],"label":1}' '{"a":[5],"b":[3],"label":0}' | batch --pair a,b > pairs
        train --quiet --layers 'Siamese[Embedding(9, 4) Mean Normalize] DotProduct Logistic' --seed 1 --pair a,b --model c pairs > log
        mkfifo in
        predict --quiet --model m --report < in > out 2> said & program=$!
        exec 9> in
        ask() { sed -n "$1p" all.tokens >&9; until [ "$(wc -l < out)" -ge "$1" ]; do kill -0 $program; done; }
        ask 1; put c; ask 2
        exec 9>&-
        wait $program
        head -n 2 of.a | cmp - out && head -n 2 said
        """, shell: "/bin/bash")
    }
    #expect(
      result.output == """
        predict: m: the model takes pairs of texts: going on with the model that was there before
        accuracy 1.0000 (2 of 2)

        """, "\(result)")
  }
}
