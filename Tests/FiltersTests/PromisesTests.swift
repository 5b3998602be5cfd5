import Foundation
import Testing

/// The page of promises names the tests that hold them.
@Suite struct PromisesTests {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func everyPromiseNamesTestsThatExist() throws {
    let tests = Self.repository.appendingPathComponent("Tests")
    let page = Self.repository.appendingPathComponent("Sources/Filters/Filters.docc/Promises.md")
    let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)!.compactMap { $0 as? URL }
    let sources = try files.filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }.joined()

    var names = 0
    for promise in try String(contentsOf: page, encoding: .utf8).components(separatedBy: "Tests: ").dropFirst() {
      let list = promise.prefix(while: { $0 != "." })
      for (index, name) in list.components(separatedBy: "`").enumerated() where !index.isMultiple(of: 2) {
        if name.hasPrefix("Tests/") || name.hasPrefix("bin/") { continue }
        names += 1
        let isThere =
          name.contains("/")
          ? FileManager.default.fileExists(
            atPath: tests.appendingPathComponent("CommandTests/Cases/\(name)/command").path)
          : sources.contains("func \(name)(")
        #expect(isThere, "there is no test \(name)")
      }
    }
    #expect(names > 50)
  }
}
