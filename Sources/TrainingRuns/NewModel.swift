import Files
import Filters
import Models
import Neural
import Random
import Text

/// What a new model is made of.
public struct NewModel {
  private let vocabularyFile: String?
  private let labels: [String]?
  private let tokenizer: String?
  private let initFrom: String?
  private let allowsPartial: Bool
  private let pair: [String]?
  private let entityBias: Double?
  private let source: String
  private let expression: (_ ids: Int?) -> String

  /// What a model is made of.
  /// - Parameters:
  ///   - vocabulary: The file of the vocabulary, which becomes a part of the model.
  ///   - labels: The names of the classes.
  ///   - tokenizer: The options of the programs that made the ids. With hashed n-grams among them there are ids beyond
  ///     those of the vocabulary.
  ///   - initFrom: The file that the first weights come from, a model's or word vectors.
  ///   - allowsPartial: Whether it is no error that weights of that file, or all of them, do not fit.
  ///   - pair: The names of the two fields of records that hold the texts, of a model of pairs.
  ///   - entityBias: What is added to the log odds of entities, of a tagger.
  ///   - source: The option that says what the layers are, for messages.
  ///   - layers: The layers as an expression, for a number of ids if there is a vocabulary.
  public init(
    vocabulary: String? = nil, labels: [String]? = nil, tokenizer: String? = nil, initFrom: String? = nil,
    allowsPartial: Bool = false, pair: [String]? = nil, entityBias: Double? = nil, source: String = "--layers",
    layers: @escaping (_ ids: Int?) -> String
  ) {
    vocabularyFile = vocabulary
    (self.labels, self.tokenizer, self.initFrom) = (labels, tokenizer, initFrom)
    self.allowsPartial = allowsPartial
    (self.pair, self.entityBias, self.source) = (pair, entityBias, source)
    expression = layers
  }

  /// The model with its first weights, and what it takes and gives.
  /// - Parameters:
  ///   - key: Where the random numbers of the weights come from.
  ///   - report: Where messages go of what was found in the file of the first weights; standard
  ///     error, if not given.
  /// - Throws: `Failure` that names the option by which what does not fit was given, or `FileError`.
  public func make(
    key: RandomKey, report: (String) -> Void = { Filters.report($0) }
  ) throws -> (model: Model, signature: ModelSignature) {
    let (vocabulary, options) = try vocabularyAndOptions()
    let hashed = options.ngrams?.count ?? 0
    let ids = vocabulary.map { $0.count + hashed }
    // Whatever is wrong with the layers is said before there is memory for them.
    var layers: Serial
    let signature: ModelSignature
    do {
      layers = try LayerExpression(vocabularySize: ids).model(expression(ids))
      signature = try ModelSignature(layers)
    } catch {
      throw Failure("\(source): \(error)")
    }
    if signature.kind == .tagger {
      guard labels != nil else {
        let other =
          signature.classes == signature.ids
          ? "" : ", one that gives a class a record the Mean of the tokens before Dense"
        throw Failure(
          "\(source): \(signature.whyNoLanguageModel); a model that tags every token needs --labels\(other)")
      }
      do { try Tagger.check(options) } catch { throw Failure("--tokenizer: \(error)") }
    }
    guard vocabulary == nil || options.hasWordFeatures == signature.takesSteps else {
      throw Failure(
        signature.takesSteps
          ? "--vocab: the layers take several ids a token, those of vocab-build --word-features"
          : "--vocab: the vocabulary gives several ids a token, which EmbeddingSum takes (--preset tagger)")
    }
    if let labels, labels.count != signature.classes {
      throw Failure(
        "--labels: \(labels.count) names for \(signature.classes) classes, those that the layers give")
    }
    guard pair == nil || signature.isOfPairs else {
      throw Failure("--pair: the layers take single texts; Siamese[…] takes pairs")
    }
    if let ids, signature.ids != ids {
      let ngrams = hashed > 0 ? " and \(hashed) hashed n-grams" : ""
      throw Failure(
        "\(source): the embedding has \(signature.ids) rows, but "
          + "\(vocabularyFile == nil ? "--subwords" : "--vocab") has "
          + "\(ids - hashed) entries\(ngrams)")
    }
    // The weights, their gradients, and what optimizers remember.
    guard hasMemory(forNumbers: 4 * signature.weightCount) else {
      throw Failure("\(source): there is no memory to train \(signature.weightCount) weights")
    }
    do { _ = try layers.initialize(signature.smallestInputs, key: key) } catch { throw Failure("\(source): \(error)") }
    // Two texts are compared by what they share, learned or not: there all rows begin as drawn.
    if let vocabulary, hashed > 0, !signature.isOfPairs { layers.clearIDTable(vocabulary.count...) }
    let kept = options.isEmpty ? nil : "\(options)"
    var model = Model(
      layers: layers, vocabulary: vocabulary, labels: labels, tokenizer: kept, pair: pair,
      entityBias: labels.map(TagDecoder.init).flatMap { $0.takesBias ? entityBias : nil })
    // What training may never see must not be a matter of the first numbers drawn. Taggers learn it where they see it.
    if signature.kind != .languageModel, let unknown = model.unknownID { model.layers.clearIDTable(unknown...unknown) }
    if let initFrom { try load(initFrom, into: &model.layers, vocabulary, options.ngrams, report) }
    return (model, signature)
  }

