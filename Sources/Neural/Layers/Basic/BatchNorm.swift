import Random

/// Brings every depth to mean 0 and variance 1 over the batch, then scales and moves it:
/// `y = gamma (x − μ) / √(σ² + eps) + beta`. In mode train μ and σ² are the batch's, and their running means are kept
/// as state; otherwise they are these means.
///
///     x            [batch, ..., depth]
///     beta, gamma  [depth]              at first 0 and 1
///     y            [batch, ..., depth]
///
/// Source: S. Ioffe, C. Szegedy, Batch Normalization, 2015; Trax `BatchNorm` (over all axes but the last).
public struct BatchNorm: DeclaredLayer {
  /// How slowly the running means follow.
  public internal(set) var momentum: Float
  /// Keeps the divisor away from zero.
  public internal(set) var eps: Float
  /// What is added to each feature, `[features]`.
  public var beta = Tensor.empty
  /// What each normalized feature is multiplied by, `[features]`.
  public var gamma = Tensor.empty
  /// The running means of the mean and the variance, and the number of batches they have seen.
  public var mean = Tensor.empty
  /// The running variance of each feature, `[features]`.
  public var variance = Tensor.empty
  /// How many batches the running mean and variance have seen.
  public var batches = Tensor([0])

  /// - Parameters:
  ///   - momentum: How much of the running mean and variance a batch leaves, from 0 to 1.
  ///   - eps: Added to the variance, so that the divisor is not 0.
  public init(momentum: Float = 0.999, eps: Float = 1e-5) {
    self.momentum = momentum
    self.eps = eps
  }

  public static let declaration = Declaration(
    "BatchNorm", BatchNorm(), .number("momentum", \.momentum, .share) { $0.momentum = $1 },
    .number("eps", \.eps, .positive) { $0.eps = $1 })

  public var name: String { "BatchNorm" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs[0].count >= 2 else { throw LayerError("\(name) takes inputs [batch, ..., depth], not \(inputs[0])") }
    let row = [inputs[0][inputs[0].count - 1]]
    return try LayerPlan(
      name, outputs: inputs, weights: [("beta", row), ("gamma", row)],
      state: [("mean", row), ("variance", row), ("batches", [1])])
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    let depth = inputs.first?.last ?? 0
    (beta, gamma) = (Tensor(repeating: 0, shape: [depth]), Tensor(repeating: 1, shape: [depth]))
    (mean, variance) = (beta, gamma)
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let x = inputs[0]
    let n = Float(max(x.rows, 1))
    let isTraining = pass.mode == .train
    var state = [mean, variance, batches]
    var (mean, variance) = (mean, variance)
    if isTraining {
      mean = x.columnSums().map { $0 / n }
      let centered = x.addingToRows(mean.map { -$0 })
      variance = centered.zip(centered, *).columnSums().map { $0 / n }
      let (old, new) = (momentum, 1 - momentum)
      state = [
        state[0].zip(mean) { old * $0 + new * $1 }, state[1].zip(variance) { old * $0 + new * $1 },
        batches.map { $0 + 1 },
      ]
    }
    let inverse = variance.map { 1 / ($0 + eps).squareRoot() }
    let z = x.addingToRows(mean.map { -$0 }).scalingRows(inverse)
    let gamma = gamma
    return Forward(outputs: [z.scalingRows(gamma).addingToRows(beta)], state: state) { dys in
      let dy = dys[0]
      let weights: [Gradient] = [.dense(dy.columnSums()), .dense(dy.zip(z, *).columnSums())]
      let dz = dy.scalingRows(gamma)
      guard isTraining else { return Gradients(input: dz.scalingRows(inverse), weights: weights) }
      // dx = (dz − mean dz − z · mean (z dz)) / σ, the means over the batch
      let centered = dz.addingToRows(dz.columnSums().map { -$0 / n })
      let along = z.scalingRows(dz.zip(z, *).columnSums().map { $0 / n })
      return Gradients(input: centered.zip(along, -).scalingRows(inverse), weights: weights)
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("beta", &beta)
    try visit("gamma", &gamma)
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try visit("mean", .running, &mean)
    try visit("variance", .running, &variance)
    try visit("batches", .running, &batches)
  }
}
