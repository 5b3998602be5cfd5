import Neural
import Random
import Testing

@Suite struct UnroundedSumTests {
  private func sum(_ numbers: some Sequence<Double>) -> UnroundedSum {
    var sum = UnroundedSum()
    for number in numbers { sum.add(number) }
    return sum
  }

  /// What `math.fsum` of Python has among its tests.
  @Test func valuesAreThoseOfPythonsFsum() {
    #expect(sum([]).value == 0)
    #expect(sum([1e100, 1, -1e100, 1e-100, 1e50, -1, -1e50]).value == 1e-100)
    #expect(sum([0x1p53, -0.5, -0x1p-54]).value == 0x1p53 - 1)
    #expect(sum([0x1p53, 1, 0x1p-100]).value == 0x1p53 + 2)
    #expect(sum([0x1p53 + 10, 1, 0x1p-100]).value == 0x1p53 + 12)
    #expect(sum([0x1p53 - 4, 0.5, 0x1p-54]).value == 0x1p53 - 3)
    #expect(sum((1...1000).map { 1 / Double($0) }).value == 0x1.df11f45f4e61ap+2)
    #expect(sum([1e16, 1, 1e-16]).value == 10_000_000_000_000_002)
    #expect(sum([1e16 - 2, 1 - 0x1p-53, -(1e16 - 2), -(1 - 0x1p-53)]).value == 0)
    #expect(sum([Double](repeating: 0.1, count: 10)).value == 1)
    #expect(sum([.leastNonzeroMagnitude, 1, -1]).value == .leastNonzeroMagnitude)
  }

  /// Any order and any parts give the same value and the same rest, and both together are the sum.
  @Test(arguments: 1...20) func anyOrderAndAnyPartsAreTheSame(_ seed: UInt64) {
    var generator = SplitMix(state: seed)
    let numbers = (0..<200).map { _ in
      Double.random(in: -1...1, using: &generator)
        * (seed < 10 ? 1 : Double(sign: .plus, exponent: Int.random(in: -200...200, using: &generator), significand: 1))
    }
    let whole = sum(numbers)
    let shuffled = numbers.shuffled(using: &generator)
    let cut = Int.random(in: 0...200, using: &generator)
    var parts = sum(shuffled[..<cut])
    let second = sum(shuffled[cut...])
    // The second part goes the way of a file.
    parts.add(sum([second.value] + second.roundedOff))
    #expect(parts.value == whole.value && parts.roundedOff == whole.roundedOff)
    let nothing = sum(numbers + ([whole.value] + whole.roundedOff).map { -$0 })
    #expect(nothing.value == 0 && nothing.roundedOff.isEmpty)
  }

  @Test func beyondTheLargestNumberTheSumIsInfinite() {
    let sum = sum([-1e308, -1e308, 1e308, 5])
    #expect(sum.value == -.infinity && sum.roundedOff.isEmpty)
  }

  /// SplitMix64, for numbers that are the same in each run.
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }
}
