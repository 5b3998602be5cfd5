import Files
import Neural
import Text

/// The first table of ids of a model in a file, and what its rows stand for.
struct TableOfFile {
  /// The name of its tensor.
  let name: String
  private let vocabulary: [String]?
  private let ngrams: HashedNGrams?

  /// Nil where the file holds no model of ours, or one without a table.
  /// - Throws: `FileError` when what the file says of its ids can't be read.
  init?(_ contents: SafeTensors, file: String) throws(FileError) {
    guard contents.metadata["format"] == "rivulet", let expression = contents.metadata["layers"],
      let layers = try? LayerExpression().model(expression), let index = layers.idTable,
      let plan = try? ModelShapes(layers).plan
    else { return nil }
    name = plan.weights[index].name
    vocabulary = try contents.list("vocabulary", in: file)
    ngrams = try TokenizerOptions(contents.metadata["tokenizer"], ofModel: file).ngrams
  }

  /// Whether runs of characters are among the ids there or here, but not the same.
  func hashesOtherwise(than here: HashedNGrams?) -> Bool {
    guard ngrams?.characters != nil || here?.characters != nil else { return false }
    return ngrams?.characters != here?.characters || ngrams?.bits != here?.bits
  }

  /// Whether a tensor is this table, and a weight one for vectors of its depth.
  func fits(_ weight: Tensor, _ tensor: Tensor) -> Bool {
    guard let vocabulary, tensor.shape.count == 2, weight.shape.count == 2, tensor.depth == weight.depth else {
      return false
    }
    return tensor.rows >= vocabulary.count + (ngrams?.count ?? 0)
  }

  /// Sets the rows of tokens to what the table says of them, and those of runs behind them to the means of the tokens of
  /// the file in which they occur. Returns how many of the runs occur, and how many there are, if there are runs.
  /// - Precondition: The table `fits`.
  func fill(
    _ weight: inout Tensor, from table: Tensor, _ tokens: [String], _ here: HashedNGrams?
  ) -> (found: Int, count: Int)? {
    let vectors = TokenVectors(table: table, vocabulary: vocabulary!, runs: ngrams)
    let depth = weight.depth
    weight.withMutableValues { weight in
      for (row, token) in tokens.enumerated() {
        guard let vector = vectors.vector(of: token) else { continue }
        for (index, value) in vector.enumerated() { weight[row * depth + index] = value }
      }
    }
    guard var runs = RunMeans(here, depth: depth) else { return nil }
    let special = Vocabulary.specialTokens
    for (id, token) in vocabulary!.enumerated() where !special.indices.contains(id) || special[id] != token {
      guard let vector = vectors.vector(of: token) else { continue }
      var token = token
      token.withUTF8 { runs.add($0, vector) }
    }
    runs.fill(&weight, behind: tokens.count)
    return (runs.found, runs.count)
  }
}
