import Files
import Neural
import Text

/// The tokens of a model's vocabulary that are nearest to a word by the cosine of their vectors (`TokenVectors`).
public struct Neighbours {
  /// A token and its cosine to the word.
  public struct Neighbour: Equatable, Sendable {
    /// The token.
    public let token: String
    /// The cosine, from −1 to 1.
    public let cosine: Float
  }

  private let vectors: TokenVectors
  private let file: String
  /// The tokens that may be neighbours, and their vectors of length 1.
  private var tokens: [(token: String, vector: [Float])] = []

  /// - Throws: `FileError` when the model has no vocabulary, or no table with a row for every id.
  public init(_ model: Model, file: String) throws(FileError) {
    guard let vocabulary = model.vocabulary, let index = model.layers.idTable else {
      throw FileError(file, "the model has no \(model.vocabulary == nil ? "vocabulary" : "table of ids")")
    }
    let table = model.layers.weights[index].value
    let options = try TokenizerOptions(model.tokenizer, ofModel: file)
    guard table.rows == vocabulary.count + (options.ngrams?.count ?? 0) else {
      throw FileError(file, "its vocabulary has \(vocabulary.count) entries, but its table \(table.rows) rows")
    }
    self.file = file
    vectors = TokenVectors(table: table, vocabulary: vocabulary, runs: options.ngrams)
    let special = Vocabulary.specialTokens
    for (id, token) in vocabulary.enumerated() where !special.indices.contains(id) || special[id] != token {
      if let vector = vectors.vector(of: token).flatMap(Self.direction) { tokens.append((token, vector)) }
    }
  }

  /// The `count` nearest to a word, which is not among them, the nearest first; of equals the one with the smaller id.
  /// - Throws: `FileError` when nothing is known of the word.
  public func nearest(to word: String, count: Int) throws(FileError) -> [Neighbour] {
    guard let vector = vectors.vector(of: word) else { throw FileError(file, "its vocabulary has no \"\(word)\"") }
    guard let vector = Self.direction(vector) else { throw FileError(file, "the vector of \"\(word)\" is 0") }
    let name = Name(word)
    let cosines = tokens.indices.lazy.filter { Name(tokens[$0].token) != name }.map { index in
      (index, zip(vector, tokens[index].vector).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return cosines.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(count).map {
      Neighbour(token: tokens[$0].token, cosine: $1)
    }
  }

  /// A vector at length 1; nil of one that has none.
  private static func direction(_ vector: [Float]) -> [Float]? {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? vector.map { Float(Double($0) / length) } : nil
  }
}
