import Foundation
import Testing

/// Every public declaration of the libraries has a doc comment, unless it implements a requirement of a protocol, whose
/// comment then says what it is. The compiler's symbol graphs of the modules of this build say which ones have none.
@Suite struct DocumentationTests {
  @Test func everyPublicDeclarationHasADocComment() throws {
    let sources = Shell.repository.appendingPathComponent("Sources")
    let modules = Shell.programs.appendingPathComponent("Modules")
    let libraries = try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted().filter {
      // The programs are lowercase, the C modules have no module file of Swift's.
      $0.first!.isUppercase
        && FileManager.default.fileExists(atPath: modules.appendingPathComponent("\($0).swiftmodule").path)
    }
    #expect(libraries.count >= 8)
    let missing = try Shell.inFolder { shell in
      try libraries.flatMap {
        try Self.undocumented(
          in: $0, modules: modules.path, shell,
          options: """
            -Xcc -fmodule-map-file='\(Shell.programs.path)/CBuild.build/module.modulemap' \
            -Xcc -fmodule-map-file='\(Shell.programs.path)/CKernels.build/module.modulemap' \
            -Xcc -fmodule-map-file='\(Shell.programs.path)/COpenBLAS.build/module.modulemap' \
            -I '\(sources.path)/CJansson'
            """)
      }
    }
    #expect(missing.isEmpty, "\(missing.count) without a doc comment:\n\(missing.joined(separator: "\n"))")
  }

  @Test func theCheckFindsWhatIsMissingAndNothingElse() throws {
    let found = try Shell.inFolder { shell in
      let source = """
        /// A protocol.
        public protocol Sized {
          /// A number.
          var size: Int { get }
          var volume: Int { get }
        }
        extension Sized { public var volume: Int { 1 } }
        public struct Box: Sized, Equatable {
          public let size: Int
          /// Is documented.
          public let height = 1
          public var width: Int { 2 }
          let depth = 3
          public static func == (a: Box, b: Box) -> Bool { true }
        }
        extension Int { public var half: Int { self / 2 } }
        """
      try source.write(to: shell.folder.appendingPathComponent("Boxes.swift"), atomically: true, encoding: .utf8)
      let built = try shell.run("swiftc -emit-module -parse-as-library -module-name Boxes Boxes.swift")
      #expect(built.status == 0, "\(built.errors)")
      return try Self.undocumented(in: "Boxes", modules: shell.folder.path, shell, options: "")
    }
    #expect(found.map { $0.components(separatedBy: " ")[1] } == ["Sized.volume", "Box", "Box.width", "Int.half"])
  }

  /// The documentation of all libraries can be made as one site. Articles and comments link to what is there, and links
  /// lead from the first page to all others: `bin/document` looks at them.
  @Test func theDocumentationHasNoLinksToWhatIsNotThere() throws {
    let result = try Shell.inFolder { shell in
      let result = try shell.run("'\(Self.document)' --base here pages")
      for page in ["filters/recipes", "rivulet", "rivulet/contributing", "neural/adam"] {
        let text = try shell.run("cat pages/documentation/\(page)/index.html").output
        #expect(text.contains(#"baseUrl = "/here/""#), "no page \(page) for /here")
      }
      let first = try shell.run("cat pages/index.html").output
      let guides = Shell.repository.appendingPathComponent("Sources/Filters/Filters.docc")
      for file in try FileManager.default.contentsOfDirectory(atPath: guides.path) where file != "Filters.md" {
        let link = "href=\"documentation/filters/\(file.dropLast(3).lowercased())/\""
        #expect(first.contains(link), "the first page does not lead to \(file)")
      }
      for library in [
        "Batches", "Files", "Filters", "JSONLines", "ModelFilters", "Models", "Neural", "Random", "Reports", "Text",
        "Threads", "TrainingRuns",
      ] {
        let link = "href=\"documentation/\(library.lowercased())/\""
        #expect(first.contains(link), "the first page does not lead to \(library)")
      }
      return result
    }
    #expect(result.status == 0, "\(result.errors)")
  }

