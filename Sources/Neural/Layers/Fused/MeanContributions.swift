/// What ids add to a sum of the logits of a classifier of the mean of embeddings, each logit times a factor: the sum is
/// linear in the rows of the table, so that every id of a text has its share of it, and the shares add up.
///
///     logits           [classes]          (1/n Σₜ E[idₜ]) W + b
///     factors · logits = 1/n Σₜ E[idₜ]·(W factors)  +  factors · b
///
/// If the factors add up to 0, the same sum of log probabilities is equal: what the softmax takes away from all logits
/// cancels. (Integrated gradients, M. Sundararajan et al., 2017, give the same shares of a linear model.)
public struct MeanContributions: Sendable {
  /// What no id adds: `factors · b`.
  public let bias: Double
  private let table: Tensor
  /// `W factors`, `[depth]`.
  private let direction: [Double]

  /// Nil unless the formula of the layers is that of `Embedding Mean Dense LogSoftmax`, or the like with `LogSigmoid`.
  /// - Parameter factors: A factor for every class.
  /// - Precondition: There are as many factors as classes.
  public init?(_ model: Serial, factors: [Double]) {
    guard case .affine(.meanOverTime(.rows(let lookup)), let kernel, let bias) = model.formula(of: .ids)?.logits
    else { return nil }
    precondition(factors.count == kernel.depth, "a factor for every class")
    func sum(_ logits: some Sequence<Float>) -> Double {
      Swift.zip(logits, factors).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    table = lookup.table
    direction = kernel.withValues { kernel in
      stride(from: 0, to: kernel.count, by: factors.count).map { sum(kernel[$0..<$0 + factors.count]) }
    }
    self.bias = bias.map { sum($0.values) } ?? 0
  }

  /// What an id adds to the sum for a text of this id alone; a text of n ids is the mean of what each adds.
  /// - Precondition: The table has a row for the id.
  public func callAsFunction(_ id: Int) -> Double {
    precondition(0..<table.shape[0] ~= id, "the table has no row for the id")
    return table.withValues { table in
      var sum = 0.0
      for (index, factor) in direction.enumerated() { sum += Double(table[id * direction.count + index]) * factor }
      return sum
    }
  }
}
