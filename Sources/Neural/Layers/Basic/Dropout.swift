import Random

/// Drops numbers at random in training: each becomes 0 with probability `rate`, and the others are divided by
/// `1 − rate`, so that the mean stays. Outside of mode train nothing changes.
///
/// Source: N. Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014; Trax
/// `Dropout`.
public struct Dropout: DeclaredLayer {
  /// The share of numbers that is dropped.
  public internal(set) var rate: Float

  /// - Parameter rate: The share of elements that is dropped.
  /// - Precondition: `rate` is from 0 to below 1.
  public init(_ rate: Float = 0) {
    precondition(0..<1 ~= rate, "a dropout rate is from 0 to 1, not \(rate)")
    self.rate = rate
  }

  public static let declaration = Declaration(
    "Dropout", Dropout(), .number("rate", \.rate, .belowOne, .bare) { $0.rate = $1 })

  public var name: String { "Dropout" }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return inputs
  }

  public func formula(of input: Formula) -> Formula? { input }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    guard pass.mode == .train, rate > 0 else { return Forward(outputs: inputs) { Gradients(inputs: $0) } }
    let keep = 1 - rate
    let mask = pass.key.uniform(inputs[0].count).withUnsafeBufferPointer { numbers in
      Tensor(shape: inputs[0].shape) { mask in
        for index in 0..<mask.count { mask[index] = numbers[index] < keep ? 1 / keep : 0 }
      }
    }
    return Forward(outputs: [inputs[0].zip(mask, *)]) { dys in Gradients(inputs: [dys[0].zip(mask, *)]) }
  }
}
