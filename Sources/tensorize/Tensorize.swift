import ArgumentParser
import Filters
import Records
import Text

/// Tokens or characters in, ids out.
@main
struct Tensorize: Program {
  static let configuration = CommandConfiguration(
    commandName: "tensorize",
    abstract: "Add the vocabulary ids of a record's tokens, or of its text's characters.",
    discussion: """
      Reads JSON Lines with a field "tokens" and writes each record with a field "ids" at its end. A token that the \
      vocabulary does not have gets the id of __UNK__. With --inverse it reads "ids" and adds "tokens".

      With --characters it reads "text" and writes the ids of its code points, or without --vocab the bytes of its \
      UTF-8, of which 0 means padding and 1 the end of a line. A line feed in the text is an end, too. With --inverse it reads \
      "ids" and adds "text". With --subwords it takes pieces of words instead, as Tensor2Tensor and Trax do.
      """,
    version: rivuletVersion)

  static let example = """
    echo '{"tokens":["hello","world"]}' > tokens.jsonl
    vocab-build tokens.jsonl > vocab.json
    tensorize --vocab vocab.json tokens.jsonl
    echo 'Whan that Aprille' | tensorize --characters --plain --append-end
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup(title: "Input and output") var text: TextOptions

  @Option(help: ArgumentHelp("The vocabulary, as vocab-build writes it.", valueName: "file"))
  var vocab: String?

  @Flag(help: "Take the characters of the text instead of tokens.")
  var characters = false

  @Option(
    help: ArgumentHelp(
      "Take the subwords of the text instead, of a .subword file of Tensor2Tensor or of vocab-build.", valueName: "file"
    ))
  var subwords: String?

  @OptionGroup var shaping: CharacterOptions

  @Flag(help: "With --plain: blank lines are texts, too.")
  var keepBlankLines = false

  @Option(
    help: ArgumentHelp(
      "Add the ids of runs of up to so many neighbouring tokens, hashed, behind those of the vocabulary.",
      valueName: "n"))
  var ngrams: Int?

  @Option(help: ArgumentHelp("With --ngrams: the number of their ids is 2 to this power.", valueName: "bits"))
  var hashBits = 20

  @Option(help: "The most ids of a record; what comes after is cut off.")
  var maxLength: Int?

  @Flag(
    help: """
      Put the id of __</e>__ after the last one. It counts towards --max-length and stays. With --inverse --characters, take \
      it away.
      """)
  var appendEnd = false

  @Flag(help: "Turn ids into tokens or text.")
  var inverse = false

  func validate() throws {
    guard maxLength ?? 1 >= 1 else { throw ValidationError("--max-length must be 1 or more.") }
    guard vocab != nil || characters || subwords != nil else {
      throw ValidationError("--vocab is needed, unless --characters or --subwords is given.")
    }
    if let ngrams {
      guard 2...8 ~= ngrams, 1...23 ~= hashBits else {
        throw ValidationError("--ngrams must be from 2 to 8, --hash-bits from 1 to 23.")
      }
      guard vocab != nil, !characters, !inverse else { throw ValidationError("--ngrams goes with tokens and --vocab.") }
    }
    guard subwords == nil || !characters && vocab == nil else {
      throw ValidationError("Give only one of --subwords, --characters and --vocab.")
    }
    guard characters || !(shaping.lowercase || shaping.trim) else {
      throw ValidationError("--lowercase and --trim go with --characters.")
    }
    guard characters || subwords != nil || !text.plain else {
      throw ValidationError("--plain goes with --characters and --subwords.")
    }
    guard text.plain || !keepBlankLines else { throw ValidationError("--keep-blank-lines goes with --plain.") }
  }

  func run() throws {
    let vocabulary = try vocab.map { try Self.vocabulary($0, isChecked: !inverse) }
    let subwords = try self.subwords.map { file throws(FileError) in
      guard let subwords = SubwordVocabulary(file: try WholeFile.read(file)) else {
        throw FileError(file, "no UTF-8 text with a subword a line")
      }
      return subwords
    }
    var worker = Worker(
      vocabulary: vocabulary, ngrams: ngrams.map { HashedNGrams(longest: $0, bits: hashBits) }, subwords: subwords,
      characters: characters
        ? CharacterEncoding(vocabulary: vocabulary, lowercases: shaping.lowercase, trims: shaping.trim) : nil,
      lines: TextLines(text), maxLength: maxLength ?? .max, appendsEnd: appendEnd, isInverse: inverse,
      only: fields.only.items)
    try LineFilter(input, filter, keepsBlankLines: keepBlankLines).run(&worker)
  }

  /// Reads a vocabulary and sees to it that it begins with the special tokens.
  private static func vocabulary(_ file: String, isChecked: Bool) throws -> Vocabulary {
    guard let vocabulary = Vocabulary(tokens: try VocabularyFile.read(file)) else {
      throw FileError(file, "a token stands in the vocabulary twice")
    }
    guard isChecked else { return vocabulary }
    for (id, token) in Vocabulary.specialTokens.enumerated() where vocabulary.token(of: id) != token {
      throw FileError(file, "the vocabulary must begin with \(token) at id \(id)")
    }
    return vocabulary
  }
}

/// Looks the tokens or characters of one line after the other up.
private struct Worker: LineWorker {
  let vocabulary: Vocabulary?
  let ngrams: HashedNGrams?
  let subwords: SubwordVocabulary?
  let characters: CharacterEncoding?
  let lines: TextLines
  let maxLength: Int
  let appendsEnd: Bool
  let isInverse: Bool
  let only: [String]
  var fields = NewFields()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in
      fields.removeAll()
      if let subwords {
        try isInverse ? addText(record, subwords) : addIDs(subwords.ids(of: record, lines.field))
        return record.write(adding: fields, only: only, to: &output)
      }
      switch (characters, isInverse) {
      case (let characters?, true): try addText(record, characters)
      case (let characters?, false): addIDs(characters.ids(of: try record.text(lines.field)))
      case (nil, true): try addTokens(record)
      case (nil, false):
        let tokens = try record.texts("tokens")
        addIDs(tokens.map { vocabulary!.id(of: $0) ?? Vocabulary.unknown }, ngramsOf: tokens)
      }
      record.write(adding: fields, only: only, to: &output)
    }
  }

  /// Adds ids, cut to their length, and those of the runs of tokens.
  private mutating func addIDs(_ ids: [Int], ngramsOf tokens: [Bytes] = []) {
    var ids = ids
    let room = appendsEnd ? maxLength - 1 : maxLength
    if ids.count > room { ids.removeLast(ids.count - room) }
    if appendsEnd { ids.append(Vocabulary.end) }
    ngrams?.append(tokens, after: vocabulary!.count, to: &ids)
    fields.add("ids") { $0.appendJSON(list: ids) { $0.appendJSON($1) } }
  }

  private mutating func addTokens(_ record: borrowing Record) throws(RecordError) {
    let tokens = try record.integers("ids").map { id throws(RecordError) in
      try checked(id, below: vocabulary!.count)
      return vocabulary!.token(of: id)!
    }
    fields.add("tokens") { $0.appendJSON(list: tokens) { $0.appendJSON($1) } }
  }

  private mutating func addText(_ record: borrowing Record, _ characters: CharacterEncoding) throws(RecordError) {
    var text: [UInt8] = []
    var ids = try record.integers("ids")
    if appendsEnd, ids.last == Vocabulary.end { ids.removeLast() }
    for id in ids {
      try checked(id, below: characters.count)
      characters.append(id, to: &text)
    }
    fields.add(lines.field) { $0.appendJSON(String(decoding: text, as: UTF8.self)) }
  }

  private mutating func addText(_ record: borrowing Record, _ subwords: SubwordVocabulary) throws(RecordError) {
    var ids = try record.integers("ids")
    for id in ids { try checked(id, below: subwords.count) }
    if appendsEnd, ids.last == Vocabulary.end { ids.removeLast() }
    var text: [UInt8] = []
    subwords.append(ids, to: &text)
    fields.add(lines.field) { $0.appendJSON(String(decoding: text, as: UTF8.self)) }
  }

  private func checked(_ id: Int, below count: Int) throws(RecordError) {
    guard 0..<count ~= id else { throw RecordError("the vocabulary has no id \(id); its ids are 0 to \(count - 1)") }
  }
}

extension SubwordVocabulary {
  /// The ids of a record's text.
  fileprivate func ids(of record: borrowing Record, _ field: String) throws(RecordError) -> [Int] {
    guard let ids = ids(of: try record.text(field)) else {
      throw RecordError("the subwords lack a character that is in their own alphabet")
    }
    return ids
  }
}
