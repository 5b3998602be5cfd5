import Foundation
import Testing

/// README, CONTRIBUTING and the articles of the libraries: what they show runs, and what they name is there.
///
/// Each `sh` block of a page runs in turn in one folder, and where an `output` block follows it must be what they
/// print. `RECORD=1 bin/check --filter ReadmeTests` writes the `output` blocks anew. A `swift` block is code of some
/// test. A block `sh needs=a,b:c,$D` is skipped, which is said, where the program a, or the module c of Python for b, or
/// the variable D is not there.
@Suite struct ReadmeTests {
  /// A page, by its path in the repository.
  struct Page: CustomTestStringConvertible, Sendable {
    let path: String
    var testDescription: String { path }
    var file: URL { Shell.repository.appendingPathComponent(path) }
    var text: String { get throws { try String(contentsOf: file, encoding: .utf8) } }

    /// The text cut at the fences of its blocks: pieces of odd number are blocks, the language, a line's end and the
    /// text.
    var pieces: [String] { get throws { try text.components(separatedBy: "\n```") } }

    /// The numbers of the pieces that are blocks of a language.
    static func blocks(_ language: String, in pieces: [String]) -> [Int] {
      pieces.indices.filter { !$0.isMultiple(of: 2) && pieces[$0].prefix { $0 != "\n" && $0 != " " } == language }
    }

    func has(_ language: String) -> Bool { ((try? pieces).map { !Self.blocks(language, in: $0).isEmpty }) ?? false }
  }

  /// What a block needs that is not there; nil where all is.
  static func absence(for heading: Substring, _ shell: Shell) throws -> String? {
    guard let list = heading.split(separator: "needs=", maxSplits: 1).dropFirst().first else { return nil }
    return try list.split(separator: ",").map(String.init).first { need in
      let command =
        if need.hasPrefix("$") {
          "[ -n \"${\(need.dropFirst()):-}\" ]"
        } else if let colon = need.firstIndex(of: ":") {
          "\(need[..<colon]) -c 'import \(need[need.index(after: colon)...])'"
        } else {
          "command -v \(need)"
        }
      return try shell.run(command).status != 0
    }
  }

  /// The paths of all files of the repository, but for those in hidden folders.
  static let files: [String] = {
    let root = Shell.repository.resolvingSymlinksInPath().path
    let files = FileManager.default.enumerator(atPath: root)!
    var paths: [String] = []
    for case let path as String in files {
      if path.hasPrefix(".") && !path.hasPrefix(".github") { files.skipDescendants() } else { paths.append(path) }
    }
    return paths.sorted()
  }()

  static let pages = files.filter { $0.hasSuffix(".md") && !$0.contains("/Cases/") }.map { Page(path: $0) }

  @Test(arguments: pages.filter { $0.has("sh") })
  func everyCommandRunsAndPrintsWhatIsShown(_ page: Page) throws {
    var pieces = try page.pieces
    try Shell.inFolder { shell in
      let files = FileManager.default
      func link(_ name: String, to target: URL) throws {
        try files.createSymbolicLink(at: shell.folder.appendingPathComponent(name), withDestinationURL: target)
      }
      try link("README.md", to: Page(path: "README.md").file)
      // The programs in bin are those of this build.
      let bin = Shell.repository.appendingPathComponent("bin")
      try files.createDirectory(at: shell.folder.appendingPathComponent("bin"), withIntermediateDirectories: false)
      for name in try files.contentsOfDirectory(atPath: bin.path) {
        let program = Shell.programs.appendingPathComponent(name)
        try link(
          "bin/\(name)", to: files.isExecutableFile(atPath: program.path) ? program : bin.appendingPathComponent(name))
      }
      for block in Page.blocks("sh", in: pieces) {
        let heading = pieces[block].prefix { $0 != "\n" }
        if let need = try Self.absence(for: heading, shell) {
          print("skipped: \(page.path) has commands for \(need), which is not here")
          continue
        }
        let commands = pieces[block].dropFirst(heading.count + 1)
        let result = try shell.run("set -e -o pipefail\n\(commands)", shell: "/bin/bash")
        #expect(result.status == 0, "\(commands)\n\(result.errors)")
        let printed = result.output.trimmingCharacters(in: .newlines)
        guard block + 2 < pieces.count, Page.blocks("output", in: pieces).contains(block + 2) else {
          #expect(printed.isEmpty, "nothing shows what these print: \(commands)")
          continue
        }
        let output = "output\n" + printed
        if ProcessInfo.processInfo.environment["RECORD"] != nil { pieces[block + 2] = output }
        #expect(pieces[block + 2] == output, "\(commands)")
      }
    }
    let text = pieces.joined(separator: "\n```")
    if text != (try page.text) { try text.write(to: page.file, atomically: true, encoding: .utf8) }
  }

  @Test func theManualIsThere() {
    #expect(Self.pages.count { $0.has("sh") } >= 14)
    #expect(Self.pages.count { $0.has("swift") } >= 7)
  }

  /// The code of the tests, with the white space at the ends of its lines taken off.
  static let testCode = files.filter { $0.hasPrefix("Tests/") && $0.hasSuffix(".swift") }
    .map { bare((try? String(contentsOf: Shell.repository.appendingPathComponent($0), encoding: .utf8)) ?? "") }

  static func bare(_ code: String) -> String {
    code.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
  }

