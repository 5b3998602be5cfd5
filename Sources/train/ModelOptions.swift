import ArgumentParser
import Batches
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

  @OptionGroup var labelOptions: LabelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The options of tweet-tokenize and tensorize that made the ids; kept in the model file. With --ngrams among them, \
      Embedding(depth) has rows for the hashed ids, too.
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
    do { _ = try TokenizerOptions(tokenizer) } catch { throw ValidationError("--tokenizer: \(error)") }
    guard isGiven else { return }
    let expression = expression(vocabularySize: nil, classes: labelOptions.given?.count)
    do { _ = try LayerExpression(vocabularySize: vocab == nil ? nil : 3).model(expression) } catch {
      throw ValidationError("--layers: \(error)")
    }
  }

  /// The layers as an expression, for a vocabulary of a size if there is one, and for named classes.
  private func expression(vocabularySize: Int?, classes: Int?) -> String {
    if let layers { return layers }
    if preset == .languageModel {
      let (ids, units) = (vocabularySize ?? 256, units ?? 512)
      let recurrent = String(repeating: "GRU(\(units)) ", count: depth ?? 2)
      return "ShiftRight Embedding(\(ids), \(units)) \(recurrent)Dense(\(ids)) LogSoftmax"
    }
    return "Embedding(\(units ?? 64)) Mean Dropout(0.5) Dense(\(classes ?? 2)) LogSoftmax"
  }

  /// The model with its first weights, and what it takes and gives.
  func model(key: RandomKey, quiet: Bool) throws -> (model: Model, signature: ModelSignature) {
    let labels = try labelOptions.names()?.names
    let vocabulary = try vocab.map { try VocabularyFile.read($0) }
    let hashed = try TokenizerOptions(tokenizer).ngrams?.count ?? 0
    let ids = vocabulary.map { $0.count + hashed }
    // Whatever is wrong with the layers is said before there is memory for them.
    var layers: Serial
    let signature: ModelSignature
    do {
      layers = try LayerExpression(vocabularySize: ids).model(
        expression(vocabularySize: ids, classes: labels?.count))
      signature = try ModelSignature(layers)
    } catch {
      throw Failure("--layers: \(error)")
    }
    if let labels, labels.count != signature.classes {
      throw Failure("--labels: \(labels.count) names for \(signature.classes) classes")
    }
    if let ids, signature.ids != ids {
      let ngrams = hashed > 0 ? " and \(hashed) hashed n-grams" : ""
      throw Failure(
        "--layers: the embedding has \(signature.ids) rows, but --vocab has \(ids - hashed) entries\(ngrams)")
    }
    // The weights, their gradients, and what optimizers remember.
    guard hasMemory(forNumbers: 4 * signature.weightCount) else {
      throw Failure("--layers: there is no memory to train \(signature.weightCount) weights")
    }
    do { _ = try layers.initialize([1, 1], key: key) } catch { throw Failure("--layers: \(error)") }
    if let vocabulary, hashed > 0 { layers.clearIDTable(from: vocabulary.count) }
    if let initFrom { try load(initFrom, into: &layers, vocabulary, labels, quiet) }
    return (Model(layers: layers, vocabulary: vocabulary, labels: labels, tokenizer: tokenizer), signature)
  }

  private func load(
    _ file: String, into layers: inout Serial, _ vocabulary: [String]?, _ labels: [String]?, _ quiet: Bool
  ) throws {
    let isText = file.hasSuffix(".vec") || file.hasSuffix(".txt")
    if isText {
      guard let vocabulary else { throw Failure("--init-from: word vectors need --vocab") }
      let found = try layers.loadWordVectors(from: file, vocabulary: vocabulary)
      if !quiet { report("\(file): vectors for \(found) of \(vocabulary.count) entries of the vocabulary") }
    } else {
      let loaded = try WarmStart(vocabulary: vocabulary, labels: labels).load(from: file, into: &layers)
      guard !quiet else { return }
      var parts = ["\(loaded.weights) of \(layers.weights.count) weights"]
      if let tokens = loaded.tokens { parts.append("rows of \(tokens) of \(vocabulary!.count) tokens") }
      if loaded.isByID { parts.append("rows by their ids, since it has no vocabulary") }
      if let found = loaded.labels { parts.append("columns of \(found) of \(labels!.count) labels") }
      report("\(file): \(parts.joined(separator: ", ")); the run begins at step 0")
    }
  }
}