  /// What the ids stand for, and the options that made them: those of the vocabulary and of the tokenizer.
  private func vocabularyAndOptions() throws -> ([String]?, TokenizerOptions) {
    let options = try TokenizerOptions(tokenizer)
    if let subwords = options.subwords {
      let names = try SubwordFile.read(subwords).names
      guard Set(names.map { Array($0.utf8) }).count == names.count else {
        throw FileError(subwords, "a subword stands in the file twice")
      }
      return (names, options)
    }
    guard let vocabularyFile else { return (nil, options) }
    let file = try VocabularyFile.read(vocabularyFile)
    do throws(TokenizerOptionsError) {
      return (file.tokens, try file.tokenizer.adding(options))
    } catch {
      throw Failure("--tokenizer is not that of \(vocabularyFile): \(error)")
    }
  }

  private func load(
    _ file: String, into layers: inout Serial, _ vocabulary: [String]?, _ ngrams: HashedNGrams?,
    _ report: (String) -> Void
  ) throws {
    let isText = file.hasSuffix(".vec") || file.hasSuffix(".txt")
    if isText {
      guard let vocabulary else { throw Failure("--init-from: word vectors need --vocab") }
      let (found, runs, refused) = try layers.loadWordVectors(
        from: file, vocabulary: vocabulary, ngrams: ngrams, allowsPartial: allowsPartial)
      if let refused { report("\(file): \(refused): not taken") }
      report("\(file): vectors for \(found) of \(vocabulary.count) entries of the vocabulary\(note(runs))")
    } else {
      let warm = WarmStart(
        vocabulary: vocabulary, labels: labels, ngrams: ngrams, allowsPartial: allowsPartial)
      let loaded = try warm.load(from: file, into: &layers)
      for reason in loaded.refused { report("\(file): \(reason): not taken") }
      var parts = ["\(loaded.weights) of \(layers.weights.count) weights"]
      if let found = loaded.tokens {
        parts.append("\(found) tokens found, \(vocabulary!.count - found) new\(note(loaded.runs))")
      }
      if loaded.isByID { parts.append("rows by their ids, since it has no vocabulary") }
      if let found = loaded.labels { parts.append("\(found) labels found, \(labels!.count - found) new") }
      if loaded.state > 0 { parts.append("\(loaded.state) tensors of state") }
      report("\(file): \(parts.joined(separator: "; ")); the run begins at step 0")
    }
  }

  /// What became of the rows of runs of characters, for a message; nothing where there are none.
  private func note(_ runs: (found: Int, count: Int)?) -> String {
    runs.map { ", and the means of words for \($0.found) of \($0.count) runs of characters" } ?? ""
  }
}