  @Test(arguments: pages.filter { $0.has("swift") })
  func everySwiftBlockIsCodeOfATest(_ page: Page) throws {
    let pieces = try page.pieces
    for block in Page.blocks("swift", in: pieces) {
      let code = Self.bare(String(pieces[block].dropFirst("swift\n".count)))
      #expect(Self.testCode.contains { $0.contains("\(code)\n") }, "no test has this code:\n\(code)")
    }
  }

  /// Where a file went elsewhere, the benchmarks that read it stopped.
  @Test func filesThatScriptsNameAreThere() throws {
    let named = /(?:Sources|Tests|samples)\/[A-Za-z0-9_\/.+-]+\.(?:swift|py|c|h|jsonl|json|tsv|sh)\b/
    let known = Set(Self.files)
    var count = 0
    for file in known where file.hasSuffix(".py") || ["bin/", "samples/"].contains(where: file.hasPrefix) {
      guard let text = try? String(contentsOf: Shell.repository.appendingPathComponent(file), encoding: .utf8),
        file.hasSuffix(".py") || text.hasPrefix("#!")
      else { continue }
      for name in text.matches(of: named).map({ String($0.output) }) {
        count += 1
        let isThere = known.contains(name)
        #expect(isThere, "\(file) names \(name), which is not there")
      }
    }
    #expect(count > 20)
  }

  /// Files that are named, as they are or by the end of their paths, are there, and so are targets of links, and the
  /// tests in the last column of tables "… | tests …": functions, or folders of cases.
  @Test(arguments: pages)
  func whatIsNamedIsThere(_ page: Page) throws {
    let text = try page.pieces.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(
      separator: "\n")
    let known = Set(Self.files)
    func isThere(_ path: String) -> Bool {
      let path = path.hasSuffix("/") ? String(path.dropLast()) : path
      return known.contains(path) || Self.files.contains { $0.hasSuffix("/\(path)") }
    }
    func code(_ text: String) -> [String] {
      text.components(separatedBy: "`").enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    }
    let endings = [".swift", ".c", ".h", ".md", ".py"]
    let folders = ["Sources/", "Tests/", "bin/", "samples/", ".github/"]
    for line in text.components(separatedBy: "\n") where !line.hasPrefix("    ") {
      for word in code(line).compactMap({ $0.components(separatedBy: " ").first }) {
        let isFile = endings.contains { word.hasSuffix($0) && word.count > $0.count }
        guard isFile || folders.contains(where: word.hasPrefix), !word.contains(where: "<…*=".contains) else {
          continue
        }
        #expect(isThere(word), "\(page.path) names \(word), which is not there")
      }
      for link in line.components(separatedBy: "](").dropFirst() {
        let target = String(link.prefix { $0 != ")" && $0 != "#" })
        if target.isEmpty || target.hasPrefix("http") { continue }
        let file = page.file.deletingLastPathComponent().appendingPathComponent(target)
        #expect(
          FileManager.default.fileExists(atPath: file.path), "\(page.path) links to \(target), which is not there")
      }
    }

    for table in text.components(separatedBy: "\n\n") {
      let rows = table.components(separatedBy: "\n").filter { $0.hasPrefix("|") }.map {
        $0.components(separatedBy: "|").dropFirst().dropLast()
      }
      guard rows.first?.last?.hasPrefix(" tests") ?? false else { continue }
      for name in rows.dropFirst(2).flatMap({ code($0.last ?? "") })
      where !name.contains(".") && !name.hasSuffix("(of:)") {
        let isThere =
          name.contains("/")
          ? known.contains("Tests/CommandTests/Cases/\(name)/command")
          : Self.testCode.contains { $0.contains("func \(name)(") }
        #expect(isThere, "\(page.path) names \(name), and there is no such test")
      }
    }
  }

  /// The table of targets in README has every library, with the targets that its files import.
  @Test func theArrowsAreTheImports() throws {
    let rows = try Page(path: "README.md").text.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
      .map { $0.components(separatedBy: "|") }
    let sources = Self.files.filter { $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") }
    let libraries = Set(sources.map { $0.components(separatedBy: "/")[1] }.filter { $0.first!.isUppercase })
    let targets = libraries.union(["ArgumentParser", "CJansson", "CKernels", "CMPI", "COpenBLAS"])
    for library in libraries {
      let imports = try sources.filter { $0.hasPrefix("Sources/\(library)/") }.flatMap {
        try Page(path: $0).text.components(separatedBy: "\n").compactMap { line in
          line.components(separatedBy: "import ").last.flatMap { line.hasSuffix("import \($0)") ? $0 : nil }
        }
      }
      let row = try #require(rows.first { $0[1] == " `\(library)` " && $0.count == 5 }, "README has no \(library)")
      let arrows = row[3].trimmingCharacters(in: .whitespaces)
      #expect(Set(arrows.isEmpty ? [] : arrows.components(separatedBy: ", ")) == Set(imports).intersection(targets))
    }
  }

  /// The table of golden files has every script.
  @Test func everyReferenceHasItsRow() throws {
    let text = try Page(path: "Tests/References/README.md").text
    let scripts = Self.files.filter { $0.hasPrefix("Tests/References/") && $0.hasSuffix(".py") }
    #expect(scripts.count > 10)
    for script in scripts {
      #expect(text.contains("\n| `\(script.dropFirst("Tests/References/".count))` |"), "no row for \(script)")
    }
  }
}
