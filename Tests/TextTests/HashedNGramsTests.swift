import Testing
import Text

@Suite struct HashedNGramsTests {
  func ids(_ tokens: String, longest: Int = 2, bits: Int = 16, after first: Int = 10) -> [Int] {
    let list = tokens.split(separator: " ").map { Array($0.utf8) }
    var ids: [Int] = []
    func append(_ rest: ArraySlice<[UInt8]>, _ buffers: [UnsafeBufferPointer<UInt8>]) {
      guard let token = rest.first else {
        return HashedNGrams(longest: longest, bits: bits).append(buffers, after: first, to: &ids)
      }
      token.withUnsafeBufferPointer { append(rest.dropFirst(), buffers + [$0]) }
    }
    append(list[...], [])
    return ids
  }

  @Test func everyRunHasAnID() {
    #expect(ids("a").isEmpty && ids("").isEmpty)
    #expect(ids("a b c").count == 2 && ids("a b c", longest: 3).count == 3 && ids("a b c d", longest: 3).count == 5)
    #expect(ids("a b x a b").first == ids("a b x a b").last)
    #expect(Set(ids("a b c", longest: 3)).isSuperset(of: ids("a b c")))
    // The order and the borders of tokens count.
    #expect(ids("a b") != ids("b a") && ids("ab c") != ids("a bc"))
  }

  @Test func idsLieBehindTheVocabulary() {
    let words = (0..<500).map { "w\($0)" }.joined(separator: " ")
    #expect(ids(words, bits: 3).allSatisfy { 10..<18 ~= $0 } && Set(ids(words, bits: 3)).count == 8)
    // 499 runs in 65,536 places: hardly any two share one.
    #expect(Set(ids(words)).count > 490)
  }
}
