import Files
import Neural
import Text

/// Weights that somebody else has learned, for a model to begin with.
public struct WarmStart: Sendable {
  /// The names of what the model's ids and classes stand for, if they have names.
  public let vocabulary: [String]?, labels: [String]?
  /// What the ids behind those of the vocabulary stand for, if there are any.
  public let ngrams: HashedNGrams?
  /// Whether what does not fit starts fresh, instead of being an error.
  public let allowsPartial: Bool

  /// What was taken.
  public struct Result: Sendable {
    /// The number of weights that were found.
    public internal(set) var weights = 0
    /// The number of tokens, and of classes, whose rows or columns were found by their names; nil where they went by
    /// their indices, since one of the two models has no names.
    public internal(set) var tokens: Int?, labels: Int?
    /// Whether rows went by their ids although the model has a vocabulary, since the file has none.
    public internal(set) var isByID = false
    /// The number of rows of runs of characters that are means of what the file says of words, and that of all; nil
    /// where they were taken as they are, or there are none.
    public internal(set) var runs: (found: Int, count: Int)?
    /// The number of tensors of state that were taken, like the running means of BatchNorm.
    public internal(set) var state = 0
    /// Why weights of the file were not taken, which only happens where it is allowed.
    public internal(set) var refused: [String] = []
  }

  /// - Parameters:
  ///   - vocabulary: The tokens of the model that takes the weights, in the order of their ids.
  ///   - labels: The names of its classes.
  ///   - ngrams: What its ids behind those tokens stand for, if there are any.
  ///   - allowsPartial: Whether weights of another shape, names with nothing in common, and a file of which nothing is
  ///     taken are no errors; what they are not found for starts fresh.
  public init(
    vocabulary: [String]? = nil, labels: [String]? = nil, ngrams: HashedNGrams? = nil, allowsPartial: Bool = false
  ) {
    self.vocabulary = vocabulary
    self.ngrams = ngrams
    self.labels = labels
    self.allowsPartial = allowsPartial
  }

  /// Loads the tensors of a `.safetensors` file that have the names of the model's weights, and what its layers carry
  /// without training it, like running means.
  ///
  /// Where both models have a vocabulary, the rows of the first table of ids go by their tokens, and where both name
  /// their classes, the columns of the last layer go by their labels (of a language model by tokens); rows and columns
  /// that the file does not have stay as they are. Otherwise a tensor must have the shape of the weight.
  ///
  /// The first table of ids of a model of other layers, such as one of word vectors, is taken for that of this one. Where
  /// the hashed ids of both stand for the same, their rows are taken as they are; where not, the rows of tokens are what
  /// the file's table says of them, runs of characters included, and the rows of runs here the means over the tokens of
  /// the file in which they occur.
  /// - Throws: `FileError` when a number is not finite, or a model of ours has a format of another version; and unless a
  ///   part is enough, when a shape does not fit, none of the weights is there, or none of the labels, or of the tokens
  ///   that are no special ones.
  public func load(from file: String, into model: inout Serial) throws(FileError) -> Result {
    let contents = try SafeTensors(contentsOf: file)
    try contents.checkFormat(file: file)
    let tensors = contents.byName
    var (result, failure) = (Result(), nil as FileError?)
    let own = try TableOfFile(contents, file: file)
    let (givesIDs, table, columns) = (model.givesIDs, model.idTable, model.weightsOfClasses)
    let tokens = Matching(vocabulary, try contents.list("vocabulary", in: file))
    let classes = givesIDs ? tokens : Matching(labels, try contents.list("labels", in: file))
    for (matching, name) in [(tokens, "vocabulary"), (classes, "labels")] where matching?.areDisjoint ?? false {
      try refuse("its \(name) and the one here have no entry in common", of: file, &result)
      guard !givesIDs else { break }
    }
    var index = -1
    model.visitWeights { name, weight in
      index += 1
      guard failure == nil else { return }
      guard let tensor = tensors[name] ?? (index == table ? own.flatMap { tensors[$0.name] } : nil) else {
        if contents.otherTypes[name] != nil { failure = FileError(file, contents.absence(of: name)) }
        return
      }
      guard tensor.isFinite else {
        failure = FileError(file, "the tensor \"\(name)\" holds a number that is not finite")
        return
      }
      if index == table, let tokens, let own, let vocabulary, own.hashesOtherwise(than: ngrams),
        own.fits(weight, tensor)
      {
        result.runs = own.fill(&weight, from: tensor, vocabulary, ngrams)
        result.tokens = tokens.found
      } else if index == table, let tokens, tokens.copyRows(of: tensor, into: &weight) {
        result.tokens = tokens.found
      } else if columns.contains(index), let classes, classes.copyColumns(of: tensor, into: &weight) {
        if !givesIDs { result.labels = classes.found }
      } else if tensor.shape == weight.shape {
        weight = tensor
        result.isByID = result.isByID || index == table && vocabulary != nil
      } else {
        let reason = "\"\(name)\" has the shape \(tensor.shape), but here it is \(weight.shape)"
        do throws(FileError) { try refuse(reason, of: file, &result) } catch { failure = error }
        return
      }
      result.weights += 1
    }
    if let failure { throw failure }
    if result.weights == 0, result.refused.isEmpty {
      let names = model.weights.map(\.name).joined(separator: ", ")
      try refuse("none of its tensors has the name of a weight here: \(names)", of: file, &result)
    }
    // What is carried from batch to batch has no shape before the first one, and is not taken.
    model.visitState { name, _, state in
      guard let tensor = tensors[name], tensor.shape == state.shape, state.count > 0 else { return }
      guard tensor.isFinite else {
        failure = FileError(file, "the tensor \"\(name)\" holds a number that is not finite")
        return
      }
      state = tensor
      result.state += 1
    }
    if let failure { throw failure }
    return result
  }

