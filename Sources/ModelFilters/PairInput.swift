import Batches
import Files
import Filters
import JSONLines
import Models
import Text

/// Takes the ids of both texts of a pair out of records: each of its text, or its tokens, or its ids, as what the field
/// holds tells. For one thread.
public struct PairInput {
  private let input: ModelIDs
  private let fields: PairFields
  private let trustsTokens: Bool
  private var encoder: TextEncoder?
  private var recordTokenizer = RecordTokenizer()

  /// - Parameters:
  ///   - fields: The fields of the two texts.
  ///   - trustsTokens: Whether tokens are taken as they are.
  public init(_ input: ModelIDs, _ fields: PairFields, trustsTokens: Bool) {
    (self.input, self.fields, self.trustsTokens) = (input, fields, trustsTokens)
    encoder = input.encoding.map { [options = input.options] in TextEncoder($0, options) }
  }

  /// The ids of both texts, all of which are the model's; none of an empty text.
  public mutating func ids(of record: borrowing Record) throws(RecordError) -> (first: [Int], second: [Int]) {
    (try ids(fields.first, of: record), try ids(fields.second, of: record))
  }

  private mutating func ids(_ field: String, of record: borrowing Record) throws(RecordError) -> [Int] {
    guard record.has(field) else { throw RecordError("field \"\(field)\" is missing (--pair names the two fields)") }
    if record.isString(field) { return try idsOfText(field, record) }
    guard record.isList(field) else { throw record.wrongType(field, "a text, a list of tokens or a list of ids") }
    if let tokens = input.tokens, let list = try? record.texts(field), !list.isEmpty {
      try checkTokenizer(of: record)
      return tokens.ids(of: list)
    }
    let ids = try record.integers(field)
    try input.signature.check(ids: ids, of: field)
    if input.tokens != nil { try checkTokenizer(of: record) }
    return ids
  }

  private mutating func idsOfText(_ field: String, _ record: borrowing Record) throws(RecordError) -> [Int] {
    guard encoder != nil else {
      throw RecordError(
        "field \"\(field)\" is a text, but the model does not hold how ids are made of it (train --vocab)")
    }
    guard let ids = encoder!.ids(of: try record.text(field)) else {
      throw RecordError("the subwords lack a character that is in their own alphabet")
    }
    return ids
  }

  /// - Throws: `RecordError` for tokens that were made with other options than those of the model.
  private mutating func checkTokenizer(of record: borrowing Record) throws(RecordError) {
    guard !trustsTokens, try !recordTokenizer.isKnown(record) else { return }
    if let options = recordTokenizer.options, !options.hasTokens(of: input.options) {
      throw RecordError(
        "the tokens were made \(options.makers), those of the model \(input.options.makers): make them so, or say "
          + "--trust-tokens")
    }
    recordTokenizer.passed()
  }
}
