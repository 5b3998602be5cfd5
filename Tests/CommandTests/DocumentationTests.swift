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
            -Xcc -fmodule-map-file='\(Shell.programs.path)/CKernels.build/module.modulemap' \
            -I '\(sources.path)/COpenBLAS' -I '\(sources.path)/CJansson'
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

  /// Articles and comments link to what is there, and the documentation of all libraries can be made.
  @Test func theDocumentationHasNoLinksToWhatIsNotThere() throws {
    let document = Shell.repository.appendingPathComponent("bin/document").path
    let result = try Shell.inFolder { shell in
      let result = try shell.run("'\(document)' pages")
      for library in ["Batches", "Filters", "JSONLines", "Models", "Neural", "Random", "Text", "TrainingRuns"] {
        #expect(try shell.run("test -e pages/\(library)/index.html").status == 0, "no pages of \(library)")
      }
      return result
    }
    #expect(result.status == 0, "\(result.errors)")
  }

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
