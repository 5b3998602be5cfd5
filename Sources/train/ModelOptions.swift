import ArgumentParser
import Files
import Filters
import JSONLines
import Models
import Neural
import Random
import Text

/// What the model is.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model as a layer expression.", valueName: "expression"))
  var layers: String?

  @Option(
    help: """
      A model by name. classifier: Embedding(units) Mean Dropout(0.5) Dense(N) LogSoftmax for N labels (2 without \
      --labels), and Adam(0.003) if no --optimizer is given. gru-lm, a language model: ShiftRight Embedding(units) \
      GRU(units) … Dense(V) LogSoftmax for the V ids of --vocab (256 without), with as many GRUs as --depth says.
      """)
  var preset: Preset?

  @Option(help: "The depth of the preset's embedding and states: 64 of a classifier, 512 of gru-lm, if not given.")
  var units: Int?

  @Option(help: "The number of GRUs in the preset gru-lm; 2 if not given.")
  var depth: Int?

  @Option(help: ArgumentHelp("The vocabulary of the ids; it becomes a part of the model file.", valueName: "file"))
  var vocab: String?

  @Option(help: ArgumentHelp("The names of the classes 0, 1, …", valueName: "a,b,…"))
  var labels: CommaList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The options of tweet-tokenize and tensorize that made the ids, beside those that --vocab tells by itself; kept in \
      the model file, with the subwords of --subwords. With --ngrams among them, Embedding(depth) has rows for the \
      hashed ids, too.
      """, valueName: "options"))
  var tokenizer: String?

  @Option(
    help: ArgumentHelp(
      """
      Begin a new run with weights from another: the tensors of a .safetensors file that have the names of this \
      model's, or word vectors (.vec, GloVe) for the embedding of --vocab. (--resume goes on with a run instead.)
      """, valueName: "file"))
  var initFrom: String?

  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case classifier
    case languageModel = "gru-lm"
  }

  var isGiven: Bool { layers != nil || preset != nil }

  func validate() throws {
    guard layers == nil || preset == nil else { throw ValidationError("Give either --layers or --preset.") }
    guard preset != nil || (units ?? depth) == nil, preset != .classifier || depth == nil else {
      throw ValidationError("--units goes with --preset, --depth with --preset gru-lm.")
    }
    guard 1...65_536 ~= units ?? 1, 1...64 ~= depth ?? 1 else {
      throw ValidationError("--units must be from 1 to 65536, --depth from 1 to 64.")
    }
    if let labels, Set(labels.items).count < max(labels.items.count, 2) {
      throw ValidationError("--labels needs two names or more, all different.")
    }
    do {
      let options = try TokenizerOptions(tokenizer)
      guard options.subwords == nil || vocab == nil else {
        throw ValidationError("--tokenizer: --subwords names the vocabulary; leave --vocab out.")
      }
    } catch let error as TokenizerOptionsError {
      throw ValidationError("--tokenizer: \(error)")
    }
    guard isGiven else { return }
    let hasVocabulary = vocab != nil || (try? TokenizerOptions(tokenizer))?.subwords != nil
    do { _ = try LayerExpression(vocabularySize: hasVocabulary ? 3 : nil).model(expression(vocabularySize: nil)) } catch
    {
      throw ValidationError("--layers: \(error)")
    }
  }

  /// The layers as an expression, for a vocabulary of a size if there is one.
  private func expression(vocabularySize: Int?) -> String {
    if let layers { return layers }
    if preset == .languageModel {
      let (ids, units) = (vocabularySize ?? 256, units ?? 512)
      let recurrent = String(repeating: "GRU(\(units)) ", count: depth ?? 2)
      return "ShiftRight Embedding(\(ids), \(units)) \(recurrent)Dense(\(ids)) LogSoftmax"
    }
    return "Embedding(\(units ?? 64)) Mean Dropout(0.5) Dense(\(labels?.items.count ?? 2)) LogSoftmax"
  }

  /// The model with its first weights, and what it takes and gives.
  func model(key: RandomKey, quiet: Bool) throws -> (model: Model, signature: ModelSignature) {
    let (vocabulary, options) = try vocabularyAndOptions()
    let hashed = options.ngrams?.count ?? 0
    let ids = vocabulary.map { $0.count + hashed }
    // Whatever is wrong with the layers is said before there is memory for them.
    var layers: Serial
    let signature: ModelSignature
    do {
      layers = try LayerExpression(vocabularySize: ids).model(expression(vocabularySize: ids))
      signature = try ModelSignature(layers)
    } catch {
      throw Failure("--layers: \(error)")
    }
    if let labels, labels.items.count != signature.classes {
      throw Failure("--labels: \(labels.items.count) names for \(signature.classes) classes")
    }
    if let ids, signature.ids != ids {
      let ngrams = hashed > 0 ? " and \(hashed) hashed n-grams" : ""
      throw Failure(
        "--layers: the embedding has \(signature.ids) rows, but \(vocab == nil ? "--subwords" : "--vocab") has "
          + "\(ids - hashed) entries\(ngrams)")
    }
    // The weights, their gradients, and what optimizers remember.
    guard hasMemory(forNumbers: 4 * signature.weightCount) else {
      throw Failure("--layers: there is no memory to train \(signature.weightCount) weights")
    }
    do { _ = try layers.initialize([1, 1], key: key) } catch { throw Failure("--layers: \(error)") }
    if let vocabulary, hashed > 0 { layers.clearIDTable(vocabulary.count...) }
    // What training never sees must not be a matter of the first numbers drawn.
    let unknown = Vocabulary.unknown
    if signature.kind == .classifier, let vocabulary, vocabulary.indices.contains(unknown),
      vocabulary[unknown] == Vocabulary.specialTokens[unknown]
    {
      layers.clearIDTable(unknown...unknown)
    }
    if let initFrom { try load(initFrom, into: &layers, vocabulary, quiet) }
    let kept = options.isEmpty ? nil : "\(options)"
    return (Model(layers: layers, vocabulary: vocabulary, labels: labels?.items, tokenizer: kept), signature)
  }

  /// What the ids stand for, and the options that made them: those of the vocabulary and of `--tokenizer`.
  private func vocabularyAndOptions() throws -> ([String]?, TokenizerOptions) {
    let options = try TokenizerOptions(tokenizer)
    if let subwords = options.subwords {
      let names = try SubwordFile.read(subwords).names
      guard Set(names.map { Array($0.utf8) }).count == names.count else {
        throw FileError(subwords, "a subword stands in the file twice")
      }
      return (names, options)
    }
    guard let vocab else { return (nil, options) }
    let file = try VocabularyFile.read(vocab)
    do throws(TokenizerOptionsError) {
      return (file.tokens, try file.tokenizer.adding(options))
    } catch {
      throw Failure("--tokenizer is not that of \(vocab): \(error)")
    }
  }

  private func load(_ file: String, into layers: inout Serial, _ vocabulary: [String]?, _ quiet: Bool) throws {
    let isText = file.hasSuffix(".vec") || file.hasSuffix(".txt")
    if isText {
      guard let vocabulary else { throw Failure("--init-from: word vectors need --vocab") }
      let found = try layers.loadWordVectors(from: file, vocabulary: vocabulary)
      if !quiet { report("\(file): vectors for \(found) of \(vocabulary.count) entries of the vocabulary") }
    } else {
      let loaded = try WarmStart(vocabulary: vocabulary, labels: labels?.items).load(from: file, into: &layers)
      guard !quiet else { return }
      var parts = ["\(loaded.weights) of \(layers.weights.count) weights"]
      if let tokens = loaded.tokens { parts.append("rows of \(tokens) of \(vocabulary!.count) tokens") }
      if loaded.isByID { parts.append("rows by their ids, since it has no vocabulary") }
      if let found = loaded.labels { parts.append("columns of \(found) of \(labels!.items.count) labels") }
      report("\(file): \(parts.joined(separator: ", ")); the run begins at step 0")
    }
  }
}
