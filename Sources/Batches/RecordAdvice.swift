import Files
import JSONLines

/// What is said of records that lack a field: which other one may be meant, and what makes it.
extension Record {
  /// The error for a label that is not there.
  /// - Parameter isNamed: Whether the command line says that it is in this field.
  public func missingLabel(_ field: String, isNamed: Bool) -> RecordError {
    let others = labelFields.filter { !["text", "id"].contains($0) }.prefix(5).map { "\"\($0)\"" }
    let advice =
      if !others.isEmpty {
        " (--label-field names another one: \(others.joined(separator: ", ")))"
      } else {
        isNamed ? "" : " (--label-field says where labels are)"
      }
    return RecordError("field \"\(field)\" is missing\(advice)")
  }

  /// The tokens of a field that must be a list of strings.
  /// - Parameter takesCharacters: Whether the program can take the characters of a text instead.
  /// - Throws: `RecordError` that says how they are made of a text, where there is one.
  public func tokens(_ field: String = "tokens", takesCharacters: Bool = false) throws(RecordError) -> [Bytes] {
    do throws(RecordError) {
      return try texts(field)
    } catch {
      let into = field == "tokens" ? "" : " --into \(field)"
      if isString(field) {
        let other = takesCharacters ? "; --characters takes characters of a text" : ""
        throw RecordError("\(error) (tweet-tokenize makes tokens of a text\(other))")
      }
      guard !has(field) else { throw error }
      if isBatch { throw RecordError("\(error)\(Self.adviceOnBatches)") }
      throw textFields.isEmpty ? error : RecordError("\(error) (tweet-tokenize\(into) makes them of a text)")
    }
  }

  /// Whether it is a batch, which `batch` has made.
  public var isBatch: Bool { has("inputs") && (has("targets") || has("label_targets")) }

  /// The end of a message where there is a batch and should be a record.
  public static var adviceOnBatches: String { " (these are batches already: train reads them)" }
}
