import Testing

/// What a filter has made waits neither for more input nor for a full buffer.
@Suite struct IdleTests {
  /// Makes a vocabulary `v`, a classifier `m`, a language model `g`, and the function `one`, which says a line of input.
  static let start = """
    printf '{"tokens":["a","b"]}\\n' | vocab-build > v
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[4],"label":0}' | batch --batch-size 2 > b
    train --layers 'Embedding(9, 2) Mean Dense(2) LogSoftmax' --seed 1 --quiet --model m b > log
    printf '%s\\n' ab ba | tensorize --characters --plain | batch --language-model > l
    train --preset gru-lm-trax --units 2 --depth 1 --seed 1 --quiet --model g l > log
    one() { case $1 in tweet*) echo '{"text":"a"}' ;; tensorize) echo '{"tokens":["a"]}' ;; *) echo '{"ids":[3],"label":1}' ;; esac; }

    """

  private static let filters = [
    "tweet-tokenize --threads 1", "tweet-tokenize --threads 2", "tensorize --vocab v", "batch --batch-size 1",
    "predict --model m --threads 1", "predict --model m --threads 2", "perplexity --model g --per-record",
  ]

  /// Without --unbuffered a record once waited for 65,536 bytes of others. A hundred records in one write, of which one
  /// answer says that all were read, are a hundred answers when the filter is then told to stop, and a summary says so.
  @Test(arguments: filters) func outputWaitsForNoInput(_ filter: String) throws {
    let result = try Shell.inFolder {
      try $0.run(
        Self.start + """
          coproc F { exec \(filter) --summary sum 2> errors; }
          program=$F_PID
          exec 3>&"${F[1]}" 4<&"${F[0]}"
          for turn in 1 2 3; do
            one \(filter) >&3
            read -r -t 100 answer <&4 && echo "${answer:0:1}"
          done
          for i in {1..100}; do one \(filter); done > hundred
          dd if=hundred bs=4096 status=none >&3
          read -r -t 100 answer <&4 && kill -TERM $program && wc -l <&4
          wait $program; grep -oE '"(records|status)":[0-9]*' sum
          """, shell: "/bin/bash")
    }
    #expect(result.output == "{\n{\n{\n99\n\"records\":103\n\"status\":143\n", "\(result)")
  }

  /// A file in two names, of which the second is a pipe that nobody writes yet.
  @Test func outputWaitsForNoFileThatIsOpened() throws {
    let result = try Shell.inFolder {
      try $0.run(
        Self.start + """
          mkfifo pipe; one tweet > file
          coproc F { exec tweet-tokenize --threads 2 file pipe 2> errors; }
          read -r -t 100 answer <&"${F[0]}" && echo "$answer"
          one tweet > pipe; cat <&"${F[0]}"
          """, shell: "/bin/bash")
    }
    #expect(result.output == "{\"text\":\"a\",\"tokens\":[]}\n{\"text\":\"a\",\"tokens\":[]}\n", "\(result)")
  }
}
