/// A number that says how well a model's outputs fit their targets.
///
///     y        [..., classes]  scores or log probabilities
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for padding, which counts for nothing
///
/// Of a chain `[batch, time, classes, classes]`, as `CRF` gives it, the prediction is the best sequence, and p(target) is
/// that given the target before.
///
/// Where a row has several classes or none, targets are as `TargetKind.labels` says.
///
/// A metric says what to count of a batch, and which number follows from the counts. Those of several batches add up,
/// so that the metric of many batches is that of all their targets together, however they were cut: an F score is no
/// mean of F scores.
public protocol Metric: Sendable {
  /// The name, as in Trax.
  var name: String { get }

  /// The targets that it is for. Default: classes.
  var targetKind: TargetKind { get }

  /// What a batch adds to the sums; as many numbers for every batch of a model, zeros for one without rows.
  func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double]

  /// The same of all outputs of a model. Default: of the only one.
  func counts(_ outputs: [Tensor], targets: Tensor, weights: Tensor) -> [Double]

  /// The metric that follows from sums of counts; NaN where nothing counts.
  func value(of sums: [Double]) -> Double

  /// Whether of two models the one with the larger value is the better one. Default: true.
  var isHigherBetter: Bool { get }
}

extension Metric {
  public var targetKind: TargetKind { .classes }
  public var isHigherBetter: Bool { true }

  /// Those of the only output.
  /// - Precondition: There is one output.
  public func counts(_ outputs: [Tensor], targets: Tensor, weights: Tensor) -> [Double] {
    precondition(outputs.count == 1, "\(name) is of one output, not \(outputs.count)")
    return counts(outputs[0], targets: targets, weights: weights)
  }

  /// The metric of one batch.
  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    Float(value(of: counts(y, targets: targets, weights: weights)))
  }

  /// The name in reports: `sequence_accuracy` for `SequenceAccuracy`.
  public var key: String {
    var key = ""
    for character in name where character.isLetter {
      if character.isUppercase, !key.isEmpty, key.last != "_" { key += "_" }
      key += character.lowercased()
    }
    return key
  }

  /// How many numbers are counted of a model of so many classes.
  func countsCount(classes: Int) -> Int {
    let none = Tensor(repeating: 0, shape: [0])
    return counts(Tensor(repeating: 0, shape: [0, classes]), targets: none, weights: none).count
  }
}

/// The part of a whole; NaN of none.
func share(_ part: Double, of whole: Double) -> Double { whole > 0 ? part / whole : .nan }
