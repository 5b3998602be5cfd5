import ArgumentParser
import Batches
import Files
import JSONLines

/// Where a program finds texts.
public struct TextOptions: ParsableArguments, Sendable {
  /// Whether lines are texts instead of records.
  @Flag(help: "Read plain lines of text instead of records.")
  public var plain = false

  /// The field of records that holds the text, if it is named.
  @Option(
    name: .customLong("field"),
    help: ArgumentHelp(
      """
      The field that holds the text; user.text is "text" in the object "user". "text" if not given, or "tokens" where \
      vocab-build and tensorize take tokens.
      """, valueName: "field"))
  public var givenField: String?

  /// The field of records that holds the text.
  public var field: String { givenField ?? "text" }

  public init() {}

  /// - Throws: `ValidationError` when an option says something else than the defaults to a program that takes tokens.
  public func check(takesText: Bool) throws {
    guard takesText || !plain && givenField == nil else {
      throw ValidationError("--plain and --field go with --characters and --subwords.")
    }
  }
}

/// Whether tokens are compared with what is known of how they were made.
public struct TrustOptions: ParsableArguments, Sendable {
  /// Whether tokens are right, however they were made.
  @Flag(help: "Take the tokens as they are, whatever is known of how they and those of the vocabulary were made.")
  public var trustTokens = false

  public init() {}
}

/// What becomes of blank lines.
public struct BlankLineOptions: ParsableArguments {
  /// Whether they are not passed over.
  @Flag(help: "Answer a blank line between records with a blank line; with --plain, blank lines are texts.")
  public var keepBlankLines = false

  public init() {}

  /// What the options say.
  /// - Parameter areTexts: Whether the blank lines of plain texts are texts without the option, too.
  public func fate(isPlain: Bool, areTexts: Bool = false) -> BlankLines {
    if isPlain { return keepBlankLines || areTexts ? .texts : .passedOver }
    return keepBlankLines ? .answered : .passedOver
  }

  /// - Throws: `ValidationError` when it is given where no line of the output is that of a record.
  public func check(isPlain: Bool, writesRecords: Bool) throws {
    guard isPlain || writesRecords || !keepBlankLines else {
      throw ValidationError("--keep-blank-lines goes with --plain, or with records that are written.")
    }
  }
}

/// Lines that hold a record with a text, or a plain text that becomes one. For one thread.
public final class TextLines {
  /// The field of the text.
  public let field: String
  /// Whether lines are texts.
  public let isPlain: Bool
  /// The field of the tokens.
  private let tokensField: String
  private let takesText: Bool
  /// What to do with a line of text where records are read.
  private let textAdvice: String
  private let labelPrefix: [UInt8]?
  private var object: [UInt8] = []

  /// Lines as the options say.
  /// - Parameters:
  ///   - takesText: Whether lines of text would be understood with `--plain`.
  ///   - textAdvice: What to do with lines of text; what `takesText` says, if not given.
  ///   - tokensField: The field of the tokens, for programs that take them.
  ///   - labelPrefix: With what the words of a plain line begin that are its labels, if it has any.
  public init(
    _ options: TextOptions, takesText: Bool = true, textAdvice: String? = nil, tokensField: String = "tokens",
    labelPrefix: String? = nil
  ) {
    field = options.field
    isPlain = options.plain
    self.takesText = takesText
    self.textAdvice =
      textAdvice
      ?? (takesText ? "--plain reads lines of text" : "tweet-tokenize --plain makes records of lines of text")
    self.tokensField = tokensField
    self.labelPrefix = labelPrefix.map { Array($0.utf8) }
  }

  /// The text of a record.
  /// - Throws: `RecordError` that names the fields which may be meant.
  public func text(of record: borrowing Record) throws(RecordError) -> Bytes {
    do throws(RecordError) {
      return try record.text(field)
    } catch {
      guard !record.has(field) else { throw error }
      if record.isBatch { throw RecordError("\(error)\(Record.adviceOnBatches)") }
      let names = record.textFields.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      throw names.isEmpty ? error : RecordError("\(error) (--field names another one: \(names))")
    }
  }

  /// The tokens of a record.
  /// - Throws: `RecordError` that says how they are made.
  public func tokens(of record: borrowing Record) throws(RecordError) -> [Bytes] {
    try record.tokens(tokensField, takesCharacters: !takesText)
  }

  /// Gives the record of a line to `body`.
  /// - Throws: `RecordError` for a line that is no record or, of plain text, not UTF-8; and what `body` throws.
  public func withRecord(
    of line: Bytes, _ body: (borrowing Record) throws(RecordError) -> Void
  ) throws(RecordError) {
    guard isPlain else { return try body(Record(line, textAdvice: textAdvice)) }
    object.removeAll(keepingCapacity: true)
    if let labelPrefix {
      try LabelledLine(line, prefix: labelPrefix).append(field: field, to: &object)
    } else {
      try object.appendObject(field: field, text: line)
    }
    let failure = object.withUnsafeBufferPointer { line -> RecordError? in
      do throws(RecordError) { try body(Record(line)) } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }
}
