import Random

/// A fully connected layer: `y = x · kernel + bias`.
///
///     x       [..., inputDepth]
///     kernel  [inputDepth, units]
///     bias    [units]
///     y       [..., units]
///
/// The kernel starts with Glorot's uniform numbers, the bias with normal ones of deviation 1e-6.
/// Source: Trax `Dense`.
public struct Dense: UnaryLayer, DeclaredLayer {
  /// The depth of the output.
  public internal(set) var units: Int
  /// Whether a bias is added.
  public internal(set) var useBias: Bool
  /// `[inputDepth, units]`.
  public var kernel = Tensor.empty
  /// `[units]`.
  public var bias = Tensor.empty
  private let kernelInitializer: Initializer

  /// A layer of `units` outputs.
  public init(_ units: Int, useBias: Bool = true, kernelInitializer: @escaping Initializer = glorotUniform) {
    self.units = units
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
  }

  public static let declaration = Declaration(
    "Dense", Dense(1), .integer("units", \.units) { $0.units = $1 }, .truth("bias", \.useBias) { $0.useBias = $1 })

  public var name: String { "Dense_\(units)" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    let input = inputs[0]
    try checkInput(input)
    let kernel = ("kernel", [input[input.count - 1], units])
    return try LayerPlan(
      name, outputs: [input.dropLast() + [units]], weights: useBias ? [kernel, ("bias", [units])] : [kernel])
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try fittingPlan([input]).outputs[0] }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    try checkInput(input)
    let kernelShape = [input[input.count - 1], units]
    if useBias {
      let keys = key.split()
      kernel = kernelInitializer(kernelShape, keys[0])
      bias = randomNormal(1e-6)([units], keys[1])
    } else {
      kernel = kernelInitializer(kernelShape, key)
    }
    return try outputShape(input)
  }

  private func checkInput(_ input: [Int]) throws(LayerError) {
    guard input.count >= 2 else { throw LayerError("\(name) takes inputs [batch, ..., depth], not \(input)") }
  }

  public func forward(_ x: Tensor) -> Forward {
    let product = x.matmul(kernel)
    return Forward(output: useBias ? product.addingToRows(bias) : product) { [kernel, useBias] dy in
      let dKernel = Gradient.dense(x.matmul(dy, transposeSelf: true))
      return Gradients(
        input: dy.matmul(kernel, transposeOther: true),
        weights: useBias ? [dKernel, .dense(dy.columnSums())] : [dKernel])
    }
  }

  public func formula(of input: Formula) -> Formula? {
    .affine(input, kernel: kernel, bias: useBias ? bias : nil)
  }

  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    guard inference.precision != .single else { return self }
    var rounded = self
    rounded.kernel = try inference.rounded(kernel, "kernel")
    return ReducedDense(rounded, inference.reduced(Matrix(rounded.kernel.start, kernel.rows, kernel.depth)))
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("kernel", &kernel)
    if useBias { try visit("bias", &bias) }
  }
}
