import Batches
import Files
import Filters
import JSONLines
import Models
import Text

/// Takes the ids for a classifier or a tagger, or those of single texts for a model of pairs, out of records: of their
/// tokens, else their ids, else their text. For one thread.
///
/// A text becomes ids by the options that the model holds, with the code of `tweet-tokenize` and `tensorize`; of a model
/// of tokens that holds none, by the defaults of `tweet-tokenize`.
///
/// Tokens that were made otherwise than those of the model would be predicted wrongly without a word. Where it is known
/// how a record's were made, by its field "tokenizer", that is compared; where it is not, but the record has its text,
/// and the model knows its options, the text must have these tokens.
public struct ModelInput {
  private let model: ModelIDs
  private let lines: TextLines
  private let trustsTokens: Bool
  private var encoder: TextEncoder?
  private var recordTokenizer = RecordTokenizer()

  /// - Parameters:
  ///   - lines: Where the text of a record stands.
  ///   - trustsTokens: Whether tokens are taken as they are.
  public init(_ model: ModelIDs, lines: TextLines, trustsTokens: Bool) {
    (self.model, self.lines, self.trustsTokens) = (model, lines, trustsTokens)
    encoder = model.encoding.map { [options = model.options] in TextEncoder($0, options) }
  }

  /// The ids of a record, all of which are the model's.
  public mutating func ids(of record: borrowing Record) throws(RecordError) -> [Int] {
    // Unwrapped in place: a copy of the encoding for every record takes 2 % of the time of a small model.
    if model.tokens != nil, record.has("tokens") {
      let tokens = try self.tokens(of: record)
      return model.tokens!.ids(of: tokens)
    }
    if record.has("ids") {
      let ids = try record.integers("ids")
      try model.signature.check(ids: ids, of: "ids")
      if !trustsTokens, model.tokens != nil { _ = try isMadeAsTheModels(record) }
      return ids
    }
    return try idsOfText(record)
  }

  /// The ids of each token of a record, all of which are the model's; one for each, unless the model takes several.
  public mutating func steps(of record: borrowing Record) throws(RecordError) -> [[Int]] {
    guard model.signature.takesSteps else { return try ids(of: record).map { [$0] } }
    if let tokens = model.tokens, record.has("tokens") { return tokens.steps(of: try self.tokens(of: record)) }
    if record.has("ids") {
      let steps = try record.integerLists("ids") ?? []
      // A sentence of no tokens is one, too.
      guard try steps.isEmpty ? record.integers("ids").isEmpty : steps.allSatisfy({ !$0.isEmpty }) else {
        throw RecordError("field \"ids\" must hold a list of ids for each token, as the model takes them")
      }
      for ids in steps { try model.signature.check(ids: ids, of: "ids") }
      if !trustsTokens, model.tokens != nil { _ = try isMadeAsTheModels(record) }
      return steps
    }
    _ = try idsOfText(record)
    return try encoder!.steps(of: record.text(lines.field)) ?? []
  }

  /// The tokens of a record, where they are such as the model's.
  private mutating func tokens(of record: borrowing Record) throws(RecordError) -> [Bytes] {
    let list = try record.tokens()
    if !trustsTokens, try !isMadeAsTheModels(record), try !isTokens(list, ofTextOf: record) {
      throw RecordError(
        "the tokens are not those that \"\(model.options.ofVocabulary.command)\" makes of \"\(lines.field)\", as "
          + "the model's were: \(Self.advice)")
    }
    return list
  }

  /// What the ids of a record, as `ids(of:)` gave them, stand for.
  public mutating func names(of record: borrowing Record, _ ids: [Int]) throws(RecordError) -> [IDName] {
    if let tokens = model.tokens, record.has("tokens") {
      return tokens.names(of: try record.texts("tokens")).map(IDName.text)
    }
    if !record.has("ids"), encoder != nil, let names = encoder!.tokenNames(of: try record.text(lines.field)) {
      return names.map(IDName.text)
    }
    return ids.map(model.name)
  }

  /// The tokens of a record, one for each step, as `steps(of:)` gave them: its own, those of its text, or the names of
  /// the first ids.
  public mutating func tokens(of record: borrowing Record, _ steps: [[Int]]) throws(RecordError) -> [String] {
    if record.has("tokens") {
      let tokens = try record.texts("tokens")
      if tokens.count == steps.count { return tokens.map { String(decoding: $0, as: UTF8.self) } }
    } else if !record.has("ids"), encoder != nil, let tokens = encoder!.tokens(of: try record.text(lines.field)) {
      return tokens
    }
    return steps.map { "\(model.name(of: $0[0]))" }
  }

  /// Whether the ids of a record are made of its text.
  public func takesText(of record: borrowing Record) -> Bool { !record.has("tokens") && !record.has("ids") }

  private static let advice =
    "make them so, leave them out (the text is enough), or say --trust-tokens"

  /// Whether a record's field says that its tokens are such as the model's; without the field that is not known.
  /// - Throws: `RecordError` where they are others.
  private mutating func isMadeAsTheModels(_ record: borrowing Record) throws(RecordError) -> Bool {
    if try recordTokenizer.isKnown(record) { return true }
    guard let options = recordTokenizer.options else { return model.options.tweets == nil }
    guard options.hasTokens(of: model.options) else {
      throw RecordError(
        "the tokens were made \(options.makers), those of the model \(model.options.makers): \(Self.advice)")
    }
    recordTokenizer.passed()
    return true
  }

  /// Whether the tokens are those of the record's text, if it has one.
  private mutating func isTokens(_ tokens: [Bytes], ofTextOf record: borrowing Record) throws(RecordError) -> Bool {
    guard encoder != nil, record.has(lines.field) else { return true }
    return try encoder!.tokens(of: record.text(lines.field), are: tokens)
  }

  private mutating func idsOfText(_ record: borrowing Record) throws(RecordError) -> [Int] {
    guard encoder != nil else { throw absence(in: record) }
    guard record.has(lines.field) else {
      let fields = (model.tokens == nil ? ["ids"] : ["tokens", "ids"]).map { "\"\($0)\"" }
      do throws(RecordError) { _ = try lines.text(of: record) } catch {
        throw RecordError("\(error), and so \(fields.count == 1 ? "is" : "are") \(fields.joined(separator: " and "))")
      }
      return []
    }
    guard let ids = encoder!.ids(of: try record.text(lines.field)) else {
      throw RecordError("the subwords lack a character that is in their own alphabet")
    }
    return ids
  }

  /// What a record lacks for a model that can't make ids of texts.
  private func absence(in record: borrowing Record) -> RecordError {
    if record.isBatch { return RecordError("field \"ids\" is missing\(Record.adviceOnBatches)") }
    if let token = model.missingToken, model.options.unit ?? .tokens == .tokens {
      return RecordError("the model's vocabulary lacks \(token) where it must be, so that it can predict \"ids\" only")
    }
    let reason =
      switch model.options.unit {
      case .subwords: "the model's file does not hold its subwords; pipe the text through \(model.options.command)"
      case .characters: "the model's ids are not those of its \"\(model.options)\""
      default: "the model holds no vocabulary that would make them (train --vocab)"
      }
    return RecordError("field \"ids\" is missing, and \(reason)")
  }
}
