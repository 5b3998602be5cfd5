import Glibc
import Random

/// A linear function of the distinct ids of a text, weighted by tf-idf: with `SGD`, zeros at first and a softmax behind it,
/// the linear model that support vector machines compete with on short texts.
///
///     ids    [..., k]            the id 0, which is padding, counts for nothing
///     table  [rows, depth]       at first 0
///     bias   [depth]             at first 0; with `bias: false` there is none
///     y      [..., depth]        bias + Σ_g Σ_{i ∈ g} f(i) table[i, :] / √(Σ_{i ∈ g} f(i)²)
///
///     f(i) = 1 + log((1 + texts) / (1 + counts[i]))     0 for ids that training has not seen
///
/// The distinct ids of a text are in two groups g, each of which comes to the length 1: those below `words`, such as tokens
/// and runs of tokens, and runs of characters from there on; with `words` 0 they are one group. How many texts there have been,
/// and in how many of them each id, is counted in training and kept as state, exactly up to 2²⁴ texts.
///
/// Ids outside the table count as the nearest inside, as in `Embedding`.
/// Sources: K. Spärck Jones, A Statistical Interpretation of Term Specificity, 1972; scikit-learn's
/// `TfidfVectorizer(binary=True)` for a group.
public struct TfIdf: Layer {
  /// The number of ids.
  public let rows: Int
  /// The length of a row: of a classifier, the number of classes.
  public let depth: Int
  /// The first id of the second group.
  public let words: Int
  /// Whether a bias is added.
  public let useBias: Bool
  /// What each id adds, `[rows, depth]`.
  public var table = Tensor.empty
  /// What a text without ids has, `[depth]`; empty without a bias.
  public var bias = Tensor.empty
  /// The number of texts with each id, `[rows]`, and of all texts, `[1]`.
  public var counts = Tensor.empty, texts = Tensor([0])
  /// The weights of all ids, where they do not change any more.
  private var weights: [Float] = []

  /// - Parameters:
  ///   - rows: The number of ids.
  ///   - depth: The length of a row.
  ///   - words: The first id of the second group.
  ///   - useBias: Whether a bias is added.
  public init(_ rows: Int, _ depth: Int, words: Int = 0, useBias: Bool = true) {
    (self.rows, self.depth, self.words, self.useBias) = (rows, depth, words, useBias)
  }

  static let entry = CatalogueEntry<any Layer>(
    name: "TfIdf",
    parameters: [.init("vocabulary", "0"), .init("depth", "0"), .init("words", "0"), .init("bias", "true")],
    form: "TfIdf(depth, …) or TfIdf(vocabulary, depth, words: 0, bias: true)"
  ) { arguments throws(ExpressionError) in
    let (rows, depth) = try Embedding.sizes(arguments)
    return TfIdf(
      rows, depth, words: try arguments.integer("words", in: 0...rows), useBias: try arguments.truth("bias"))
  }

  public var name: String { "TfIdf_\(rows)_\(depth)" }
  public var expression: String {
    "TfIdf(\(rows), \(depth)\(words == 0 ? "" : ", words: \(words)")\(useBias ? "" : ", bias: false"))"
  }

  public var idCount: Int? { rows }
  public var takesIDLists: Bool { true }
  public var idTable: Int? { 0 }
  public var lookupTables: [Int] { [0] }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs[0].count >= 2 else { throw LayerError("\(name) takes [batch, ..., ids], not \(inputs[0])") }
    return try LayerPlan(
      name, outputs: [inputs[0].dropLast() + [depth]],
      weights: [("table", [rows, depth])] + (useBias ? [("bias", [depth])] : []),
      state: [("counts", [rows]), ("texts", [1])])
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    table = Tensor(repeating: 0, shape: [rows, depth])
    if useBias { bias = Tensor(repeating: 0, shape: [depth]) }
    (counts, texts) = (Tensor(repeating: 0, shape: [rows]), Tensor([0]))
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let (ids, depth) = (inputs[0], depth)
    let texts = distinctIDs(ids)
    var layer = self
    if pass.mode == .train { layer.count(texts) }
    let terms = layer.terms(of: texts)
    let y = Tensor(shape: ids.shape.dropLast() + [depth]) { y in
      table.withValues { table in
        bias.withValues { bias in
          for text in texts.indices {
            let y = y.baseAddress! + text * depth
            if useBias { y.update(from: bias.baseAddress!, count: depth) } else { y.update(repeating: 0, count: depth) }
            for (id, term) in zip(texts[text], terms[text]) {
              for index in 0..<depth { y[index] += term * table[id * depth + index] }
            }
          }
        }
      }
    }
    return Forward(outputs: [y], state: [layer.counts, layer.texts]) { [useBias] dys in
      let dy = dys[0]
      let rows = texts.flatMap(\.self)
      let values = dy.withValues { dy in
        Tensor(shape: [rows.count, depth]) { values in
          var next = 0
          for text in texts.indices {
            for term in terms[text] {
              for index in 0..<depth { values[next + index] = term * dy[text * depth + index] }
              next += depth
            }
          }
        }
      }
      let dTable = Gradient.rows(rows, values: values)
      return Gradients(
        input: Tensor(repeating: 0, shape: ids.shape),
        weights: useBias ? [dTable, .dense(dy.columnSums())] : [dTable])
    }
  }

  /// The distinct ids of each text, in order, without padding.
  private func distinctIDs(_ ids: Tensor) -> [[Int]] {
    let (all, each) = (ids.rowIndices(count: rows), ids.depth)
    return (0..<ids.rows).map { text in
      var distinct: [Int] = []
      distinct.reserveCapacity(each)
      for id in all[text * each..<(text + 1) * each].sorted() where id != 0 && id != distinct.last {
        distinct.append(id)
      }
      return distinct
    }
  }

  /// Counts texts, and the ids in them.
  private mutating func count(_ texts: [[Int]]) {
    counts.withMutableValues { counts in
      for text in texts { for id in text { counts[id] += 1 } }
    }
    self.texts = self.texts.map { $0 + Float(texts.count) }
  }

  /// The terms f / √(Σ f²) of the ids of each text.
  private func terms(of texts: [[Int]]) -> [[Float]] {
    counts.withValues { counts in
      let all = log(1 + self.texts.values[0])
      return texts.map { text in
        let weights = text.map { self.weights.isEmpty ? weight(counts[$0], all) : self.weights[$0] }
        let squares = zip(text, weights).reduce(into: (Float(0), Float(0))) { squares, term in
          if term.0 < words { squares.0 += term.1 * term.1 } else { squares.1 += term.1 * term.1 }
        }
        let scales = (1 / max(squares.0, 1e-30).squareRoot(), 1 / max(squares.1, 1e-30).squareRoot())
        return zip(text, weights).map { $1 * ($0 < words ? scales.0 : scales.1) }
      }
    }
  }

  /// The weight f of an id.
  /// - Parameter all: The logarithm of one more than the number of texts.
  private func weight(_ count: Float, _ all: Float) -> Float { count > 0 ? 1 + all - log(1 + count) : 0 }

  /// The weights of ids are worked out once.
  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    var copy = self
    let all = log(1 + texts.values[0])
    copy.weights = counts.values.map { weight($0, all) }
    return copy
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
    if useBias { try visit("bias", &bias) }
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try visit("counts", .counted, &counts)
    try visit("texts", .counted, &texts)
  }
}
