/// How a model that learns no more is going to be run. See `Layer.specialized(for:)`.
public struct Inference: Sendable {
  /// How kernels are kept.
  public enum Precision: Sendable {
    /// In 32 bits, as they were trained.
    case single
    /// Rounded to 16 bits: half the memory to read, and 11 significant bits.
    case half
    /// Rounded to whole numbers of 8 bits, with a step for every column, a 127th of its largest number: a quarter of the
    /// memory to read. What they are multiplied by is rounded to whole numbers of 16 bits, with a step for every vector.
    case int8
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

  /// A kernel's numbers as the precision has them.
  /// - Parameters:
  ///   - kernel: `[..., columns]`.
  ///   - name: The weight's name within its layer.
  ///   - starts: The rows at which parts begin that are multiplied apart, if it has such.
  /// - Throws: `LayerError` when a number is too large for half precision, or no number.
  public func rounded(
    _ kernel: Tensor, _ name: String, partsAt starts: [Int] = [0]
  ) throws(LayerError) -> Tensor {
    let ends = starts.sorted().dropFirst() + [kernel.rows]
    let parts = zip(starts.sorted(), ends).map { $0..<$1 }
    let isFinite = kernel.withValues { $0.allSatisfy(\.isFinite) }
    let rounded =
      isFinite
      ? kernel.withValues { values in
        Tensor(shape: kernel.shape) { rounded in
          for part in parts where !part.isEmpty && kernel.depth > 0 {
            let start = part.lowerBound * kernel.depth
            round(
              Matrix(values.baseAddress! + start, part.count, kernel.depth), into: rounded.baseAddress! + start)
          }
        }
      } : kernel
    guard rounded.withValues({ $0.allSatisfy(\.isFinite) }) else {
      throw LayerError(
        "a number of the tensor \"\(path)\(name)\" has no \(precision) precision: it is too large, or no number")
    }
    return rounded
  }

  private func round(_ matrix: Matrix, into result: UnsafeMutablePointer<Float>) {
    switch precision {
    case .single: result.update(from: matrix.start, count: matrix.rows * matrix.columns)
    case .half: HalfMatrix.rounded(matrix, into: result)
    case .int8: Int8Matrix.rounded(matrix, into: result)
    }
  }

  /// A kernel, which has been rounded, for products with vectors.
  /// - Precondition: The precision is not single.
  func reduced(_ kernel: Matrix) -> any ReducedMatrix {
    switch precision {
    case .single: preconditionFailure("a matrix in single precision is not reduced")
    case .half: HalfMatrix(kernel)
    case .int8: Int8Matrix(kernel)
    }
  }
}
