import Foundation
import Testing

/// `bin/install` and `bin/package`, with the programs of this build.
@Suite struct InstallationTests {
  private static let programs = [
    "batch", "gru-sample", "perplexity", "predict", "tensorize", "train", "tweet-tokenize", "vocab-build",
  ]

  /// Whether a command succeeds here, and the programs are built as they are installed.
  private static func can(_ command: String) -> Bool {
    !Shell.isSanitized && (try? Shell.inFolder { try $0.run(command).status }) == 0
  }

  /// Programs, pages of the manual that mandoc has nothing against, completions; and nothing is left of it.
  @Test(.enabled(if: can("command -v lowdown"), "skipped: no lowdown, or a sanitizer"))
  func whatIsInstalledIsThereAndGoesAgain() throws {
    let install = Shell.repository.appendingPathComponent("bin/install").path
    try Shell.inFolder { shell in
      let installed = try shell.run("mkdir -p there/bin && touch there/bin/mine && '\(install)' --prefix there")
      #expect(installed.status == 0, "\(installed.errors)")
      #expect(
        try shell.run("ls there/bin").output == (Self.programs + ["mine"]).sorted().joined(separator: "\n") + "\n")
      for program in Self.programs {
        let version = try shell.run("there/bin/\(program) --version")
        #expect(version.status == 0 && version.output.hasPrefix("0."), "\(version)")
        #expect(try shell.run("test -s there/share/man/man1/\(program).1.gz").status == 0)
        #expect(try shell.run("bash -n there/share/bash-completion/completions/\(program)").status == 0)
      }
      let text = try shell.run("echo '{\"text\":\"So happy :)\"}' | there/bin/tweet-tokenize --only tokens")
      #expect(text.output == "{\"tokens\":[\"happi\",\":)\"]}\n")
      #expect(try shell.run("cp there/bin/../lib/rivulet/rivulet-text other; ./other").status == 2)
      #expect(
        try shell.run("cd there/lib/rivulet && grep -l libopenblas.so.0 *").output == "rivulet-neural\n",
        "text programs load OpenBLAS")

      // Once more, over itself, in a folder of a mode of its own.
      #expect(try shell.run("chmod 2700 there/share && umask 077 && '\(install)' --prefix there").status == 0)
      #expect(try shell.run("stat -c %a there/bin there/share there/share/man").output == "755\n2700\n755\n")

      let removed = try shell.run("'\(install)' --prefix there --uninstall && find there -mindepth 1 | sort")
      #expect(removed.status == 0 && removed.output == "there/bin\nthere/bin/mine\n", "\(removed)")
      #expect(try shell.run("'\(install)' --prefix there --uninstall").status == 1)

