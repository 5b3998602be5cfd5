import Random

/// A row of a table for every id: `y[..., :] = table[ids[...], :]`.
///
///     ids    [...]
///     table  [vocabularySize, depth]
///     y      [..., depth]
///
/// Ids are exact floats. Those outside the table count as the nearest id that is inside, as in Trax. The table starts
/// with uniformly distributed numbers of variance 1 / depth, or as `Start` says. Source: Trax `Embedding`.
public struct Embedding: UnaryLayer {
  /// The numbers that the table starts with.
  public enum Start: String, Sendable, CaseIterable {
    /// Trax's: uniform, of the variance 1 / depth, so that a row has about the length 1.
    case uniform
    /// Normal, of the variance 1, as PyTorch's `Embedding`: what a layer of LeCun's kernels takes.
    case normal
  }

  /// The number of rows.
  public let vocabularySize: Int
  /// The length of a row.
  public let depth: Int
  /// What the table starts with.
  public let start: Start
  /// The rows, `[vocabularySize, depth]`.
  public var table = Tensor.empty

  /// An embedding of `vocabularySize` ids in rows of `depth` numbers.
  public init(_ vocabularySize: Int, _ depth: Int, start: Start = .uniform) {
    self.vocabularySize = vocabularySize
    self.depth = depth
    self.start = start
  }

  public var kind: String { "Embedding" }
  public var name: String { "Embedding_\(vocabularySize)_\(depth)" }
  public var expression: String {
    "Embedding(\(vocabularySize), \(depth)\(start == .uniform ? "" : ", init: \(start.rawValue)"))"
  }

  public var idCount: Int? { vocabularySize }
  public var idTable: Int? { 0 }
  public var lookupTables: [Int] { [0] }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    return try LayerPlan(name, outputs: [inputs[0] + [depth]], weights: [("table", [vocabularySize, depth])])
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try fittingPlan([input]).outputs[0] }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    table = (start == .uniform ? fanOutUniform : randomNormal(1))([vocabularySize, depth], key)
    return try outputShape(input)
  }

  public func forward(_ ids: Tensor) -> Forward { lookup.forward(ids) }

  private var lookup: Lookup { Lookup(table) }

  /// With one argument, that is the depth: the vocabulary is known.
  static let entry = CatalogueEntry<any Layer>(
    name: "Embedding", parameters: [.init("vocabulary", "0"), .init("depth", "0"), .init("init", "uniform")],
    form: "Embedding(depth, …) or Embedding(vocabulary, depth, init: uniform)"
  ) { arguments throws(ExpressionError) in
    let (vocabularySize, depth) = try sizes(arguments)
    return Embedding(vocabularySize, depth, start: try arguments.choice("init"))
  }

  /// The sizes of a table, as `vocabulary` and `depth`, or the latter alone, say them.
  static func sizes(_ arguments: CallArguments) throws(ExpressionError) -> (vocabularySize: Int, depth: Int) {
    let (call, ids) = (arguments.call, LayerExpression.possibleIDCounts)
    let sizes = call.arguments.filter { [nil, "vocabulary", "depth"].contains($0.label) }
    guard !sizes.isEmpty else { throw ExpressionError(column: call.column, "\(call.name) needs its depth") }
    guard sizes.count == 1, sizes[0].label != "vocabulary" else {
      return (try arguments.integer("vocabulary", in: ids), try arguments.integer("depth"))
    }
    guard let vocabularySize = arguments.vocabularySize else {
      throw ExpressionError(
        column: call.column, "without a vocabulary file (--vocab), write \(call.name)(vocabulary, depth)")
    }
    guard vocabularySize <= ids.upperBound else {
      throw ExpressionError(
        column: call.column, "the vocabulary has \(vocabularySize) ids, but at most \(ids.upperBound) are possible")
    }
    return (vocabularySize, try arguments.integer(sizes[0].label ?? "vocabulary"))
  }

  public func fused(with next: any Layer, inputs: [[Int]]?) -> (any Layer)? {
    next.fused(behind: lookup, ids: inputs?[0])
  }

  public func formula(of input: Formula) -> Formula? {
    guard case .ids = input else { return nil }
    return .rows(lookup)
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
  }
}
