import JSONLines
import Models
import TestSupport
import Testing

@Suite struct PerplexitySumsTests {
  @Test func sumsOfPartsAreThoseOfTheWhole() {
    var (whole, first, second) = (PerplexitySums(), PerplexitySums(), PerplexitySums())
    for (index, value) in [-1.5, -0.25, -3, -2].enumerated() {
      whole.add(value, isUnknown: index == 2)
      if index < 2 { first.add(value) } else { second.add(value, isUnknown: index == 2) }
    }
    first += second
    #expect(first.logProbability == whole.logProbability && first.tokens == 4 && first.unknown == 1)
    let fields = Dictionary(uniqueKeysWithValues: whole.fields(count: "tokens").map { ($0.name, $0.value) })
    #expect(fields["log_perplexity"] == 6.75 / 4 && fields["tokens"] == 4 && fields["unknown"] == 1)
    #expect(whole.fieldsWithoutUnknown.last?.value == -3.75)
  }

  /// What is written is read, for sums over many machines.
  @Test func aRecordGivesItsSumsBack() throws {
    var sums = PerplexitySums()
    sums.add(-1.5, weight: 2)
    sums.add(-0.5, isUnknown: true)
    var fields = NewFields()
    sums.add(to: &fields)
    var output: [UInt8] = []
    output.appendRecord(fields)
    let back = try output.dropLast().withUnsafeBufferPointer { try PerplexitySums(Record($0)) }
    #expect(back.logProbability == -3.5 && back.tokens == 3 && back.unknown == 1)
    #expect(back.fieldsWithoutUnknown.last?.value == -3)
  }
}
