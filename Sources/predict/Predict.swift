import ArgumentParser
import Filters
import Neural
import Records
import Synchronization
import Text

/// Records with tokens in, records with predictions out.
@main
struct Predict: Program {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Add a trained model's prediction to each record.",
    discussion: """
      Reads JSON Lines with "tokens" (or "ids", if the record has no tokens or the model no vocabulary) and writes each \
      record with "log_probabilities", "prediction" (the most probable class) and, if the classes have names, \
      "label_name" at its end. Every record is predicted by itself, without padding.
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

  @Option(help: ArgumentHelp("The model file, as train writes it.", valueName: "file"))
  var model: String

  @Flag(help: "Compare with the field \"label\" and report accuracy, precision, recall and F1 on standard error.")
  var report = false

  @Option(help: ArgumentHelp("Write the report to a file instead.", valueName: "file"))
  var reportFile: String?

  @Option(help: "The number of threads. The output is the same for any number.")
  var threads = 1

  func validate() throws {
    guard 1...256 ~= threads else { throw ValidationError("--threads must be from 1 to 256.") }
  }

  func run() throws {
    setMatrixThreads(1)
    let model = try Model(contentsOf: model)
    let vocabulary = model.vocabulary.flatMap { Vocabulary(tokens: $0) }
    guard (vocabulary == nil) == (model.vocabulary == nil) else {
      throw FileError(self.model, "a token stands in the vocabulary twice")
    }
    let classifier = try Classifier(model, file: self.model)
    let needsLabel = report || reportFile != nil
    let tally = Tally(classes: classifier.classes)
    try LineFilter(input, filter).run(threads: threads) { [only = fields.only.items] in
      Worker(classifier: classifier, vocabulary: vocabulary, only: only, tally: needsLabel ? tally : nil)
    }
    guard needsLabel else { return }
    let text = classificationReport(tally.matrix.withLock { $0 }, labels: classifier.labels)
    if let reportFile {
      try AtomicFile.write(to: reportFile) { descriptor throws(FileError) in
        var output = Output(descriptor: descriptor, name: reportFile)
        output.bytes = Array(text.utf8)
        try output.flush()
      }
    } else {
      writeToStandardError(text)
    }
  }
}

/// The counts of all threads.
private final class Tally: Sendable {
  let matrix: Mutex<ConfusionMatrix>
  init(classes: Int) { matrix = Mutex(ConfusionMatrix(classes: classes)) }
}

/// Predicts one line after the other.
private struct Worker: LineWorker {
  let classifier: Classifier
  let vocabulary: Vocabulary?
  let only: [String]
  let tally: Tally?
  var fields = NewFields()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let logProbabilities = classifier(try ids(record))
    let prediction = logProbabilities.argmax()[0]
    if let tally {
      let label = try record.integer("label")
      guard 0..<classifier.classes ~= label else {
        throw RecordError("field \"label\" is \(label), but the model has \(classifier.classes) classes")
      }
      tally.matrix.withLock { $0.add(label: label, prediction: prediction) }
    }
    fields.removeAll()
    fields.add("log_probabilities") { $0.appendJSON(list: logProbabilities.values) { $0.appendJSON($1) } }
    fields.add("prediction") { $0.appendJSON(prediction) }
    if let labels = classifier.labels { fields.add("label_name") { $0.appendJSON(labels[prediction]) } }
    record.write(adding: fields, only: only, to: &output)
  }

  private func ids(_ record: borrowing Record) throws(RecordError) -> [Int] {
    if let vocabulary, record.value("tokens") != nil {
      return try record.texts("tokens").map { vocabulary.id(of: $0) ?? Vocabulary.unknown }
    }
    guard record.value("ids") != nil else {
      let kind = vocabulary == nil ? "field \"ids\" is missing" : "fields \"tokens\" and \"ids\" are missing"
      let options = classifier.tokenizer.map { $0.isEmpty ? "" : " \($0)" } ?? ""
      throw RecordError(record.value("text") == nil ? kind : "\(kind); pipe the text through tweet-tokenize\(options)")
    }
    let ids = try record.integers("ids")
    if let id = ids.first(where: { !(0..<classifier.vocabularySize ~= $0) }) {
      throw RecordError("field \"ids\" holds \(id), but the model has \(classifier.vocabularySize) entries")
    }
    return ids
  }
}
