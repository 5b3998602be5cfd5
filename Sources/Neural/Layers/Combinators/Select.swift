/// Copies, drops and reorders the tensors on top of the stack: the outputs are the inputs at `indices`, 0 the topmost.
/// Source: Trax `Select`, and `Dup`, `Drop` and `Swap`.
public struct Select: Layer {
  /// Which inputs become outputs.
  public let indices: [Int]
  public let inputCount: Int
  private let shortName: String?

  /// Takes `inputCount` tensors, or as many as the indices reach.
  public init(_ indices: [Int], inputCount: Int? = nil) {
    self.init(indices, inputCount, nil)
  }

  private init(_ indices: [Int], _ inputCount: Int?, _ shortName: String?) {
    precondition(indices.allSatisfy { $0 >= 0 }, "indices count from 0, the top of the stack: \(indices)")
    self.indices = indices
    self.inputCount = max(inputCount ?? 0, (indices.max() ?? -1) + 1)
    self.shortName = shortName
  }

  /// Copies the topmost tensor.
  public static let dup = Select([0, 0], 1, "Dup")
  /// Drops the topmost tensor.
  public static let drop = Select([], 1, "Drop")
  /// Exchanges the two topmost tensors.
  public static let swap = Select([1, 0], 2, "Swap")

  static let entry = CatalogueEntry<any Layer>(
    name: "Select", parameters: [.init("n_in", "0")], takesList: true, form: "Select(index, index, …, n_in: 0)"
  ) { arguments throws(ExpressionError) in
    let indices = try arguments.list(maximum: LayerExpression.mostTensors - 1)
    return Select(indices, inputCount: try arguments.integer("n_in", in: 0...LayerExpression.mostTensors))
  }

  /// The entry of a selection with a name of its own.
  static func entry(_ selection: Select) -> CatalogueEntry<any Layer> {
    CatalogueEntry(name: selection.expression) { _ in selection }
  }

  public var outputCount: Int { indices.count }
  public var kind: String { "Select" }
  public var name: String { counted(shortName ?? "Select[\(indices.map(String.init).joined(separator: ","))]") }
  public var expression: String {
    if let shortName { return shortName }
    let list = indices.map(String.init)
    let reach = (indices.max() ?? -1) + 1
    return "Select(\((list + (inputCount == reach ? [] : ["n_in: \(inputCount)"])).joined(separator: ", ")))"
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return indices.map { inputs[$0] }
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    Forward(outputs: indices.map { inputs[$0] }) { [indices] dys in
      var gradients = inputs.map { Tensor(repeating: 0, shape: $0.shape) }
      for (output, index) in indices.enumerated() { gradients[index] = gradients[index].zip(dys[output], +) }
      return Gradients(inputs: gradients)
    }
  }
}