      let taken = try shell.run(
        "echo mine > there/bin/train && '\(install)' --prefix there; cat there/bin/train; ls there")
      #expect(taken.output == "mine\nbin\n" && taken.errors.contains("bin/train is there already"), "\(taken)")
    }
  }

  /// With `bin` on the PATH, `install -m 600 a b` is the system's program.
  @Test func installDoesNotHideTheSystemsProgram() throws {
    let bin = Shell.repository.appendingPathComponent("bin").path
    let result = try Shell.inFolder {
      try $0.run(
        "export PATH='\(bin)':$PATH; echo text > a; install -m 600 a b; cat b; stat -c %a b; echo more | install /dev/stdin c; cat c; install --mode"
      )
    }
    #expect(result.output == "text\n600\nmore\n" && result.status == 1 && result.errors.contains("--mode"), "\(result)")
  }

  /// Of two checkouts on the PATH each called the other's, for ever.
  @Test func twoCheckoutsOnThePathDoNotCallEachOther() throws {
    let bin = Shell.repository.appendingPathComponent("bin").path
    let result = try Shell.inFolder {
      try $0.run(
        "mkdir other && cp '\(bin)/install' other && export PATH='\(bin)':$PWD/other:$PATH; echo text > a; install -m 600 a b; cat b"
      )
    }
    #expect(result.output == "text\n" && result.status == 0, "\(result)")
  }

  /// mandoc finds no error, and but for links to pages that are not installed here nothing to warn of.
  @Test(.enabled(if: can("command -v lowdown && command -v mandoc"), "skipped: no lowdown or mandoc, or a sanitizer"))
  func manualPagesAreWellFormed() throws {
    let install = Shell.repository.appendingPathComponent("bin/install").path
    let result = try Shell.inFolder {
      try $0.run(
        """
        '\(install)' --prefix there
        for page in there/share/man/man*/*.gz; do
          gzip -dc "$page" | mandoc -T lint -W warning | sed "s:^:$page :"
        done
        gzip -dc there/share/man/man*/*.gz | grep doc:
        ls there/share/man/man*/*.gz | wc -l
        """)
    }
    #expect(Int(result.output.split(separator: "\n").last ?? "") ?? 0 >= 20, "\(result)")
    #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
  }

  /// What a page says can be done with what is installed: its samples are there and run with the programs beside them,
  /// code has all of its letters, and the pages that it names are there.
  @Test(.enabled(if: can("command -v lowdown"), "skipped: no lowdown, or a sanitizer"))
  func pagesFitTheInstallation() throws {
    let install = Shell.repository.appendingPathComponent("bin/install").path
    let result = try Shell.inFolder {
      try $0.run(
        #"""
        '\#(install)' --prefix there 2> messages || cat messages
        for page in there/share/man/man*/*.gz; do gzip -dc "$page" > "$(basename "$page" .gz)"; done
        grep -c 'fBB-person' rivulet.7; grep -c 'fBBidirectional\[' rivulet-tagging.7
        grep -l 'PWD/bin' *.[157]; grep -n '(^|[^/a-z.])samples/' -E *.[157]
        cat *.[157] | grep -oE "$PWD/there/share/doc/[a-z_/.-]*[a-z]" | sort -u | xargs ls -d > named
        sed -n 's/^[.]Xr \(.*\) \([57]\).*/\1.\2/p' *.1 | sed 's/\\-/-/g' | sort -u | xargs ls > pages
        grep -c . named; grep -c . pages
        grep -h -A 1 '^.SH NAME' *.[57] | awk 'length > 100'
        cd there/share/doc/rivulet/samples
        env -i PATH=/usr/bin:/bin ./cross-validate tweets.jsonl 2>&1 | grep -c '^accuracy'
        """#)
    }
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[0] == "1" && lines[1] == "1" && lines[4] == "1", "\(result)")
    #expect(result.errors.isEmpty && (Int(lines[2]) ?? 0) > 5 && (Int(lines[3]) ?? 0) > 10, "\(result)")
  }

  /// The options and arguments of a program, as ArgumentParser tells of them.
  private static func arguments(of program: String) throws -> [[String: Any]] {
    let dump = try Shell.inFolder { try $0.run("\(program) --experimental-dump-help").output }
    let root = try #require(try JSONSerialization.jsonObject(with: Data(dump.utf8)) as? [String: Any])
    return try #require((root["command"] as? [String: Any])?["arguments"] as? [[String: Any]])
  }

  @Test(arguments: programs) func everyOptionIsInTheManual(_ program: String) throws {
    let page = try Shell.inFolder { try $0.run("\(program) --manual-page 'January 1, 2026'").output }
    let names = try Self.arguments(of: program).flatMap { $0["names"] as? [[String: Any]] ?? [] }
      .filter { $0["kind"] as? String == "long" }.compactMap { $0["name"] as? String }
    #expect(names.count > 8)
    for name in names {
      #expect(page.contains("Fl \\-" + name.replacing("-", with: "\\-")), "no --\(name)")
    }
  }

  /// Options that name files are completed with names of files, in every shell.
  @Test(arguments: programs) func optionsThatNameFilesAreCompletedWithFiles(_ program: String) throws {
    let ofFiles = try Self.arguments(of: program).filter { ($0["valueName"] as? String)?.contains("file") ?? false }
    #expect(!ofFiles.isEmpty)
    for argument in ofFiles {
      #expect((argument["completionKind"] as? [String: Any])?["file"] != nil, "\(argument["names"] ?? "its files")")
    }
  }

  /// The package in a new Debian system: its programs, manual, completion and README's pipeline; removed without a trace.
  @Test(
    .enabled(
      if: can("test $(id -u) = 0 && command -v debootstrap && command -v dpkg-shlibdeps && command -v lowdown"),
      "skipped: no debootstrap, dpkg-dev or lowdown, not root, or a sanitizer"))
  func thePackageWorksInANewSystem() throws {
    let root = Shell.repository.path
    let result = try Shell.inFolder {
      try $0.run("'\(root)/bin/package' . && '\(root)/Tests/Package/clean_root' rivulet_*.deb; echo status $?")
    }
    if result.output.hasSuffix("status 77\n") {
      print("skipped: no new system can be made here")
      return
    }
    #expect(
      result.output == """
        NAME
         tweet-tokenize — add the tokens of a tweet to its record
        rivulet.7.gz
        rivulet-formats.5.gz
        rivulet-records.5.gz
        completed: mood.safetensors
        {"id":5,"prediction":1,"label_name":"positive"}
        {"id":10,"prediction":0,"label_name":"negative"}
        {"id":15,"prediction":1,"label_name":"positive"}
        nothing is left
        status 0

        """, "\(result)")
  }

  /// lintian finds no error in the package.
  @Test(
    .enabled(
      if: can("command -v lintian && command -v dpkg-shlibdeps && command -v lowdown"),
      "skipped: no lintian, dpkg-dev or lowdown, or a sanitizer"))
  func lintianFindsNoErrorInThePackage() throws {
    let package = Shell.repository.appendingPathComponent("bin/package").path
    let result = try Shell.inFolder {
      try $0.run("'\(package)' . && lintian --allow-root --fail-on error rivulet_*.deb")
    }
    #expect(result.status == 0, "\(result)")
  }
}
