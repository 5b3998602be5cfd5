import ArgumentParser
import Batches
import Filters
import Models
import Neural
import Text
import TrainingRuns

/// What the model is.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model as a layer expression (help lists them).", valueName: "expression"))
  var layers: String?

  @Option(help: "A model by name, with the optimizer that goes with it if no --optimizer is given.")
  var preset: Preset?

  @Option(
    help:
      "The depth of the preset's embedding and states: 64 of a classifier, \(LanguagePreset.units) of gru-lm, \(PairPreset.units) of siamese, \(SkipGramPreset.units) of skipgram, if not given."
  )
  var units: Int?

  @Option(help: "The number of GRUs in the presets gru-lm and gru-lm-trax; \(LanguagePreset.depth) if not given.")
  var depth: Int?

  @Option(
    help: ArgumentHelp(
      "The share of numbers that the presets classifier (0.5 if not given), gru-lm, siamese and tagger drop at random in training.",
      valueName: "share"))
  var dropout: Float?

  @Option(
    help: ArgumentHelp("The vocabulary of the ids; it becomes a part of the model file.", valueName: "file"),
    completion: .file())
  var vocab: String?

  @OptionGroup var labelOptions: LabelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The options of tweet-tokenize and tensorize that made the ids; what --vocab tells by itself may be left out. \
      They are kept in the model file, with the subwords of --subwords. With --ngrams among them, Embedding(depth) has \
      rows for the hashed ids, too.
      """, valueName: "options"))
  var tokenizer: String?

  @Option(
    help: ArgumentHelp(
      """
      Begin a new run with weights from another: the tensors of a .safetensors file that have the names of this \
      model's, or word vectors (.vec, GloVe) for the embedding of --vocab; the first table of ids also from a model of \
      other layers, such as skipgram. Rows go by token and columns by label, where both have names; new tokens and \
      labels start fresh. Rows of runs of characters become the means of the words in which they occur, unless the \
      model has the same runs. (--resume goes on with a run instead.)
      """, valueName: "file"), completion: .file())
  var initFrom: String?

  @Flag(
    help: """
      Let --init-from take what fits and start the rest fresh: weights of another shape, vectors of another depth, or a \
      file of which nothing fits are no errors then, but said.
      """)
  var allowPartial = false

  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case classifier
    case languageModel = "gru-lm"
    case traxLanguageModel = "gru-lm-trax"
    case siamese
    case tagger
    case text
    case skipgram

    /// What the help says of each.
    static let allValueDescriptions = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.help) })

    private var help: String {
      switch self {
      case .classifier:
        """
        Classes of texts: Embedding(units) Mean Dropout(0.5) Dense(N) LogSoftmax for N labels (2 without --labels), \
        and Adam(0.003); with --loss binary-cross-entropy, for several labels a record, LogSigmoid.
        """
      case .languageModel: LanguagePreset.help
      case .traxLanguageModel: LanguagePreset.traxHelp
      case .siamese: PairPreset.help
      case .tagger: TagPreset.help
      case .text: TextPreset.help
      case .skipgram: SkipGramPreset.help
      }
    }

    /// The loss that goes with it, where it is not that which fits the outputs.
    var loss: LossName? { self == .text ? TextPreset.loss : nil }

    /// The optimizer that goes with it.
    var optimizer: String {
      switch self {
      case .classifier: "Adam(0.003)"
      case .languageModel: LanguagePreset.optimizer
      case .traxLanguageModel: "Adam(0.01)"
      case .siamese: PairPreset.optimizer
      case .tagger: TagPreset.optimizer
      case .text: TextPreset.optimizer
      case .skipgram: SkipGramPreset.optimizer
      }
    }

    /// The schedule that goes with the optimizer, if one does, for the number of steps; nil where that must be known.
    var schedule: ((_ steps: Int?) -> String?)? {
      switch self {
      case .text: { $0.map(TextPreset.schedule) }
      case .languageModel: LanguagePreset.schedule
      default: nil
      }
    }

    /// The norm down to which gradients are scaled, if they are.
    var clip: Float? { self == .languageModel ? LanguagePreset.clip : nil }

    var isLanguageModel: Bool { [.languageModel, .traxLanguageModel].contains(self) }
  }

  @Option(
    help: ArgumentHelp(
      "The two fields of records that hold the texts, of a model of pairs: where predict looks for them.",
      valueName: "a,b"))
  var pair: CommaList?

  var isGiven: Bool { layers != nil || preset != nil }

  func validate() throws {
    if layers == "help" { throw CleanExit.message(LayerExpression.listing) }
    guard layers == nil || preset == nil else { throw ValidationError("Give either --layers or --preset.") }
    guard preset != nil || units == nil else { throw ValidationError("--units goes with --preset.") }
    guard preset?.isLanguageModel ?? false || depth == nil else {
      throw ValidationError("--depth goes with --preset gru-lm and gru-lm-trax.")
    }
    guard preset != .text || units == nil else {
      throw ValidationError("--units: the preset text has as many units as there are classes.")
    }
    do { _ = try pair.map { try PairFields($0.items) } } catch { throw ValidationError("--pair: \(error)") }
    guard dropout == nil || preset.map({ ![.traxLanguageModel, .text, .skipgram].contains($0) }) ?? false else {
      throw ValidationError(
        layers == nil
          ? "--dropout goes with --preset classifier, gru-lm, siamese and tagger."
          : "--dropout goes with --preset: write Dropout(…) in --layers.")
    }
    guard 0..<1 ~= dropout ?? 0 else { throw ValidationError("--dropout must be from 0 to below 1.") }
    guard !allowPartial || initFrom != nil else { throw ValidationError("--allow-partial goes with --init-from.") }
    guard 1...65_536 ~= units ?? 1 else { throw ValidationError("--units must be from 1 to 65536.") }
    guard 1...64 ~= depth ?? 1 else { throw ValidationError("--depth must be from 1 to 64.") }
    let hasVocabulary: Bool
    do {
      let options = try TokenizerOptions(tokenizer)
      guard options.subwords == nil || vocab == nil else {
        throw ValidationError("--tokenizer: --subwords names the vocabulary; leave --vocab out.")
      }
      hasVocabulary = vocab != nil || options.subwords != nil
    } catch let error as TokenizerOptionsError {
      throw ValidationError("--tokenizer: \(error)")
    }
    guard isGiven else { return }
    if let preset, !hasVocabulary, [.classifier, .tagger, .text, .skipgram].contains(preset) {
      throw ValidationError(
        "--preset \(preset.rawValue) needs --vocab, the file of vocab-build that the ids were made with.")
    }
    let expression = expression(vocabularySize: nil, classes: labelOptions.given?.count)
    // The vocabulary is not read yet: as many ids as there can be, so that no number that goes by them is too large.
    do {
      _ = try LayerExpression(vocabularySize: hasVocabulary ? LayerExpression.possibleIDCounts.upperBound : nil).model(
        expression)
    } catch {
      throw ValidationError("\(source): \(error)")
    }
  }

  /// The layers as an expression, for a vocabulary of a size if there is one, and for named classes, and
  /// for a loss.
  private func expression(vocabularySize: Int?, classes: Int?, loss: LossName = .crossEntropy) -> String {
    if let layers { return layers }
    if preset == .languageModel {
      return LanguagePreset.layers(units: units, depth: depth, dropout: dropout, ids: vocabularySize)
    }
    if preset == .traxLanguageModel {
      return LanguagePreset.traxLayers(units: units, depth: depth, ids: vocabularySize)
    }
    if preset == .text {
      return TextPreset.layers(
        ids: vocabularySize ?? 0, ngrams: (try? TokenizerOptions(tokenizer))?.ngrams, classes: classes ?? 2, loss: loss)
    }
    if preset == .siamese { return PairPreset.layers(units: units, dropout: dropout, loss: loss) }
    if preset == .tagger { return TagPreset.layers(units: units, dropout: dropout, tags: classes ?? 2) }
    if preset == .skipgram { return SkipGramPreset.layers(units: units, ids: vocabularySize, tokenizer: tokenizer) }
    return "Embedding(\(units ?? 64)) Mean Dropout(\(dropout ?? 0.5)) Dense(\(classes ?? 2)) \(loss.outputLayer)"
  }

  /// The option that says what the layers are.
  private var source: String { layers == nil ? "--preset" : "--layers" }

  /// What the model is made of, for a loss if one is named; the names of a file of labels are read.
  func newModel(_ loss: LossName?) throws -> NewModel {
    let labels = try labelOptions.names()?.names
    return NewModel(
      vocabulary: vocab, labels: labels, tokenizer: tokenizer, initFrom: initFrom, allowsPartial: allowPartial,
      pair: pair?.items, entityBias: preset == .tagger ? TagPreset.entityBias : nil, source: source
    ) {
      expression(vocabularySize: $0, classes: labels?.count, loss: loss ?? .crossEntropy)
    }
  }
}