  /// Notes why something is not taken, or throws that as an error.
  private func refuse(_ reason: String, of file: String, _ result: inout Result) throws(FileError) {
    guard allowsPartial else {
      throw FileError(file, "\(reason) (--allow-partial starts what does not fit fresh)")
    }
    result.refused.append(reason)
  }
}

/// The indices of names in two lists that are not in the same order.
private struct Matching {
  private let here: [Name: Int]
  /// The indices there of the names here, in the order of here; nil for names that only one has.
  private let there: [Int?]
  private let count: Int

  /// Nil where one of the two has no names.
  init?(_ here: [String]?, _ there: [String]?) {
    guard let here, let there else { return nil }
    let indicesThere = indices(of: there)
    self.here = indices(of: here)
    self.there = here.map { indicesThere[Name($0)] }
    count = there.count
  }

  /// How many of the names here are there.
  var found: Int { there.count { $0 != nil } }

  /// Whether no name is in both lists; the special tokens, which are in all vocabularies, say nothing.
  var areDisjoint: Bool {
    let special = Set(Vocabulary.specialTokens.map(Name.init))
    let ordinary = here.filter { !special.contains($0.key) }.values
    return !ordinary.isEmpty && ordinary.allSatisfy { there[$0] == nil }
  }

  /// Copies the rows that both have, and those behind the names if they are as many: hashed n-grams have no names, but
  /// the same indices. Returns whether that could be: not where the tables are of another depth.
  func copyRows(of tensor: Tensor, into weight: inout Tensor) -> Bool {
    let depth = weight.depth
    guard tensor.shape.count == 2, tensor.depth == depth, tensor.rows >= count, weight.rows >= there.count else {
      return false
    }
    tensor.withValues { source in
      weight.withMutableValues { target in
        func copy(_ from: Int, to: Int, rows: Int) {
          for index in 0..<rows * depth { target[to * depth + index] = source[from * depth + index] }
        }
        for (row, other) in there.enumerated() { if let other { copy(other, to: row, rows: 1) } }
        let rest = tensor.rows - count
        if target.count / max(depth, 1) - there.count == rest { copy(count, to: there.count, rows: rest) }
      }
    }
    return true
  }

  /// Copies the columns of the last axis that both have. Returns whether that could be: not where the tensors differ
  /// otherwise.
  func copyColumns(of tensor: Tensor, into weight: inout Tensor) -> Bool {
    let (from, to) = (tensor.depth, weight.depth)
    guard tensor.shape.dropLast() == weight.shape.dropLast(), from == count, to == there.count else { return false }
    tensor.withValues { source in
      weight.withMutableValues { target in
        for row in 0..<target.count / max(to, 1) {
          for (column, other) in there.enumerated() {
            if let other { target[row * to + column] = source[row * from + other] }
          }
        }
      }
    }
    return true
  }
}

extension Serial {
  /// Whether the classes of the outputs are the ids of the inputs, as those of a language model.
  fileprivate var givesIDs: Bool { (try? ModelSignature(self))?.kind == .languageModel }

  /// The indices, among the weights, of those of the last layer that has some: the columns of its kernel, and its bias,
  /// belong to the classes.
  fileprivate var weightsOfClasses: Range<Int> {
    let counts = layers.map(\.weights.count)
    guard let last = counts.lastIndex(where: { $0 > 0 }) else { return 0..<0 }
    let first = counts[..<last].reduce(0, +)
    return first..<first + counts[last]
  }
}
