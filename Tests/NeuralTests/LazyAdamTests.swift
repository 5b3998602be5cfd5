import Neural
import Random
import Testing

/// Adam that leaves rows alone which a step does not touch, against the plain one: a row lives through the steps that
/// touch it as a weight of its own would, with the numbers of the whole run's steps.
@Suite struct LazyAdamTests {
  @Test func untouchedRowsStayAndTouchedOnesMove() {
    let (lazy, plain) = (Adam(0.05, weightDecay: 0.01, isLazy: true), Adam(0.05, weightDecay: 0.01))
    var table = Tensor(RandomKey(1).normal(5 * 3), shape: [5, 3])
    var slots = lazy.slots(for: table)
    var rows = (0..<5).map { table.slice(axis: 0, $0..<$0 + 1) }
    var rowSlots = rows.map { plain.slots(for: $0) }
    for step in 1...200 {
      let key = RandomKey(2).fold(in: UInt32(step))
      let touched = step % 50 == 0 ? [0, 4, 0] : [step % 2, 2 + step % 2]
      let values = Tensor(key.normal(touched.count * 3), shape: [touched.count, 3])
      lazy.update(&table, .rows(touched, values: values), slots: &slots, step: step, learningRate: 0.05)
      for row in Set(touched) {
        var gradient = Tensor(repeating: 0, shape: [1, 3])
        for (place, other) in touched.enumerated() where other == row {
          gradient = gradient.zip(values.slice(axis: 0, place..<place + 1), +)
        }
        plain.update(&rows[row], .dense(gradient), slots: &rowSlots[row], step: step, learningRate: 0.05)
      }
      for row in 0..<5 { #expect(table.slice(axis: 0, row..<row + 1) == rows[row]) }
    }
  }

  @Test func denseGradientsAreThoseOfPlainAdam() {
    var (a, b) = (Tensor([1, 2, 3]), Tensor([1, 2, 3]))
    let (lazy, plain) = (Adam(0.1, isLazy: true), Adam(0.1))
    var (aSlots, bSlots) = (lazy.slots(for: a), plain.slots(for: b))
    for step in 1...5 {
      lazy.update(&a, .dense(Tensor([0, 1, -1])), slots: &aSlots, step: step, learningRate: 0.1)
      plain.update(&b, .dense(Tensor([0, 1, -1])), slots: &bSlots, step: step, learningRate: 0.1)
    }
    #expect(a == b && aSlots == bSlots)
  }

  @Test func theExpressionComesBack() throws {
    let text = try OptimizerExpression.optimizer("Adam(0.1, lazy: true)").expression
    #expect(text.hasSuffix("lazy: true)"))
    #expect(try OptimizerExpression.optimizer(text).expression == text)
    #expect(!Adam().expression.contains("lazy"))
  }
}
