import Batches
import Files
import Filters
import JSONLines
import Text

/// Looks the tokens or characters of one line after the other up.
struct EncodingWorker: LineWorker {
  let encoding: TextEncoding
  /// How the vocabulary's tokens were made; nil where it does not matter.
  let tokenizer: TokenizerOptions?
  var recordTokenizer = RecordTokenizer()
  let lines: TextLines
  /// The field for the ids.
  let into: String
  let appendsEnd: Bool
  let isInverse: Bool
  /// The names of the tags, where tokens have some.
  let tags: LabelNames?
  let only: [String]
  var fields = NewFields(adders: ["tag_ids": "--tags"])

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in
      fields.removeAll()
      if isInverse {
        try addInverse(of: record)
      } else {
        let ids: [Int]
        if case .tokens(let tokens) = encoding, tokens.hasWordFeatures {
          let steps = tokens.steps(of: try lines.tokens(of: record))
          try checkTokenizer(of: record)
          fields.add(into) { $0.appendJSON(list: steps) { $0.appendJSON(list: $1) { $0.appendJSON($1) } } }
          ids = steps.map { $0[0] }
        } else {
          ids = try self.ids(of: record)
          fields.add(into) { $0.appendJSON(list: ids) { $0.appendJSON($1) } }
        }
        if let tags {
          // Where ids were cut off, so are the tags.
          let tagIDs = try tags.tagIDs("tags", of: record, tokens: lines.tokens(of: record).count).prefix(ids.count)
          fields.add("tag_ids") { $0.appendJSON(list: tagIDs) { $0.appendJSON($1) } }
        }
      }
      try record.write(adding: fields, only: only, to: &output)
    }
  }

  private mutating func ids(of record: borrowing Record) throws(RecordError) -> [Int] {
    switch encoding {
    case .tokens(let tokens):
      let ids = tokens.ids(of: try lines.tokens(of: record))
      try checkTokenizer(of: record)
      return ids
    case .characters(let characters): return characters.ids(of: try lines.text(of: record))
    case .subwords(let subwords):
      guard let ids = subwords.ids(of: try lines.text(of: record)) else {
        throw RecordError("the subwords lack a character that is in their own alphabet")
      }
      return ids
    }
  }

  /// - Throws: `RecordError` for tokens that were made with other options than those of the vocabulary.
  private mutating func checkTokenizer(of record: borrowing Record) throws(RecordError) {
    guard let tokenizer, try !recordTokenizer.isKnown(record) else { return }
    let options = recordTokenizer.options ?? TokenizerOptions()
    guard options.hasTokens(of: tokenizer) else {
      throw RecordError(
        "the tokens were made \(options.makers), those of the vocabulary \(tokenizer.makers): make them so, or say "
          + "--trust-tokens")
    }
    recordTokenizer.passed()
  }

  private mutating func addInverse(of record: borrowing Record) throws(RecordError) {
    var ids = try record.integers("ids")
    if appendsEnd, ids.last == Vocabulary.end { ids.removeLast() }
    if let id = ids.first(where: { !(0..<encoding.count ~= $0) }) {
      throw RecordError("the vocabulary has no id \(id); its ids are 0 to \(encoding.count - 1)")
    }
    var text: [UInt8] = []
    switch encoding {
    case .tokens(let tokens):
      return fields.add("tokens") { output in
        output.appendJSON(list: ids) { $0.appendJSON(tokens.vocabulary.token(of: $1)!) }
      }
    case .characters(let characters):
      for id in ids { characters.append(id, to: &text) }
    case .subwords(let subwords):
      subwords.vocabulary.append(ids, to: &text)
    }
    fields.add(lines.field, String(decoding: text, as: UTF8.self))
  }
}
