/// Every row at length 1: `y = x / √(Σ x² + eps)`, along the last axis. A row of zeros stays one.
///
///     x   [..., depth]
///     y   [..., depth]
///     dx  = (dy − y Σ y dy) / √(Σ x² + eps)
///
/// The dot product of two such rows is the cosine of the angle between them. Source: the course's Siamese network,
/// which has no `eps` and no number for a row of zeros.
public struct Normalize: UnaryLayer, DeclaredLayer {
  /// Keeps the divisor away from zero.
  public internal(set) var eps: Float

  /// - Parameter eps: Added to the sum of the squares, so that the divisor is not 0.
  public init(eps: Float = 1e-6) { self.eps = eps }

  public static let declaration = Declaration(
    "Normalize", Normalize(), .number("eps", \.eps, .positive) { $0.eps = $1 })

  public var name: String { "Normalize" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard !input.isEmpty else { throw LayerError("\(name) takes inputs [..., depth], not \(input)") }
    return input
  }

  public func forward(_ x: Tensor) -> Forward {
    let last = x.shape.count - 1
    var inverse: [Float] = []
    let y = x.mapLines(along: last) { x, y in
      let factor = 1 / (x.reduce(0) { $0 + $1 * $1 } + eps).squareRoot()
      inverse.append(factor)
      for index in x.indices { y[index] = x[index] * factor }
    }
    return Forward(output: y) { dy in
      var row = 0
      let dx = y.zipLines(along: last, dy) { y, dy, dx in
        let product = zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
        for index in y.indices { dx[index] = (dy[index] - y[index] * product) * inverse[row] }
        row += 1
      }
      return Gradients(input: dx)
    }
  }
}
