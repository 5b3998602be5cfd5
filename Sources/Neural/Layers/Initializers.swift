import Random

/// A function that makes the numbers of a weight: its shape and a random key in, the weight out. For a kernel
/// `[inputs, outputs]` the fans are its two axes.
public typealias Initializer = @Sendable (_ shape: [Int], _ key: RandomKey) -> Tensor

/// Numbers from the normal distribution around 0 (Trax: `RandomNormalInitializer`).
public func randomNormal(_ standardDeviation: Float) -> Initializer {
  { shape, key in
    Tensor(key.normal(shape.reduce(1, *)).map { $0 * standardDeviation }, shape: shape)
  }
}

/// Numbers drawn evenly from `-limit` to `limit` (Trax: `RandomUniformInitializer`).
public func randomUniform(_ limit: Float) -> Initializer {
  { shape, key in Tensor(key.uniform(shape.reduce(1, *), -limit, limit), shape: shape) }
}

/// Even numbers with the variance 2 / (inputs + outputs) (Trax: `GlorotUniformInitializer`).
///
/// Source: X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.
public let glorotUniform: Initializer = { shape, key in
  randomUniform((6 / Float(shape[0] + shape[1])).squareRoot())(shape, key)
}

/// Even numbers with the variance 1 / outputs: Trax's `ScaledInitializer` with mode `fan_out`, the initializer of its
/// Embedding.
public let fanOutUniform: Initializer = { shape, key in
  randomUniform((3 / Float(shape[1])).squareRoot())(shape, key)
}
