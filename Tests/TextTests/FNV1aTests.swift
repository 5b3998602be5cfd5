import Testing
import Text

@Suite struct FNV1aTests {
  /// The test vectors of the authors.
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func hashesAreThoseOfTheAuthors(_ text: String, _ hash: UInt64) {
    var hasher = FNV1a()
    Array(text.utf8).withUnsafeBufferPointer { hasher.combine($0) }
    #expect(hasher.value == hash)
  }

  @Test func listsDifferFromTheirJoinedStrings() {
    let hashes = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""]].map { strings in
      var hasher = FNV1a()
      hasher.combine(strings)
      return hasher.value
    }
    #expect(Set(hashes).count == hashes.count)
  }
}
