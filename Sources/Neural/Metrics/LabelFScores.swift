import Glibc

/// The F1 of all decisions on classes together, where a row has several or none: `2 TP / (2 TP + FP + FN)`, each row
/// counting by its weight. A class is predicted where its probability is 0.5 or more. 0 when no class is there or
/// predicted, NaN when all weights are 0. Source: scikit-learn `f1_score(average="micro")`.
public struct MicroFScore: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "MicroFScore" }
  public var targetKind: TargetKind { .labels }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] { decisionCounts(y, targets, weights) }

  public func value(of sums: [Double]) -> Double {
    let all = fScores(sums).reduce((right: 0.0, said: 0.0)) { ($0.right + $1.right, $0.said + $1.said) }
    return sums.last! > 0 ? fScore(all) : .nan
  }
}

/// The mean of the classes' F1, each class counting the same, where a row has several or none; a class that is neither
/// there nor predicted has 0. NaN when all weights are 0. Source: scikit-learn `f1_score(average="macro")`.
public struct MacroFScore: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "MacroFScore" }
  public var targetKind: TargetKind { .labels }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] { decisionCounts(y, targets, weights) }

  public func value(of sums: [Double]) -> Double {
    let scores = fScores(sums).map(fScore)
    return sums.last! > 0 ? share(scores.reduce(0, +), of: Double(scores.count)) : .nan
  }
}

/// The weighted mean of the rows' F1, `2 · found / (labels + predictions)`; a row with neither labels nor predictions
/// has 0. NaN when all weights are 0. Source: scikit-learn `f1_score(average="samples")`.
public struct SamplesFScore: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "SamplesFScore" }
  public var targetKind: TargetKind { .labels }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    var (sum, total) = (0.0, 0.0)
    forEachDecision(y, targets, weights) { decisions, weight in
      let right = decisions.count { $0.isPredicted && $0.isThere }
      let said = decisions.reduce(0) { $0 + ($1.isPredicted ? 1 : 0) + ($1.isThere ? 1 : 0) }
      sum += weight * fScore((Double(right), Double(said)))
      total += weight
    }
    return [sum, total]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}

/// The weighted share of rows that are predicted to have the classes that they have and no others. NaN when all weights
/// are 0. Source: scikit-learn `accuracy_score` of several labels.
public struct SubsetAccuracy: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "SubsetAccuracy" }
  public var targetKind: TargetKind { .labels }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    var (right, total) = (0.0, 0.0)
    forEachDecision(y, targets, weights) { decisions, weight in
      if decisions.allSatisfy({ $0.isPredicted == $0.isThere }) { right += weight }
      total += weight
    }
    return [right, total]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}

/// The F1 of how often something was said rightly, and how often it was there or said.
private func fScore(_ counts: (right: Double, said: Double)) -> Double {
  counts.said > 0 ? 2 * counts.right / counts.said : 0
}

/// Of every class how often it was rightly predicted, and how often it was predicted or there.
private func fScores(_ sums: [Double]) -> [(right: Double, said: Double)] {
  (0..<sums.count / 2).map { (sums[2 * $0], sums[2 * $0 + 1]) }
}

/// Of every class the weight of the rows for which it was rightly predicted, and that of those for which it was
/// predicted plus that of those that have it; then the weight of all rows.
private func decisionCounts(_ y: Tensor, _ targets: Tensor, _ weights: Tensor) -> [Double] {
  var counts = [Double](repeating: 0, count: 2 * y.depth + 1)
  forEachDecision(y, targets, weights) { decisions, weight in
    for (k, decision) in decisions.enumerated() {
      if decision.isPredicted && decision.isThere { counts[2 * k] += weight }
      counts[2 * k + 1] += weight * ((decision.isPredicted ? 1 : 0) + (decision.isThere ? 1 : 0))
    }
    counts[2 * y.depth] += weight
  }
  return counts
}

/// Calls `body` with what was said of every class, and the weight, of every row that counts.
private func forEachDecision(
  _ y: Tensor, _ targets: Tensor, _ weights: Tensor,
  _ body: ([(isPredicted: Bool, isThere: Bool)], Double) -> Void
) {
  // The probability is 0.5 or more, as a float.
  let half = logf(0.5)
  y.withValues { values in
    forEachRow(y: (values.count, y.depth), targets, weights) { row, targets, weight in
      body(targets.enumerated().map { k, t in (values[row * y.depth + k] >= half, t >= 0.5) }, Double(weight))
    }
  }
}
