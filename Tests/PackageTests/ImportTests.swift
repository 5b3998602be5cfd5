import Foundation
import Testing

/// Package.swift says of every target what it imports, and no more. The build does not see what is missing where
/// another target brings it along.
@Suite struct ImportTests {
  /// Modules of the toolchain and the system.
  static let system: Set<String> = [
    "Foundation", "Glibc", "PackageDescription", "Swift", "Synchronization", "Testing",
  ]
  /// What a target declares in order to link it: the counters that a module for counting work calls.
  static let linkedOnly = ["CountedText": Set(["CWork"])]

  @Test func targetsDeclareWhatTheyImport() throws {
    let targets = try #require(try Repository.manifest()["targets"] as? [[String: Any]])
    #expect(targets.count > 30)
    for target in targets {
      let name = try #require(target["name"] as? String)
      let files = try Self.swiftFiles(of: target)
      if files.isEmpty { continue }  // a target of C
      let imported = try files.reduce(into: Set<String>()) { try $0.formUnion(Self.imports(in: $1)) }
        .subtracting(Self.system)
      let declared = Self.dependencies(of: target).subtracting(Self.linkedOnly[name] ?? [])
      #expect(imported.subtracting(declared) == [], "\(name) imports what it does not declare")
      #expect(declared.subtracting(imported) == [], "\(name) declares what it does not import")
    }
  }

  @Test func importsAreFound() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = [
      "// import A", "import B", "@testable import C", "public import struct D.Point", "  import E  // why",
      "let text = \"import F\"",
    ]
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    #expect(try Self.imports(in: file) == ["B", "C", "D", "E"])
  }

  /// The modules that a file imports.
  private static func imports(in file: URL) throws -> Set<String> {
    let kinds = #"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?"#
    let expression = try Regex(
      #"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+"# + kinds + #"(\w+)"#)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return Set(lines.compactMap { $0.prefixMatch(of: expression)?.output[1].substring.map(String.init) })
  }

  /// The Swift files of a target; the folder may be a link.
  private static func swiftFiles(of target: [String: Any]) throws -> [URL] {
    let name = try #require(target["name"] as? String)
    let path = target["path"] as? String ?? (target["type"] as? String == "test" ? "Tests/\(name)" : "Sources/\(name)")
    let folder = Repository.root.appendingPathComponent(path).resolvingSymlinksInPath()
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }

  /// The names of the targets and products that a target depends on: `{"byName": [name, condition]}` and the like.
  private static func dependencies(of target: [String: Any]) -> Set<String> {
    let dependencies = target["dependencies"] as? [[String: [Any]]] ?? []
    return Set(dependencies.compactMap { $0.values.first?.first as? String })
  }
}
