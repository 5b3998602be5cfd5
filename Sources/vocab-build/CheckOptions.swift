import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import Text

/// A check of the data in place of a vocabulary.
struct CheckOptions: ParsableArguments {
  @Flag(
    help: """
      Check the data instead, and print what is found: records of an empty text, of a text that occurred before, or \
      before with another label; the labels, and the rare ones.
      """)
  var check = false

  @Option(
    help: ArgumentHelp("With --check: count the records whose text is in this file, too.", valueName: "file"),
    completion: .file())
  var against: String?

  @Option(
    help: ArgumentHelp("With --check: count the tokens that this vocabulary does not have.", valueName: "file"),
    completion: .file())
  var vocab: String?

  @Flag(help: "With --check: write the findings as one JSON object.")
  var json = false

  func validate() throws {
    guard check || against == nil && vocab == nil && !json else {
      throw ValidationError("--against, --vocab and --json go with --check.")
    }
  }

  /// Checks the input.
  func run(_ input: InputOptions, _ filter: FilterOptions, _ text: TextOptions, labelField: String?) throws {
    var vocabulary: Vocabulary?
    if let vocab {
      vocabulary = Vocabulary(tokens: try VocabularyFile.read(vocab).tokens)
      guard vocabulary != nil else { throw FileError(vocab, "a token stands there twice") }
    }
    var check = DataCheck(field: text.field, labelField: labelField, vocabulary: vocabulary)
    if let against { try read(against, input, filter, TextLines(text), into: &check) }
    var worker = CheckWorker(lines: TextLines(text), check: check, isJSON: json, other: against ?? "")
    try LineFilter(input, filter).run(&worker)
  }

  private func read(
    _ file: String, _ input: InputOptions, _ filter: FilterOptions, _ lines: TextLines, into check: inout DataCheck
  ) throws {
    StopSignal.watch()
    var reader = LineReader(
      files: [file], maxLine: input.maxLine.value, stopDescriptor: StopSignal.descriptor,
      isStopped: { StopSignal.isReceived })
    check.beginOther()
    let block = LineBlock()
    while try reader.next(into: block) {
      while let line = block.nextLine() {
        do throws(RecordError) {
          guard let bytes = line.bytes, bytes.count <= input.maxLine.value else {
            throw RecordError("the line is longer than \(input.maxLine) bytes (--max-line)")
          }
          try lines.withRecord(of: bytes) { record throws(RecordError) in try check.addOther(record) }
        } catch {
          guard filter.onError == .skip else { throw Failure(error, in: line) }
          report(Failure(error, in: line).description)
        }
      }
    }
    StopSignal.exitIfReceived()
  }
}

/// Takes one record after the other and writes what was found at the end.
private struct CheckWorker: LineWorker {
  let lines: TextLines
  var check: DataCheck
  let isJSON: Bool
  let other: String

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try check.add(record) }
  }

  func finish(into output: inout Output) throws {
    output.bytes.append(
      contentsOf: isJSON ? check.json : Array(visible(check.text(other: other), keepsLines: true).utf8))
  }
}
