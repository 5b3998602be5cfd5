import Batches
import Glibc
import Models
import Neural
import Random
import Testing

@Suite struct TagDecoderTests {
  static let bio = ["O", "B-x", "I-x", "B-y", "I-y"]

  @Test(arguments: [
    (bio, true, true), (["B-x", "I-x"], true, true), (["O", "B-x"], true, true),
    // I without its B, the IOBES scheme, and parts of speech are decoded freely.
    (["O", "I-x"], true, false), (["O", "B-x", "I-x", "E-x", "S-x"], true, false), (["NOUN", "VERB"], false, false),
  ])
  func theSchemeIsTold(_ names: [String], _ hasEntities: Bool, _ isBIO: Bool) {
    let decoder = TagDecoder(names)
    #expect((decoder.strangeTag == nil) == (hasEntities || !names.contains("B-x")))
    #expect(decoder.hasEntities == hasEntities && (decoder.rules != nil) == isBIO)
    #expect(decoder.outside == names.firstIndex(of: "O"))
  }

  /// By all sequences: a decoded one keeps the scheme, and no other that does is more probable.
  @Test(arguments: 0..<8)
  func theBestSequenceThatKeepsTheSchemeIsFound(_ seed: UInt64) throws {
    let (decoder, time) = (TagDecoder(Self.bio), 4)
    let y = Tensor(RandomKey(seed).normal(time * 5).map { 2 * $0 }, shape: [1, time, 5])
    let best = TagChain.best(y, rules: decoder.rules)
    func score(_ tags: [Int]) -> Float { tags.enumerated().reduce(0) { $0 + y.values[$1.offset * 5 + $1.element] } }
    func keepsTheScheme(_ tags: [Int]) -> Bool {
      tags.indices.allSatisfy { index in
        let tag = decoder.tags[tags[index]]
        guard tag.place == .inside else { return true }
        guard index > 0 else { return false }
        let before = decoder.tags[tags[index - 1]]
        return before.place != .outside && before.type == tag.type
      }
    }
    var sequences: [[Int]] = [[]]
    for _ in 0..<time { sequences = sequences.flatMap { tags in (0..<5).map { tags + [$0] } } }
    let permitted = sequences.filter(keepsTheScheme)
    #expect(keepsTheScheme(best) && permitted.count < sequences.count)
    #expect(permitted.allSatisfy { score($0) <= score(best) + 1e-5 })
  }

  /// The probability of an entity is the share of the sequences that have it, by all sequences that keep the scheme.
  @Test(arguments: [([1, 2, 0], 0, 2), ([0, 3, 1], 1, 2), ([0, 0, 1], 2, 3), ([1, 2, 2], 0, 3)])
  func probabilitiesAreSharesOfSequences(_ tags: [Int], _ start: Int, _ end: Int) throws {
    let decoder = TagDecoder(Self.bio)
    let y = Tensor(RandomKey(5).normal(15), shape: [1, 3, 5])
    var (all, with) = (0.0, 0.0)
    for code in 0..<125 {
      let sequence = [code / 25, code / 5 % 5, code % 5]
      let spans = EntitySpan.all(of: sequence.map { decoder.tags[$0] })
      // Of sequences that break the scheme none counts: those whose entities do not all begin with B.
      let begun = sequence.enumerated().allSatisfy { index, tag in
        decoder.tags[tag].place != .inside || spans.contains { $0.start < index && index < $0.end }
      }
      guard begun else { continue }
      let weight = exp(sequence.enumerated().reduce(0.0) { $0 + Double(y.values[$1.offset * 5 + $1.element]) })
      all += weight
      if spans.contains(where: { $0.start == start && $0.end == end && $0.type == decoder.tags[tags[start]].type }) {
        with += weight
      }
    }
    let entity = try #require(decoder.entities(of: tags, y, rules: decoder.rules).first { $0.span.start == start })
    #expect(entity.span.end == end && abs(entity.probability - with / all) < 1e-6)
  }
}
