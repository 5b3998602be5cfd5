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

  /// Runs of characters are those of the token with its borders, each once and the borders alone never; of UTF-8 they are
  /// of whole characters.
  @Test(arguments: [
    ("so", 3...4, ["<so", "<so>", "so>"]), ("a", 1...3, ["<a", "<a>", "a", "a>"]), ("xö", 3...3, ["<xö", "xö>"]),
    ("long", 5...6, ["<long", "<long>", "long>"]), ("a", 4...5, []), ("", 1...8, ["<>"]),
  ])
  func runsOfCharactersAreThoseWithin(_ token: String, _ lengths: ClosedRange<Int>, _ runs: [String]) {
    let ngrams = HashedNGrams(characters: lengths, bits: 20)
    Array(token.utf8).withUnsafeBufferPointer { token in
      var ids: [Int] = []
      ngrams.append([token], after: 7, to: &ids)
      #expect(ngrams.names(of: [token]) == runs && ids.count == runs.count && Set(ids).count == runs.count)
      #expect(ids.allSatisfy { 7..<7 + ngrams.count ~= $0 })
      var both: [Int] = []
      HashedNGrams(longest: 2, characters: lengths, bits: 20).append([token, token], after: 7, to: &both)
      // Behind those of the pairs.
      #expect(both.count == 1 + 2 * ids.count && Array(both.dropFirst()) == (ids + ids).map { $0 + 1 << 20 })
      #expect(7..<7 + 1 << 20 ~= both[0])
    }
  }

  @Test func idsLieBehindTheVocabulary() {
    let words = (0..<500).map { "w\($0)" }.joined(separator: " ")
    #expect(ids(words, bits: 3).allSatisfy { 10..<18 ~= $0 } && Set(ids(words, bits: 3)).count == 8)
    // 499 runs in 65,536 places: hardly any two share one.
    #expect(Set(ids(words)).count > 490)
  }
}
