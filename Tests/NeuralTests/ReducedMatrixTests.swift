import Neural
import Random
import Testing

/// Kernels with fewer bits a number, as dense layers have them for inference.
@Suite struct ReducedMatrixTests {
  /// A dense layer without bias that has this kernel, in a precision.
  private func layer(_ kernel: Tensor, _ precision: Inference.Precision) throws -> any Layer {
    var dense = Dense(kernel.shape[1], useBias: false)
    dense.kernel = kernel
    return try dense.specialized(for: Inference(precision))
  }

  private func output(_ layer: any Layer, _ x: Tensor) -> Tensor { layer.forward([x], Pass()).outputs[0] }

  /// Whole numbers with the largest that there may be in every column and vector: all steps are 1, and sums exact.
  @Test(arguments: [1, 2, 63, 64, 65, 130], [1, 2, 7, 512])
  func sumsOfWholeNumbersAreExact(_ columns: Int, _ depth: Int) throws {
    let most = 32_767
    func whole(_ count: Int, _ seed: UInt64, _ most: Int) -> [Int] {
      RandomKey(seed).uniform(count, -1, 1).map { Int(($0 * Float(most)).rounded()) }
    }
    var kernel = whole(depth * columns, 1, 127)
    for column in 0..<columns { kernel[column % depth * columns + column] = column % 2 == 0 ? 127 : -127 }
    var vectors = whole(3 * depth, 2, most)
    for vector in 0..<3 { vectors[vector * depth + (depth - 1) * vector / 2] = -most }
    // The sum that comes nearest to 2³¹.
    for k in 0..<depth { (kernel[k * columns], vectors[2 * depth + k]) = (127, -most) }
    let y = output(
      try layer(Tensor(kernel.map(Float.init), shape: [depth, columns]), .int8),
      Tensor(vectors.map(Float.init), shape: [3, depth]))
    let expected = (0..<3 * columns).map { index in
      Float(
        (0..<depth).reduce(0) { $0 + vectors[index / columns * depth + $1] * kernel[$1 * columns + index % columns] })
    }
    #expect(y.values == expected)
  }

  /// Sums of more products than fit 32 bits: vectors have fewer bits then.
  @Test func aDeepMatrixDoesNotOverflow() throws {
    let depth = 40_001
    let y = output(
      try layer(Tensor(repeating: 3, shape: [depth, 1]), .int8), Tensor(repeating: -0.5, shape: [1, depth]))
    #expect(abs(y.values[0] / (-1.5 * Float(depth)) - 1) < 1e-3)
  }

  /// Numbers near those in single precision: every kernel's number is off by half a step at most.
  @Test(arguments: [Inference.Precision.half, .int8], [(1, 1), (5, 3), (64, 64), (33, 100), (129, 65)])
  func productsAreNear(_ precision: Inference.Precision, _ shape: (depth: Int, columns: Int)) throws {
    let kernel = Tensor(RandomKey(3).normal(shape.depth * shape.columns), shape: [shape.depth, shape.columns])
    let x = Tensor(RandomKey(4).normal(4 * shape.depth), shape: [4, shape.depth])
    let (y, exact) = (output(try layer(kernel, precision), x).values, x.matmul(kernel).values)
    let (k, v) = (kernel.values, x.values)
    for (index, (number, right)) in zip(y, exact).enumerated() {
      let (row, column) = (index / shape.columns, index % shape.columns)
      let largest = (0..<shape.depth).map { abs(k[$0 * shape.columns + column]) }.max()!
      let size = (0..<shape.depth).reduce(Float(0)) { $0 + abs(v[row * shape.depth + $1]) }
      let bound = size * (precision == .int8 ? largest / 254 * 1.02 : largest / 2048) + 1e-5
      #expect(abs(number - right) <= bound, "\(shape) \(row) \(column)")
    }
  }

  @Test(arguments: [Inference.Precision.half, .int8]) func whatIsNoNumberStaysNone(_ precision: Inference.Precision)
    throws
  {
    let layer = try layer(Tensor(RandomKey(3).normal(6), shape: [3, 2]), precision)
    for wrong: Float in [.nan, .infinity, -.infinity] {
      let y = output(layer, Tensor([1, wrong, 2, 1, 1, 1], shape: [2, 3])).values
      #expect(!y[0].isFinite && !y[1].isFinite && y[2].isFinite && y[3].isFinite)
    }
  }

  /// Zeros, and numbers so small that a 127th or 32,767th has too few bits.
  @Test(arguments: [Float(0), 1e-45, 1e-43, 2.6e-43, 1e-38]) func tinyNumbersAreAsGoodAsZero(_ tiny: Float) throws {
    let y = output(try layer(Tensor([1, tiny, -1, tiny], shape: [2, 2]), .int8), Tensor([[1, 0.5], [tiny, tiny]]))
      .values
    #expect(abs(y[0] - 0.5) < 1e-4 && abs(y[1]) < 1e-37 && abs(y[2]) < 1e-37 && abs(y[3]) < 1e-37)
  }

  @Test func kernelsThatAreNoNumbersAreRefused() throws {
    for (precision, wrong) in [
      (Inference.Precision.half, Float(70_000)), (.half, .nan), (.int8, .nan), (.int8, .infinity),
    ] {
      #expect(throws: LayerError.self) { _ = try layer(Tensor([1, wrong], shape: [1, 2]), precision) }
    }
    _ = try layer(Tensor([1, 70_000], shape: [1, 2]), .int8)
  }
}
