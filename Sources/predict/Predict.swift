import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Reports
import Text
import Threads

/// Records with tokens in, records with predictions out.
@main
struct Predict: Program {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Add a trained model's prediction to each record.",
    discussion: """
      Reads JSON Lines with "text", "tokens" or "ids" and writes each record with "log_probabilities", "prediction" \
      (the most probable class), if the classes have names "label_name", and "probability" at its end. Every record is \
      predicted by itself, without padding. With --threshold, "prediction" and "label_name" are null where no class is \
      probable enough; "probability" is that of the most probable class also then.

      A text becomes ids by the options that the model holds (train --vocab and --tokenizer), as tweet-tokenize and \
      tensorize would make them; by the defaults of tweet-tokenize if it has a vocabulary and no options. "tokens" are \
      taken before "ids", "ids" before the text. Tokens that were made with other options than the model's, as far as \
      that is known by "tokenizer" or by a text beside them, are an error.

      --explain adds "explanation": "log_odds", the log probability of the most probable class less the mean of those \
      of the others; "for" and "against", the tokens (n-grams, characters, or ids without names) that add most to it \
      and take most from it, with how much in nats, all places of a token together; and "method". For layers Embedding \
      Mean Dense LogSoftmax that is "mean": "bias", "for", "against" and "others", the tokens not listed, add up to \
      "log_odds". For any other model it is "leave-one-out": the log odds less those of the text without the token.
      """,
    version: rivuletVersion)

  static let example = """
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[5],"label":0}' > examples.jsonl
    batch --batch-size 2 --repeat examples.jsonl |
      train --layers 'Embedding(6, 8) Mean Dense(2) LogSoftmax' --steps 50 --seed 1 --model small.safetensors
    predict --model small.safetensors --report examples.jsonl
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup(title: "Input and output") var text: TextOptions

  @Option(help: .modelFile)
  var model: String

  @Option(
    help: ArgumentHelp(
      "Add \"top\", the n most probable classes, each with prediction, label_name and probability.", valueName: "n"))
  var top: Int?

  @Option(help: ArgumentHelp("Predict nothing where the best class is less probable than this.", valueName: "p"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Add \"explanation\": the n tokens that speak most for the prediction and the n that speak most against it.",
      valueName: "n"))
  var explain: Int?

  @Flag(
    help:
      "Compare with the label (a class or its name) and report accuracy, precision, recall, F1 and calibration on standard error."
  )
  var report = false

  @Option(
    help: ArgumentHelp(
      """
      Write the report to a file instead: a page with pictures if it ends in .html, an object if in .json, else text. \
      The confusion matrix is there for up to 50 classes; for more, the confusions that occur.
      """,
      valueName: "file"))
  var reportFile: String?

  @OptionGroup var labelOptions: LabelFieldOptions
  @OptionGroup var trust: TrustOptions

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard labelOptions.labelField == nil || report || reportFile != nil else {
      throw ValidationError("--label-field goes with --report and --report-file: nothing else reads labels.")
    }
    guard top ?? 1 >= 1 else { throw ValidationError("--top must be 1 or more.") }
    guard explain ?? 1 >= 1 else { throw ValidationError("--explain must be 1 or more.") }
    guard 0...1 ~= threshold ?? 0 else { throw ValidationError("--threshold must be from 0 to 1.") }
  }

  func run() throws {
    try setMatrixThreads(1)
    let output = try reportOutput()
    let classifier = try Classifier(Model(contentsOf: model), file: model)
    // Where there is no table of what each id counts, every thread multiplies matrices.
    if !classifier.hasTable { try setMatrixThreads(1, callers: threading.threads) }
    let labels = try labelField(of: classifier)
    let empty = ClassificationReport(labels: classifier.labels, classes: classifier.signature.classes)
    let counts = report || reportFile != nil ? Locked(empty) : nil
    try LineFilter(input, filter, keepsBlankLines: text.plain).run(threads: threading.threads) {
      [only = fields.only.items, text, trust, top, explain, threshold] in
      let lines = TextLines(text)
      return Worker(
        classifier: classifier, lines: lines,
        ids: ClassifierInput(classifier, lines: lines, trustsTokens: trust.trustTokens), labels: labels, only: only,
        top: top, explain: explain, threshold: threshold ?? 0, counts: counts)
    }
    guard let report = counts?.withLock({ $0 }) else { return }
    guard !report.isEmpty else { throw Failure("there were no records with labels to report on") }
    try write(report, to: output)
  }

  /// Where the labels of the records are, which are the model's.
  private func labelField(of classifier: Classifier) throws(FileError) -> LabelField {
    let names: LabelNames?
    do throws(RecordError) {
      names = try classifier.labels.map { names throws(RecordError) in try LabelNames(names) }
    } catch {
      throw FileError(model, "its labels: \(error)")
    }
    return LabelField(
      labelOptions.labelField, names: names, classes: classifier.signature.classes,
      advice: "train --labels gives a model names")
  }

  /// The file of the report. That it can be written is found out before the work.
  private func reportOutput() throws -> OutputFile? {
    guard let reportFile else { return nil }
    let output = try OutputFile(reportFile)
    let inputs = input.files.isEmpty ? ["-"] : input.files
    for (other, input) in [("--model", model)] + inputs.map({ ("the input", $0) }) {
      if let path = output.path, input == "-" ? Folder.isSame(path, descriptor: 0) : Folder.isSame(path, input) {
        throw Failure("\(reportFile): --report-file would write over \(other)")
      }
    }
    try output.check()
    return output
  }

  private func write(_ report: ClassificationReport, to file: OutputFile?) throws(FileError) {
    guard let file else { return writeToStandardError(report.text) }
    try file.write(report.contents(as: ReportFormat(ofFile: file.name)))
  }
}

/// Predicts one line after the other.
private struct Worker: LineWorker {
  let classifier: Classifier
  let lines: TextLines
  var ids: ClassifierInput
  let labels: LabelField
  let only: [String]
  let top: Int?
  let explain: Int?
  let threshold: Double
  /// The counts of all threads.
  let counts: Locked<ClassificationReport>?
  var fields = NewFields()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try predict(record, into: &output) }
  }

  private mutating func predict(_ record: borrowing Record, into output: inout [UInt8]) throws(RecordError) {
    let ids = try self.ids.ids(of: record)
    let prediction = Prediction(try classifier(ids))
    let predicted = prediction.label(threshold: threshold)
    if let counts {
      let label = try labels.label(of: record)
      counts.withLock { $0.add(label: label, prediction: predicted, confidence: prediction.confidence) }
    }
    fields.removeAll()
    fields.add("log_probabilities") { $0.appendJSON(list: prediction.logProbabilities) { $0.appendJSON($1) } }
    fields.add("prediction", predicted)
    if let labels = classifier.labels { fields.add("label_name", predicted.map { labels[$0] }) }
    fields.add("probability", prediction.probability)
    if let top { add(prediction.mostProbable(top)) }
    if let explain {
      let explanation = try classifier.explanation(of: prediction, ids: ids, names: self.ids.names(of: record, ids))
      fields.add("explanation", explanation, most: explain)
    }
    try record.write(adding: fields, only: only, to: &output)
  }

  private mutating func add(_ top: [(label: Int, probability: Float)]) {
    fields.add("top") { output in
      output.appendJSON(list: top) { output, entry in
        output.appendObject { object in
          object.add("prediction", entry.label)
          if let labels = classifier.labels { object.add("label_name", labels[entry.label]) }
          object.add("probability", entry.probability)
        }
      }
    }
  }
}
