import Glibc

/// A classifier of the mean of embeddings, ready for many short texts: the dense layer is applied to every row of the
/// table beforehand, since a mean of products is the product of the mean.
///
///     log softmax(W mean(E[ids]) + b)  =  log softmax(mean((E W)[ids]) + b)
///
/// and likewise with a log sigmoid, of classes each of which is there or not by itself.
///
/// The numbers differ from those of the layers by the rounding of sums in another order.
public struct MeanClassifier: Sendable {
  /// The products of every row of the table with the kernel, `[vocabularySize, classes]`, and the bias.
  private let products: Tensor
  private let bias: [Float]
  /// Whether each class is there or not by itself.
  private let isIndependent: Bool

  /// Nil unless the formula of the layers is that of `Embedding Mean Dense LogSoftmax`, or the like with `LogSigmoid`,
  /// and the products are not much larger than the table.
  public init?(_ model: Serial) {
    guard let formula = model.formula(of: .ids),
      case .affine(.meanOverTime(.rows(let lookup)), let kernel, let bias) = formula.logits,
      lookup.table.shape[0] * kernel.depth <= max(4 * lookup.table.count, 1 << 20)
    else { return nil }
    if case .logSigmoid = formula { isIndependent = true } else { isIndependent = false }
    products = lookup.table.matmul(kernel)
    self.bias = bias?.values ?? [Float](repeating: 0, count: products.depth)
  }

  /// The log probabilities of the classes for the ids of one text, of which there is at least one. Ids outside the
  /// table count as the nearest one inside.
  public func callAsFunction(_ ids: [Int]) -> [Float] {
    let (classes, last) = (bias.count, products.rows - 1)
    let share = 1 / Double(ids.count)
    return [Float](unsafeUninitializedCapacity: classes) { result, count in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: classes) { logits in
        var largest = -Double.infinity
        products.withValues { products in
          for index in 0..<classes {
            var sum = 0.0
            for id in ids { sum += Double(products[min(max(id, 0), last) * classes + index]) }
            logits[index] = sum * share + Double(bias[index])
            largest = max(largest, logits[index])
          }
        }
        if isIndependent {
          for index in 0..<classes { result[index] = Float(LogSigmoid.value(logits[index])) }
          return
        }
        var sum = 0.0
        for logit in logits { sum += exp(logit - largest) }
        let logSum = largest + log(sum)
        for index in 0..<classes { result[index] = Float(logits[index] - logSum) }
      }
      count = classes
    }
  }
}
