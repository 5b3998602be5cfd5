import Foundation
import Testing

/// The README's commands run as they stand there: each `sh` block in turn in one folder, and where an `output` block
/// follows it must be what they print. `RECORD=1 bin/check --filter ReadmeTests` writes the `output` blocks anew.
@Suite struct ReadmeTests {
  static let file = Shell.repository.appendingPathComponent("README.md")

  @Test func everyCommandRunsAndPrintsWhatIsShown() throws {
    // Pieces of odd number are blocks: the language, a line's end, the text.
    var pieces = try String(contentsOf: Self.file, encoding: .utf8).components(separatedBy: "\n```")
    let blocks = pieces.indices.filter { !$0.isMultiple(of: 2) }
    func language(_ block: Int) -> Substring { pieces[block].prefix { $0 != "\n" } }
    #expect(blocks.count { language($0) == "sh" } >= 5 && blocks.count { language($0) == "output" } >= 5)

    try Shell.inFolder { shell in
      let files = FileManager.default
      func link(_ name: String, to target: URL) throws {
        try files.createSymbolicLink(at: shell.folder.appendingPathComponent(name), withDestinationURL: target)
      }
      try link("README.md", to: Self.file)
      // The programs in bin are those of this build.
      let bin = Shell.repository.appendingPathComponent("bin")
      try files.createDirectory(at: shell.folder.appendingPathComponent("bin"), withIntermediateDirectories: false)
      for name in try files.contentsOfDirectory(atPath: bin.path) {
        let program = Shell.programs.appendingPathComponent(name)
        try link(
          "bin/\(name)", to: files.isExecutableFile(atPath: program.path) ? program : bin.appendingPathComponent(name))
      }
      for block in blocks where language(block) == "sh" {
        let commands = pieces[block].dropFirst(2)
        let result = try shell.run("set -e -o pipefail\n\(commands)", shell: "/bin/bash")
        #expect(result.status == 0, "\(commands)\n\(result.errors)")
        guard block + 2 < pieces.count, language(block + 2) == "output" else { continue }
        let output = "output\n" + result.output.trimmingCharacters(in: .newlines)
        if ProcessInfo.processInfo.environment["RECORD"] != nil { pieces[block + 2] = output }
        #expect(pieces[block + 2] == output, "\(commands)")
      }
    }
    let text = pieces.joined(separator: "\n```")
    if text != (try String(contentsOf: Self.file, encoding: .utf8)) {
      try text.write(to: Self.file, atomically: true, encoding: .utf8)
    }
  }
}
