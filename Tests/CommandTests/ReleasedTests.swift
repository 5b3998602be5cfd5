import Foundation
import Testing

/// Files of every version that was released are read by this one: models of each kind, a checkpoint, vocabularies, counts,
/// batches and reports. `Released/make` makes those of a version, with its programs.
@Suite struct ReleasedTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Released")

  private static let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
    $0.first!.isNumber
  }

  @Test func thereAreSome() { #expect(Self.versions.contains("0.1.0")) }

  @Test(arguments: versions) func filesOfReleasedVersionsAreRead(_ version: String) throws {
    let result = try Shell.inFolder { shell in
      try shell.run("cp '\(Self.folder.path)/\(version)'/* . && bash '\(Self.folder.path)/read'")
    }
    let expected = try String(
      contentsOf: Self.folder.appendingPathComponent("\(version)/output"), encoding: .utf8)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == expected)
  }
}
