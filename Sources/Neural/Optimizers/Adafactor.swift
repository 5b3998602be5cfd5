import Glibc

/// Adam's idea in little memory: the squared gradient of a matrix is remembered by the means of its rows and columns.
///
///     d  = 1 − t^(−decay)                        how much of the past stays, t the step from 1
///     r  ←  d r + (1 − d) mean_columns g²        c  ←  d c + (1 − d) mean_rows g²
///     y  = g · √(mean r / (r + eps1)) / √(c + eps1)
///     w  ←  (1 − weight decay) w − rate · max(rms w, eps2) · y / max(1, rms y / clipping)
///
/// A vector remembers the whole: `v ← d v + (1 − d) g²`, `y = g / √(v + eps1)`. The slots are r and c, or v.
/// Source: N. Shazeer, M. Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, 2018; Trax `Adafactor`.
public struct Adafactor: DeclaredOptimizer {
  public internal(set) var learningRate: Double
  /// The exponent with which the past comes to stay.
  public internal(set) var decay: Double
  /// The root mean square of a step before it is scaled, at the most.
  public internal(set) var clipping: Double
  /// The share of a weight that goes away in every step.
  public internal(set) var weightDecay: Double
  /// Keeps divisors and scales away from zero.
  public internal(set) var eps1: Double, eps2: Double

  /// - Parameters:
  ///   - learningRate: The learning rate without a schedule.
  ///   - decay: How quickly the mean of squares forgets: the share kept in step t is 1 − t^−decay.
  ///   - clipping: The largest root mean square of an update.
  ///   - weightDecay: The share of a weight that goes away in every step.
  ///   - eps1: Added to squares.
  ///   - eps2: The least scale of an update.
  public init(
    _ learningRate: Double = 0.05, decay: Double = 0.8, clipping: Double = 1, weightDecay: Double = 1e-5,
    eps1: Double = 1e-16, eps2: Double = 1e-3
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.clipping = clipping
    self.weightDecay = weightDecay
    self.eps1 = eps1
    self.eps2 = eps2
  }

  public static let declaration = Declaration(
    "Adafactor", Adafactor(), .learningRate(\.learningRate), .number("decay", \.decay, .notNegative, .labelled),
    .number("clipping", \.clipping, .positive, .labelled), .weightDecay(\.weightDecay),
    .number("eps1", \.eps1, .positive, .labelled), .number("eps2", \.eps2, .notNegative, .labelled))

  public func slots(for weight: Tensor) -> [Tensor] {
    guard weight.shape.count >= 2 else { return [Tensor(repeating: 0, shape: weight.shape)] }
    return [weight.shape.dropLast(), weight.shape.dropLast(2) + weight.shape.suffix(1)].map {
      Tensor(repeating: 0, shape: Array($0))
    }
  }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    let g = gradient.dense(shape: weight.shape)
    let old = Float(1 - pow(Double(step), -decay))
    let y = weight.shape.count >= 2 ? matrixStep(g, &slots, old) : vectorStep(g, &slots, old)
    let clip = max(1, rootMeanSquare(y) / Float(clipping))
    let scale = Float(learningRate) * max(rootMeanSquare(weight), Float(eps2)) / clip
    let kept = Float(1 - weightDecay)
    weight.withMutableValues { w in
      y.withValues { y in
        for index in 0..<w.count { w[index] = kept * w[index] - scale * y[index] }
      }
    }
  }

  private func vectorStep(_ g: Tensor, _ slots: inout [Tensor], _ old: Float) -> Tensor {
    let eps = Float(eps1)
    slots[0] = slots[0].zip(g) { old * $0 + (1 - old) * $1 * $1 }
    return g.zip(slots[0]) { $0 / ($1 + eps).squareRoot() }
  }

  /// Axes before the last two are a stack of matrices.
  private func matrixStep(_ g: Tensor, _ slots: inout [Tensor], _ old: Float) -> Tensor {
    let (columns, rows) = (g.shape[g.shape.count - 1], g.shape[g.shape.count - 2])
    let eps = Float(eps1)
    let shape = g.shape
    var (rowMeans, columnMeans) = (slots.take(0), slots.take(1))
    let y = g.withValues { g in
      rowMeans.withMutableValues { r in
        columnMeans.withMutableValues { c in
          Tensor(shape: shape) { y in
            for matrix in 0..<g.count / max(rows * columns, 1) {
              let (g, y) = (g.baseAddress! + matrix * rows * columns, y.baseAddress! + matrix * rows * columns)
              let (r, c) = (r.baseAddress! + matrix * rows, c.baseAddress! + matrix * columns)
              for row in 0..<rows { r[row] *= old }
              for column in 0..<columns { c[column] *= old }
              for row in 0..<rows {
                for column in 0..<columns {
                  let square = (1 - old) * g[row * columns + column] * g[row * columns + column]
                  r[row] += square / Float(columns)
                  c[column] += square / Float(rows)
                }
              }
              let mean = (0..<rows).reduce(0) { $0 + r[$1] } / Float(rows)
              for row in 0..<rows {
                let factor = (mean / (r[row] + eps)).squareRoot()
                for column in 0..<columns {
                  y[row * columns + column] = g[row * columns + column] * factor / (c[column] + eps).squareRoot()
                }
              }
            }
          }
        }
      }
    }
    slots = [rowMeans, columnMeans]
    return y
  }

  private func rootMeanSquare(_ tensor: Tensor) -> Float {
    tensor.withValues { values in
      (values.reduce(0) { $0 + $1 * $1 } / Float(max(values.count, 1))).squareRoot()
    }
  }
}
