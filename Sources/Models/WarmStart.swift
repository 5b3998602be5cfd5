import Files
import Neural

/// Weights that somebody else has learned, for a model to begin with.
public struct WarmStart: Sendable {
  /// The names of what the model's ids and classes stand for, if they have names.
  public let vocabulary: [String]?, labels: [String]?

  /// What was taken.
  public struct Result: Sendable {
    /// The number of weights that were found.
    public internal(set) var weights = 0
    /// The number of tokens, and of classes, whose rows or columns were found by their names; nil where they went by
    /// their indices, since one of the two models has no names.
    public internal(set) var tokens: Int?, labels: Int?
    /// Whether rows went by their ids although the model has a vocabulary, since the file has none.
    public internal(set) var isByID = false
  }

  /// - Parameters:
  ///   - vocabulary: The tokens of the model that takes the weights, in the order of their ids.
  ///   - labels: The names of its classes.
  public init(vocabulary: [String]? = nil, labels: [String]? = nil) {
    self.vocabulary = vocabulary
    self.labels = labels
  }

  /// Loads the tensors of a `.safetensors` file that have the names of the model's weights, and what its layers carry
  /// without training it, like running means.
  ///
  /// Where both models have a vocabulary, the rows of the first table of ids go by their tokens, and where both name
  /// their classes, the columns of the last layer go by their labels (of a language model by tokens); rows and columns
  /// that the file does not have stay as they are. Otherwise a tensor must have the shape of the weight.
  /// - Throws: `FileError` when a shape does not fit, a number is not finite, none of the weights is there, or none of
  ///   the tokens or labels.
  public func load(from file: String, into model: inout Serial) throws(FileError) -> Result {
    let contents = try SafeTensors(contentsOf: file)
    let tensors = contents.byName
    var (result, failure) = (Result(), nil as FileError?)
    let (givesIDs, table, columns) = (model.givesIDs, model.idTable, model.weightsOfClasses)
    let tokens = try Matching(vocabulary, contents.list("vocabulary", in: file), "vocabulary", file)
    let classes = try givesIDs ? tokens : Matching(labels, contents.list("labels", in: file), "labels", file)
    var index = -1
    model.visitWeights { name, weight in
      index += 1
      guard failure == nil else { return }
      guard let tensor = tensors[name] else {
        if contents.otherTypes[name] != nil { failure = FileError(file, contents.absence(of: name)) }
        return
      }
      guard tensor.isFinite else {
        failure = FileError(file, "the tensor \"\(name)\" holds a number that is not finite")
        return
      }
      if index == table, let tokens, let found = tokens.copyRows(of: tensor, into: &weight) {
        result.tokens = found
      } else if columns.contains(index), let classes, let found = classes.copyColumns(of: tensor, into: &weight) {
        if !givesIDs { result.labels = found }
      } else if tensor.shape == weight.shape {
        weight = tensor
        result.isByID = result.isByID || index == table && vocabulary != nil
      } else {
        failure = FileError(
          file, "\"\(name)\" has the shape \(tensor.shape), but here it is \(weight.shape)")
        return
      }
      result.weights += 1
    }
    if let failure { throw failure }
    guard result.weights > 0 else {
      let names = model.weights.map(\.name).joined(separator: ", ")
      throw FileError(file, "none of its tensors has the name of a weight here: \(names)")
    }
    // What is carried from batch to batch has no shape before the first one, and is not taken.
    model.visitState { name, _, state in
      if let tensor = tensors[name], tensor.shape == state.shape, tensor.isFinite { state = tensor }
    }
    return result
  }
}

/// The indices of names in two lists that are not in the same order.
private struct Matching {
  private let here: [Name: Int]
  /// The indices there of the names here, in the order of here; nil for names that only one has.
  private let there: [Int?]
  private let count: Int

  /// Nil where one of the two has no names.
  /// - Throws: `FileError` when no name is in both.
  init?(_ here: [String]?, _ there: [String]?, _ what: String, _ file: String) throws(FileError) {
    guard let here, let there else { return nil }
    let indicesThere = indices(of: there)
    self.here = indices(of: here)
    self.there = here.map { indicesThere[Name($0)] }
    count = there.count
    guard self.there.contains(where: { $0 != nil }) else {
      throw FileError(file, "its \(what) and the one here have no entry in common")
    }
  }

  private var found: Int { there.count { $0 != nil } }

  /// Copies the rows that both have, and those behind the names if they are as many: hashed n-grams have no names, but
  /// the same indices. Returns how many names were found; nil where the tables are of another depth.
  func copyRows(of tensor: Tensor, into weight: inout Tensor) -> Int? {
    let depth = weight.depth
    guard tensor.shape.count == 2, tensor.depth == depth, tensor.rows >= count, weight.rows >= there.count else {
      return nil
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
    return found
  }

  /// Copies the columns of the last axis that both have. Returns how many; nil where the tensors differ otherwise.
  func copyColumns(of tensor: Tensor, into weight: inout Tensor) -> Int? {
    let (from, to) = (tensor.depth, weight.depth)
    guard tensor.shape.dropLast() == weight.shape.dropLast(), from == count, to == there.count else { return nil }
    tensor.withValues { source in
      weight.withMutableValues { target in
        for row in 0..<target.count / max(to, 1) {
          for (column, other) in there.enumerated() {
            if let other { target[row * to + column] = source[row * from + other] }
          }
        }
      }
    }
    return found
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
