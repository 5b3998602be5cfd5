/// How a model that learns no more is going to be run. See `Layer.specialized(for:)`.
public struct Inference: Sendable {
  /// How kernels are kept.
  public enum Precision: Sendable {
    /// In 32 bits, as they were trained.
    case single
    /// Rounded to 16 bits: half the memory to read, and 11 significant bits.
    case half
  }

  /// How kernels are kept.
  public let precision: Precision
  /// What leads the names of the layer's weights in messages: `2.GRU.`
  let path: String

  /// Inference with kernels of a precision.
  public init(_ precision: Precision = .single) { self.init(precision, path: "") }

  private init(_ precision: Precision, path: String) { (self.precision, self.path) = (precision, path) }

  /// The inference of a layer inside, which stands at `index` there.
  public func inside(_ layer: any Layer, at index: Int) -> Inference {
    Inference(precision, path: "\(path)\(index).\(layer.kind).")
  }

  /// A kernel's numbers rounded to half precision.
  /// - Parameter name: The weight's name within its layer.
  /// - Throws: `LayerError` when a number is too large for half precision, or no number.
  public func rounded(_ kernel: Tensor, _ name: String) throws(LayerError) -> Tensor {
    guard let rounded = kernel.roundedToHalf() else {
      throw LayerError(
        "a number of the tensor \"\(path)\(name)\" has no half precision: it is too large, or no number")
    }
    return rounded
  }
}
