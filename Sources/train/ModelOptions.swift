import ArgumentParser
import Filters
import Models
import Neural
import Text
import TrainingRuns

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
    if let labels, Set(labels.items).count < max(labels.items.count, 2) {
      throw ValidationError("--labels needs two names or more, all different.")
    }
    do { _ = try TokenizerOptions(tokenizer) } catch { throw ValidationError("--tokenizer: \(error)") }
    guard isGiven else { return }
    do { _ = try LayerExpression(vocabularySize: vocab == nil ? nil : 3).model(expression(vocabularySize: nil)) } catch
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

  /// What the model is made of.
  var newModel: NewModel {
    NewModel(vocabulary: vocab, labels: labels?.items, tokenizer: tokenizer, initFrom: initFrom) {
      expression(vocabularySize: $0)
    }
  }
}
