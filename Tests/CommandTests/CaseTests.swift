import Foundation
import Testing

/// A folder of `Cases/<program>/<case>`: `command` (a line for the shell), and where they are not empty `input`,
/// `output`, `errors`, and `status` where it is not 0. `RECORD=1 bin/check --filter CaseTests` writes the last three
/// anew.
struct Case: CustomTestStringConvertible, Sendable {
  let folder: URL
  var testDescription: String { "\(folder.deletingLastPathComponent().lastPathComponent)/\(folder.lastPathComponent)" }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")

  static let all: [Case] = {
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)!
    return files.compactMap { $0 as? URL }.filter { $0.lastPathComponent == "command" }
      .map { Case(folder: $0.deletingLastPathComponent()) }
      .sorted { $0.folder.path < $1.folder.path }
  }()

  func read(_ name: String) -> Data { (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data() }
  func text(_ name: String) -> String { String(decoding: read(name), as: UTF8.self) }

  func write(_ name: String, _ text: String, unless empty: String) throws {
    let file = folder.appendingPathComponent(name)
    try? FileManager.default.removeItem(at: file)
    if text != empty { try text.write(to: file, atomically: true, encoding: .utf8) }
  }
}

@Suite struct CaseTests {
  /// A sanitizer has memory and files of its own, which limits would hit; such cases are for the usual build.
  static let cases = Case.all.filter { !Shell.isSanitized || !$0.text("command").contains("ulimit") }

  @Test(arguments: cases)
  func printsWhatIsRecorded(_ test: Case) throws {
    let result = try Shell.inFolder { try $0.run(test.text("command"), input: test.read("input")) }
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try test.write("output", result.output, unless: "")
      try test.write("errors", result.errors, unless: "")
      try test.write("status", "\(result.status)\n", unless: "0\n")
      return
    }
    #expect(result.output == test.text("output"))
    #expect(result.errors == test.text("errors"))
    let status = test.text("status").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(result.status == Int32(status.isEmpty ? "0" : status))
  }

  /// Every program has a recorded help page, whose example runs.
  @Test(arguments: [
    "tweet-tokenize", "vocab-build", "tensorize", "batch", "train", "predict", "perplexity", "gru-sample",
  ])
  func helpEndsWithAnExampleThatRuns(_ program: String) throws {
    #expect(Case.all.contains { $0.testDescription == "\(program)/help" })
    try Shell.inFolder { shell in
      let help = try shell.run("\(program) --help")
      #expect(help.status == 0 && help.errors.isEmpty)
      let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 51 && lines.prefix { !$0.hasPrefix("EXAMPLE") }.allSatisfy { $0.count <= 80 })
      let example = try #require(help.output.components(separatedBy: "\nEXAMPLE:\n").dropFirst().first)
      let result = try shell.run("set -e\n\(example)")
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.output.isEmpty)
    }
  }
}
