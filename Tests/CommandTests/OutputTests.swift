import Testing

/// Outputs that are no regular files.
@Suite struct OutputTests {
  let start = """
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[5],"label":0}' > d
    batch --batch-size 2 --repeat d | head -n 20 > b
    run() { train --layers 'Embedding(7, 4) Mean Dense(2) LogSoftmax' --seed 1 --quiet "$@"; }
    run --model whole --log-file log --plot curve b > /dev/null

    """

  /// A device stays one: once `--model /dev/null` as root made a regular file of it.
  @Test func aDeviceIsWrittenThrough() throws {
    let result = try Shell.inFolder {
      try $0.run(
        start + """
          mknod null c 1 3 2> /dev/null && : > null || { echo skipped: no device can be made here; exit; }
          for options in '--model null' '--model m --log-file null --plot null'; do run $options b > /dev/null || echo $?; done
          predict --model m --report-file null d > /dev/null || echo $?
          ln -s null link; run --model link b > /dev/null || echo $?
          stat -c %F null link; ls | grep -c lock
          for options in '--checkpoint-every 2' '--resume' '--best loss --eval b'; do run --model null $options b; done
          """)
    }
    if result.output.hasPrefix("skipped") { return print(result.output) }
    #expect(result.output == "character special file\nsymbolic link\n0\n", "\(result)")
    let refused = ["--checkpoint-every", "--resume", "--best"].map {
      "train: \($0) needs a --model that is a regular file, which null is not\n"
    }
    #expect(result.errors == refused.joined())
  }

  /// Named pipes, and bash's `>(…)`.
  @Test func pipesAreWrittenThrough() throws {
    let result = try Shell.inFolder {
      try $0.run(
        start + """
          untimed() { sed 's/,"seconds.*//' $1; }
          mkfifo one two three
          cat one > model & cat two > reports & cat three > picture &
          run --model one --log-file two --plot three b > /dev/null || echo $?
          wait; cmp model whole; cmp picture curve; cmp <(untimed reports) <(untimed log); stat -c %F one two three
          mkfifo done; run --model >(cat > got; echo > done) b > /dev/null || echo $?
          read < done; cmp got whole
          """, shell: "/bin/bash")
    }
    #expect(result.output == "fifo\nfifo\nfifo\n" && result.errors.isEmpty, "\(result)")
  }
}
