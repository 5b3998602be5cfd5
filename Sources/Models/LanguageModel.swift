import Files
import Neural

/// A model that gives, for every id of a sequence, the probabilities of all ids there given those before it.
///
/// It begins with `ShiftRight`, so that it sees at every step only what went before, with the padding id 0 before the
/// first.
public struct LanguageModel: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// The number of ids.
  public var vocabularySize: Int { signature.ids }
  /// The id before the first of a sequence, that of padding. In passes over whole sequences `ShiftRight` puts it there;
  /// one step at a time, in mode predict, nothing is shifted, and the caller begins with it.
  public static let startID = 0
  private var layers: any Layer

  /// How the kernels are kept.
  public enum Weights: String, Sendable, CaseIterable {
    /// As they were trained.
    case float
    /// Rounded to half precision: half the memory to read, and 11 bits of every number.
    case half
    /// Rounded to whole numbers of 8 bits, with a step for every column: a quarter of the memory to read.
    case int8

    var precision: Inference.Precision {
      switch self {
      case .float: .single
      case .half: .half
      case .int8: .int8
      }
    }
  }

  /// - Throws: `FileError` when the model is no language model.
  public init(_ model: Model, file: String, weights: Weights = .float) throws(FileError) {
    signature = try model.signature(file: file)
    guard signature.kind == .languageModel else {
      let users = signature.kind == .wordVectors ? "" : "predict uses it; "
      throw FileError(
        file,
        (signature.kind == .tagger
          ? signature.whyNoLanguageModel : "the model gives no probabilities of the next id, as a language model does")
          + " (\(users)train --preset gru-lm makes a language model)")
    }
    let vocabularySize = signature.ids
    guard model.vocabulary?.count ?? vocabularySize == vocabularySize else {
      throw FileError(
        file, "its vocabulary has \(model.vocabulary!.count) entries, but its layers take \(vocabularySize) ids")
    }
    do throws(LayerError) {
      layers = try model.layers.specialized(for: Inference(weights.precision))
    } catch {
      throw FileError(file, "\(error)")
    }
  }

  /// The log probabilities `[rows, time, vocabularySize]` at every step of sequences of ids `[rows, time]`.
  /// - Parameter continues: Whether the rows go on where those of the last call ended.
  public mutating func logProbabilities(of ids: Tensor, continues: Bool = false) -> Tensor {
    run(ids, Pass(.eval, continues: continues))
  }

  /// The log probabilities `[rows, vocabularySize]` of the id that follows sequences of ids `[rows, time]`, which go on
  /// where those of the last call ended. The first id of a sequence is `startID`.
  public mutating func logProbabilities(after ids: Tensor) -> Tensor {
    let y = run(ids, Pass(.predict))
    return y.slice(axis: 1, y.shape[1] - 1..<y.shape[1]).reshaped([y.shape[0], vocabularySize])
  }

  /// What the sequences of the last pass hand on to one that continues them, `[rows, ...]` each.
  var carried: [Tensor] {
    var carried: [Tensor] = []
    var layers = layers
    layers.visitState { if $1 == .carried { carried.append($2) } }
    return carried
  }

  /// Lets the next pass, if it continues the last, begin with rows of what was `carried` instead.
  mutating func carry(_ carried: [Tensor], rows: [Int]) {
    var remaining = carried[...]
    layers.visitState { _, kind, state in
      if kind == .carried { state = remaining.removeFirst().selecting(rows: rows) }
    }
  }

  /// Begins new sequences.
  public mutating func restart() { layers.forgetCarry() }

  private mutating func run(_ ids: Tensor, _ pass: Pass) -> Tensor {
    let forward = layers.forward([ids], pass)
    layers.setState(forward.state)
    return forward.outputs[0]
  }
}
