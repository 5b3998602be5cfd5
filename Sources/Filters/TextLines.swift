import ArgumentParser
import Files
import JSONLines

/// Where a program finds texts.
public struct TextOptions: ParsableArguments, Sendable {
  /// Whether lines are texts instead of records.
  @Flag(help: "Read plain lines of text instead of records.")
  public var plain = false

  /// The field of records that holds the text.
  @Option(help: "The field that holds the text.")
  public var field = "text"

  public init() {}

  /// - Throws: `ValidationError` when an option says something else than the defaults to a program that takes tokens.
  public func check(takesText: Bool) throws {
    guard takesText || !plain && field == "text" else {
      throw ValidationError("--plain and --field go with --characters and --subwords.")
    }
  }
}

/// Which lines of plain text are texts.
public struct BlankLineOptions: ParsableArguments {
  /// Whether blank lines are texts, too.
  @Flag(help: "With --plain: blank lines are texts, too.")
  public var keepBlankLines = false

  public init() {}

  /// - Throws: `ValidationError` when it is given for records.
  public func check(isPlain: Bool) throws {
    guard isPlain || !keepBlankLines else { throw ValidationError("--keep-blank-lines goes with --plain.") }
  }
}

/// Lines that hold a record with a text, or a plain text that becomes one. For one thread.
public final class TextLines {
  /// The field of the text.
  public let field: String
  /// Whether lines are texts.
  public let isPlain: Bool
  private let labelPrefix: [UInt8]?
  private var object: [UInt8] = []

  /// Lines as the options say.
  /// - Parameter labelPrefix: With what the words of a plain line begin that are its labels, if it has any.
  public init(_ options: TextOptions, labelPrefix: String? = nil) {
    field = options.field
    isPlain = options.plain
    self.labelPrefix = labelPrefix.map { Array($0.utf8) }
  }

  /// Gives the record of a line to `body`.
  /// - Throws: `RecordError` for a line that is no record or, of plain text, not UTF-8; and what `body` throws.
  public func withRecord(
    of line: Bytes, _ body: (borrowing Record) throws(RecordError) -> Void
  ) throws(RecordError) {
    guard isPlain else { return try body(Record(line)) }
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
