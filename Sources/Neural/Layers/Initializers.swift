import Random

/// A function that makes the numbers of a weight: its shape and a random key in, the weight out.
public typealias Initializer = @Sendable (_ shape: [Int], _ key: RandomKey) -> Tensor

/// Numbers from the normal distribution around 0 (Trax: `RandomNormalInitializer`).
public func randomNormal(_ standardDeviation: Float = 0.01) -> Initializer {
  { shape, key in
    Tensor(key.normal(shape.reduce(1, *)).map { $0 * standardDeviation }, shape: shape)
  }
}

/// Numbers drawn evenly from `-limit` to `limit` (Trax: `RandomUniformInitializer`).
public func randomUniform(_ limit: Float = 1) -> Initializer {
  { shape, key in Tensor(key.uniform(shape.reduce(1, *), -limit, limit), shape: shape) }
}

/// Which of a kernel's two last axes, `[..., inputs, outputs]`, a scaled initializer divides its variance by.
public enum Fan: Sendable {
  /// The inputs.
  case inputs
  /// The outputs.
  case outputs
  /// The mean of both.
  case average

  func size(_ shape: [Int]) -> Float {
    let (inputs, outputs) = (Float(shape[max(shape.count - 2, 0)]), Float(shape[shape.count - 1]))
    switch self {
    case .inputs: return inputs
    case .outputs: return outputs
    case .average: return (inputs + outputs) / 2
    }
  }
}

/// Uniformly distributed numbers of the variance `scale / fan` (Trax: `ScaledInitializer`, distribution `uniform`).
public func scaledUniform(_ scale: Float, _ fan: Fan) -> Initializer {
  { shape, key in randomUniform((3 * (scale / fan.size(shape))).squareRoot())(shape, key) }
}

/// Normal numbers of the variance `scale / fan` (Trax: `ScaledInitializer`, distribution `normal`).
public func scaledNormal(_ scale: Float, _ fan: Fan) -> Initializer {
  { shape, key in randomNormal((scale / fan.size(shape)).squareRoot())(shape, key) }
}

/// Glorot's: variance 2 / (inputs + outputs). Source: X. Glorot, Y. Bengio, Understanding the difficulty of training
/// deep feedforward neural networks, 2010.
public let glorotUniform = scaledUniform(1, .average)
/// The same with normal numbers.
public let glorotNormal = scaledNormal(1, .average)

/// LeCun's: variance 1 / inputs. Source: Y. LeCun et al., Efficient BackProp, 1998.
public let leCunUniform = scaledUniform(1, .inputs)
/// The same with normal numbers.
public let leCunNormal = scaledNormal(1, .inputs)

/// Kaiming's: variance `2 / √(1 + slope²) / inputs` for rectifiers of that slope below zero (the root is Trax's).
/// Source: K. He et al., Delving Deep into Rectifiers, 2015.
public func kaimingUniform(slope: Float = 0) -> Initializer { scaledUniform(kaimingScale(slope), .inputs) }
/// The same with normal numbers.
public func kaimingNormal(slope: Float = 0) -> Initializer { scaledNormal(kaimingScale(slope), .inputs) }

private func kaimingScale(_ slope: Float) -> Float { 2 / (1 + slope * slope).squareRoot() }

/// Uniformly distributed numbers of the variance 1 / outputs: the initializer of Trax's Embedding.
public let fanOutUniform = scaledUniform(1, .outputs)

/// A matrix with orthogonal rows or columns: the Q of the QR factors of a normal matrix, with the signs of R's diagonal
/// (Trax: `OrthogonalInitializer`). All axes but the last count as one.
///
/// Source: A. M. Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear networks, 2013.
public func orthogonal(_ gain: Float = 1) -> Initializer {
  { shape, key in
    let columns = shape.last ?? 1
    let rows = shape.dropLast().reduce(1, *)
    let (long, short) = (max(rows, columns), min(rows, columns))
    var a = key.normal(long * short).map(Double.init)
    a.withUnsafeMutableBufferPointer { makeColumnsOrthogonal($0.baseAddress!, rows: long, columns: short) }
    return Tensor(shape: shape) { values in
      for row in 0..<rows {
        for column in 0..<columns {
          values[row * columns + column] =
            gain * Float(rows < columns ? a[column * short + row] : a[row * short + column])
        }
      }
    }
  }
}

/// Gram and Schmidt, in the order of the rows: each column, as soon as it is done, is taken out of all behind it. With a
/// positive diagonal of R, Q is unique, so that any method gives it; in double precision, once is enough for floats.
private func makeColumnsOrthogonal(_ a: UnsafeMutablePointer<Double>, rows: Int, columns: Int) {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { buffer in
    let products = buffer.baseAddress!
    for column in 0..<columns {
      var square = 0.0
      for row in 0..<rows { square += a[row * columns + column] * a[row * columns + column] }
      let length = square.squareRoot()
      for row in 0..<rows { a[row * columns + column] /= length }
      products.initialize(repeating: 0, count: columns)
      for row in 0..<rows {
        let (line, factor) = (a + row * columns, a[row * columns + column])
        for other in column + 1..<columns { products[other] += factor * line[other] }
      }
      for row in 0..<rows {
        let (line, factor) = (a + row * columns, a[row * columns + column])
        for other in column + 1..<columns { line[other] -= factor * products[other] }
      }
    }
  }
}
