import Foundation
import Testing

/// A public function that traps says when: `- Precondition:` stands in its comment.
@Suite struct PreconditionTests {
  @Test func everyPreconditionOfAPublicFunctionIsStated() throws {
    let sources = Repository.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }
      .filter { $0.hasSuffix(".swift") }
    var (found, silent) = (0, [String]())
    for file in files.sorted() {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      let functions = Self.functionsWithPreconditions(in: text)
      found += functions.count
      silent += functions.filter { !$0.isStated }.map { "\(file):\($0.line)" }
    }
    #expect(found > 10)
    #expect(silent.isEmpty, "\(silent)")
  }

  @Test func theCheckTellsStatedFromSilent() {
    let text = """
      /// Does it.
      /// - Precondition: `a` is 1 or more.
      public func stated(_ a: Int) {
        precondition(a > 0)
      }
      /// Does it.
      public init(_ a: Int) {
        var b = a
        precondition(b > 0)
      }
      func internal(_ a: Int) { precondition(a > 0) }
      """
    #expect(Self.functionsWithPreconditions(in: text).map(\.line) == [3, 7])
    #expect(Self.functionsWithPreconditions(in: text).map(\.isStated) == [true, false])
  }

  /// The public functions that have preconditions, by the lines of their declarations.
  static func functionsWithPreconditions(in text: String) -> [(line: Int, isStated: Bool)] {
    let lines = text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let keywords: Set<Substring> = ["func", "init", "init?", "subscript"]
    let modifiers: Set<Substring> = [
      "public", "package", "internal", "private", "fileprivate", "static", "mutating", "override",
    ]
    func isFunction(_ line: String) -> Bool {
      let word = line.split { " (<".contains($0) }.first { !modifiers.contains($0) && !$0.hasPrefix("@") }
      return word.map(keywords.contains) ?? false
    }
    var functions: [Int: Bool] = [:]
    for (index, line) in lines.enumerated() where line.contains("precondition(") && !line.hasPrefix("//") {
      guard let declaration = lines[...index].lastIndex(where: isFunction),
        lines[declaration].split(separator: " ").contains("public")
      else { continue }
      let comment = lines[..<declaration].reversed().prefix { $0.hasPrefix("///") || $0.hasPrefix("@") }
      functions[declaration + 1] = comment.contains { $0.contains("- Precondition:") }
    }
    return functions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
