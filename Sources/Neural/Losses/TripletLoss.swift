/// How much nearer duplicates are than what they are no duplicates of, by a margin: with the scores
/// `s[i, j] = x₁[i] · x₂[j]`, the positive of a row `s[i, i]` and all others of the row its negatives,
///
///     L = Σᵢ wᵢ (max(0, margin − s[i, i] + hardest negative) + max(0, margin − s[i, i] + mean negative)) / Σ w
///
///     x₁, x₂   [batch, depth]  the vectors of the two sides, rows in one order
///     y        [batch, batch]  their scores, where these are given instead
///     targets  [batch]         not read: every row is one of duplicates
///     weights  [batch]         of a row as such; in other rows it is a negative like others
///
/// The hardest negative is the largest of its row, `any`, or the largest that is not above the positive,
/// `below-positive`; of equals the first has the gradient. Without negatives (a batch of one row, or none below the
/// positive) a term is 0. Sources: F. Schroff et al., FaceNet, 2015; the course's `TripletLoss`, in its two editions.
public struct TripletLoss: Loss, Equatable {
  /// Which negatives may be the hardest.
  public enum Hardest: String, Sendable, CaseIterable {
    /// Any.
    case any
    /// Those with a score of at most the positive's.
    case belowPositive = "below-positive"
  }

  /// By how much the positive is to be above the negatives.
  public internal(set) var margin: Float
  /// Which negatives may be the hardest.
  public internal(set) var hardest: Hardest

  /// - Parameters:
  ///   - margin: By how much the positive is to be above the negatives.
  ///   - hardest: Which negatives may be the hardest.
  public init(margin: Float = 0.25, hardest: Hardest = .any) { (self.margin, self.hardest) = (margin, hardest) }

  static let declaration = Declaration(
    "TripletLoss", TripletLoss(), .number("margin", \.margin) { $0.margin = $1 },
    .choice("hardest", \.hardest) { $0.hardest = $1 })

  public var name: String { "TripletLoss" }
  public var targetKind: TargetKind { .duplicates }

  public func callAsFunction(
    _ outputs: [Tensor], targets: Tensor, weights: Tensor
  ) -> (loss: Float, gradients: [Tensor]) {
    let (a, b) = (outputs[0], outputs[1])
    let (loss, dy) = self(a.matmul(b, transposeOther: true), targets: targets, weights: weights)
    return (loss, [dy.matmul(b), dy.matmul(a, transposeSelf: true)])
  }

  /// The loss of scores.
  /// - Precondition: `y` is square, with a row for each weight.
  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    let count = y.depth
    precondition(y.shape == [count, count] && weights.count == count, "scores \(y.shape), weights \(weights.shape)")
    let scale = inverseSum(weights)
    var loss = 0.0
    var gradient = Tensor(repeating: 0, shape: y.shape)
    gradient.withMutableValues { dy in
      y.withValues { y in
        for (row, weight) in weights.values.enumerated() where weight != 0 && count > 1 {
          let scores = y[row * count..<(row + 1) * count]
          let positive = y[row * count + row]
          let others = scores.indices.lazy.filter { $0 != row * count + row }
          let mean = Float(others.reduce(0.0) { $0 + Double(y[$1]) }) / Float(count - 1)
          let nearest = others.filter { hardest == .any || y[$0] <= positive }.max { y[$0] < y[$1] }
          if let nearest, margin - positive + y[nearest] > 0 {
            loss += Double(weight * (margin - positive + y[nearest]))
            dy[nearest] += weight * scale
            dy[row * count + row] -= weight * scale
          }
          guard margin - positive + mean > 0 else { continue }
          loss += Double(weight * (margin - positive + mean))
          for index in others { dy[index] += weight * scale / Float(count - 1) }
          dy[row * count + row] -= weight * scale
        }
      }
    }
    return (Float(loss) * scale, gradient)
  }
}
