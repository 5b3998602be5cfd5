import Batches
import Testing

@Suite struct LengthFilterTests {
  @Test func lengthsAreFilteredOrCut() {
    let example = Example(ids: [1, 2, 3, 4], label: 0)
    var filter = LengthFilter(lengths: 2...3)
    #expect(filter.apply(example) == nil)
    #expect(filter.apply(Example(ids: [1], label: 0)) == nil)
    #expect(filter.apply(Example(ids: [1, 2], label: 0)) != nil)
    #expect(filter.dropped == 2)
    var cutting = LengthFilter(lengths: 0...3, truncates: true)
    #expect(cutting.apply(example)?.ids == [1, 2, 3])
    #expect(cutting.dropped == 0)
  }
}
