import ArgumentParser
import Filters
import Records
import Text

/// Tokens in, ids out.
@main
struct Tensorize: Program {
  static let configuration = CommandConfiguration(
    commandName: "tensorize",
    abstract: "Add the vocabulary ids of a record's tokens.",
    discussion: """
      Reads JSON Lines with a field "tokens" and writes each record with a field "ids" at its end. A token that the \
      vocabulary does not have gets the id of __UNK__. With --inverse it reads "ids" and adds "tokens".
      """,
    version: rivuletVersion)

  static let example = """
    echo '{"tokens":["hello","world"]}' > tokens.jsonl
    vocab-build tokens.jsonl > vocab.json
    tensorize --vocab vocab.json tokens.jsonl
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions

  @Option(help: ArgumentHelp("The vocabulary, as vocab-build writes it.", valueName: "file"))
  var vocab: String

  @Option(help: "The most ids of a record; what comes after is cut off.")
  var maxLength: Int?

  @Flag(help: "Put the id of __</e>__ after the last token. It counts towards --max-length and stays.")
  var appendEnd = false

  @Flag(help: "Turn ids into tokens.")
  var inverse = false

  func validate() throws {
    guard maxLength ?? 1 >= 1 else { throw ValidationError("--max-length must be 1 or more.") }
  }

  func run() throws {
    guard let vocabulary = Vocabulary(tokens: try VocabularyFile.read(vocab)) else {
      throw FileError(vocab, "a token stands in the vocabulary twice")
    }
    if !inverse {
      for (id, token) in Vocabulary.specialTokens.enumerated() where vocabulary.token(of: id) != token {
        throw FileError(vocab, "the vocabulary must begin with \(token) at id \(id)")
      }
    }
    var worker = Worker(
      vocabulary: vocabulary, maxLength: maxLength ?? .max, appendsEnd: appendEnd, isInverse: inverse,
      only: fields.only.items)
    try LineFilter(input, filter).run(&worker)
  }
}

/// Looks the tokens of one line after the other up.
private struct Worker: LineWorker {
  let vocabulary: Vocabulary
  let maxLength: Int
  let appendsEnd: Bool
  let isInverse: Bool
  let only: [String]
  var fields = NewFields()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    fields.removeAll()
    if isInverse { try addTokens(record) } else { try addIDs(record) }
    record.write(adding: fields, only: only, to: &output)
  }

  private mutating func addIDs(_ record: borrowing Record) throws(RecordError) {
    var ids = try record.texts("tokens").map { vocabulary.id(of: $0) ?? Vocabulary.unknown }
    let room = appendsEnd ? maxLength - 1 : maxLength
    if ids.count > room { ids.removeLast(ids.count - room) }
    if appendsEnd { ids.append(Vocabulary.end) }
    fields.add("ids") { $0.appendJSON(list: ids) { $0.appendJSON($1) } }
  }

  private mutating func addTokens(_ record: borrowing Record) throws(RecordError) {
    var tokens: [String] = []
    for id in try record.integers("ids") {
      guard let token = vocabulary.token(of: id) else {
        throw RecordError("the vocabulary has no id \(id); its ids are 0 to \(vocabulary.count - 1)")
      }
      tokens.append(token)
    }
    fields.add("tokens") { $0.appendJSON(list: tokens) { $0.appendJSON($1) } }
  }
}
