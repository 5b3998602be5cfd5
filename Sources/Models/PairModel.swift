import Files
import JSONLines
import Neural

/// A model that compares two texts: it makes a vector of each with one set of weights, and perhaps a probability of the
/// two that they are duplicates.
public struct PairModel: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// How texts become ids.
  public let input: ModelIDs
  /// The names of no and yes, if they have names.
  public let labels: [String]?
  /// The names of the two fields that hold the texts, if the model knows them.
  public let fields: [String]?
  /// From what on a score says duplicates: that of the model's file; without one 0.7 for similarities, as in the course,
  /// and 0.5 for probabilities.
  public let threshold: Double
  /// Whether scores are probabilities, and not similarities.
  public var givesProbabilities: Bool { signature.kind == .pairClassifier }
  /// The numbers of a vector.
  public let depth: Int
  private let side: Serial
  /// What is behind the vectors.
  private let head: Serial

  /// What a model says of two texts.
  public struct Score: Sendable, Equatable {
    /// The cosine of the angle between the vectors, from −1 to 1; 0 with a vector of zeros.
    public let similarity: Float
    /// The log probabilities that they are no duplicates and that they are, of a model that gives them.
    public let logProbabilities: [Float]?
    /// The probability that they are duplicates or, of a model that gives none, the similarity.
    public let score: Float

    /// Whether they are duplicates: the score is the threshold or more. They are compared as floats, as they are
    /// written.
    public func isDuplicate(threshold: Double) -> Bool { score >= Float(threshold) }
  }

  /// - Throws: `FileError` when the model is none of pairs.
  public init(_ model: Model, file: String) throws(FileError) {
    signature = try model.signature(file: file)
    guard signature.isOfPairs, let side = model.layers.layers.first?.sharedSide else {
      throw FileError(file, "the model takes single texts, not pairs")
    }
    do throws(LayerError) { depth = try side.outputShape([1, 1]).last ?? 0 } catch { throw FileError(file, "\(error)") }
    input = try ModelIDs(model, signature, file: file)
    (labels, fields) = (model.labels, model.pair)
    threshold = model.threshold ?? (signature.kind == .pairClassifier ? 0.5 : 0.7)
    self.side = side
    head = Serial(Array(model.layers.layers.dropFirst()))
  }

  /// The vector of the ids of one text, all of which must be the model's, at length 1; a vector of zeros stays one. A
  /// text without ids counts as one of padding.
  /// - Throws: `RecordError` for a text that is too long, and where the model's numbers grow beyond those of floats.
  public func vector(of ids: [Int]) throws(RecordError) -> [Float] { Self.normalized(try output(for: ids)) }

  /// What the model says of two texts.
  /// - Throws: `RecordError` as `vector(of:)` does.
  public func callAsFunction(_ ids: [Int], _ others: [Int]) throws(RecordError) -> Score {
    let (a, b) = (try output(for: ids), try output(for: others))
    let similarity = Self.similarity(Self.normalized(a), Self.normalized(b))
    guard givesProbabilities else { return Score(similarity: similarity, logProbabilities: nil, score: similarity) }
    let outputs = head.forward([Tensor(a, shape: [1, depth]), Tensor(b, shape: [1, depth])], Pass()).outputs[0].values
    guard outputs.allSatisfy(\.isFinite) else { throw Self.notFinite }
    return Score(similarity: similarity, logProbabilities: outputs, score: Prediction.probability(outputs[1]))
  }

  /// The cosine of two vectors of length 1, at most 1. The sum is made in one order and in double precision, so that it
  /// is the same wherever it is made.
  public static func similarity(_ a: [Float], _ b: [Float]) -> Float {
    similarity(a[...], b[...])
  }

  /// The same of rows of a matrix.
  public static func similarity(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    let sum = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return Float(max(-1, min(1, sum)))
  }

  private static let notFinite = RecordError("the model's outputs are no finite numbers")

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? vector.map { Float(Double($0) / length) } : vector
  }

  private func output(for ids: [Int]) throws(RecordError) -> [Float] {
    let ids = ids.isEmpty ? [0] : ids
    try signature.check(count: ids.count)
    let output = side.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output.values
    guard output.allSatisfy(\.isFinite) else { throw Self.notFinite }
    return output
  }
}