  /// A site as `bin/document` makes them, with a page whose data have a link to each of `links`, and what
  /// `bin/document --check` says of it.
  static func check(first: String, links: [String: [String]]) throws -> Shell.Result {
    try Shell.inFolder { shell in
      func write(_ text: String, to path: String) throws {
        let file = shell.folder.appendingPathComponent("site/\(path)")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      try write(first, to: "index.html")
      for (page, links) in links {
        try write("", to: "documentation/\(page)/index.html")
        // DocC's data have no spaces, and slashes with a backslash.
        let references = links.map { #"{"url":"\#($0.replacingOccurrences(of: "/", with: #"\/"#))"}"# }
        try write("{\(references.joined(separator: ","))}", to: "data/documentation/\(page).json")
      }
      return try shell.run("'\(document)' --check site")
    }
  }

  @Test func aSiteWithAllLinksIsGood() throws {
    let links = [
      "a": ["/documentation/a", "/documentation/a/f(_:)", "https://elsewhere", "doc://a/documentation/A"],
      "a/f(_:)": ["/documentation/b/#Part"], "b": ["/documentation/a"],
    ]
    let result = try Self.check(first: #"<a href="documentation/a/">A</a> <a href="index.html">1</a>"#, links: links)
    #expect(result.status == 0 && result.errors == "4 pages, 8 links\n", "\(result.errors)")
  }

  @Test(arguments: [
    (#"<a href="documentation/c/">C</a>"#, [], "index.html links to documentation/c/, which is not there"),
    ("", ["/documentation/a/c"], "documentation/a/index.html links to /documentation/a/c, which is not there"),
    ("", ["/images/a.svg"], "documentation/a/index.html links to /images/a.svg, which is not there"),
    ("", ["Other.md"], "documentation/a/index.html links to Other.md, which is not there"),
  ])
  func theCheckFindsADeadLink(first: String, links: [String], message: String) throws {
    let result = try Self.check(first: #"<a href="documentation/a/">A</a>"# + first, links: ["a": links])
    #expect(result.status == 1 && result.errors.contains("\(message)\n"), "\(result.errors)")
  }

  /// Two pages that lead to each other, and none of the others to one of them.
  @Test func theCheckFindsPagesWithoutAWayToThem() throws {
    let links = ["a": [], "b": ["/documentation/c", "/documentation/a"], "c": ["/documentation/b"]]
    let result = try Self.check(first: #"<a href="documentation/a/">A</a>"#, links: links)
    #expect(result.status == 1)
    for page in ["b", "c"] {
      let message = "no links lead from the first page to documentation/\(page)/index.html\n"
      #expect(result.errors.contains(message), "\(result.errors)")
    }
    #expect(!result.errors.contains("to documentation/a/"))
  }

  static let document = Shell.repository.appendingPathComponent("bin/document").path

  /// The public declarations of a module that have no doc comment, in the order of their files and lines:
  /// `Sources/…/File.swift:12 Type.member`.
  static func undocumented(in module: String, modules: String, _ shell: Shell, options: String) throws -> [String] {
    let triple = Shell.programs.resolvingSymlinksInPath().deletingLastPathComponent().lastPathComponent
    let result = try shell.run(
      """
      mkdir -p '\(module)' && swift symbolgraph-extract -module-name '\(module)' -I '\(modules)' \(options) \
        -target '\(triple)' -minimum-access-level public -skip-synthesized-members -skip-inherited-docs \
        -skip-protocol-implementations -output-dir '\(module)'
      """)
    #expect(result.status == 0, "\(result.errors)")
    let folder = shell.folder.appendingPathComponent(module)
    // What it adds to types of other modules is in files of their own.
    let graphs = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: folder.appendingPathComponent($0)))
    }
    #expect(graphs.contains { !$0.symbols.isEmpty })
    return graphs.flatMap(\.undocumented).sorted { ($0.file, $0.line) < ($1.file, $1.line) }
      .map { "\($0.file):\($0.line) \($0.name)" }
  }
}

/// What the check needs of a symbol graph (https://github.com/swiftlang/swift-docc-symbolkit, `openapi.yaml`).
private struct SymbolGraph: Decodable {
  struct Symbol: Decodable {
    struct Identifier: Decodable { let precise: String }
    struct Location: Decodable {
      struct Position: Decodable { let line: Int }
      let uri: String
      let position: Position
    }
    struct Comment: Decodable {}
    let identifier: Identifier
    let pathComponents: [String]
    let docComment: Comment?
    let location: Location?
  }
  struct Relationship: Decodable {
    let kind: String
    let source: String
  }

  let symbols: [Symbol]
  let relationships: [Relationship]

  /// The symbols without a comment. Implementations of requirements are not in the graph, but for default ones.
  var undocumented: [(file: String, line: Int, name: String)] {
    let defaults = Set(relationships.filter { $0.kind == "defaultImplementationOf" }.map(\.source))
    return symbols.filter { $0.docComment == nil && !defaults.contains($0.identifier.precise) }.map { symbol in
      let path = symbol.location?.uri.components(separatedBy: "/Sources/")
      return (
        path.map { $0.count > 1 ? "Sources/\($0[1])" : $0[0] } ?? "?",
        (symbol.location?.position.line ?? -1) + 1, symbol.pathComponents.joined(separator: ".")
      )
    }
  }
}
