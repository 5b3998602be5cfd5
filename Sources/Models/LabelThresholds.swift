import JSONLines

/// How probable each class must be for a text to be said to have it.
///
/// Probabilities are compared as floats, as they are written: 0.5 is reached by what is written as 0.5.
public struct LabelThresholds: Sendable, Equatable {
  /// The threshold of every class, from 0 to 1.
  public let values: [Float]

  /// One threshold for all classes, or one for each of some: `0.3`, or `joy=0.3,2=0.6`, where classes are called by name
  /// or, if no class has that name, by number. The others have 0.5.
  /// - Throws: `RecordError` for what is no such list: a class that is not there, or stands there twice, or a number that
  ///   is not from 0 to 1.
  public init(_ text: String? = nil, labels: [String]?, classes: Int) throws(RecordError) {
    guard let text = text?.unicodeScalars else {
      values = [Float](repeating: 0.5, count: classes)
      return
    }
    guard text.contains("=") else {
      values = [Float](repeating: try Self.probability(text[...], in: String(text)), count: classes)
      return
    }
    var given = [Float?](repeating: nil, count: classes)
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      // A name may have an equals sign in it, a number has none.
      guard let equals = part.lastIndex(of: "=") else { throw RecordError("\"\(String(part))\" is no CLASS=P") }
      let name = String(part[..<equals])
      let label = try Self.label(name, labels: labels, classes: classes)
      guard given[label] == nil else { throw RecordError("\"\(name)\" has two thresholds") }
      given[label] = try Self.probability(part[part.index(after: equals)...], in: String(part))
    }
    values = given.map { $0 ?? 0.5 }
  }

  private static func label(_ name: String, labels: [String]?, classes: Int) throws(RecordError) -> Int {
    if let label = labels?.firstIndex(of: name) ?? Int(name), 0..<classes ~= label { return label }
    guard let labels else { throw RecordError("there is no class \"\(name)\", but 0 to \(classes - 1)") }
    let more = labels.count > 10 ? " and \(labels.count - 10) more" : ""
    throw RecordError("there is no label \"\(name)\", but \(labels.prefix(10).joined(separator: ", "))\(more)")
  }

  private static func probability(_ number: Substring.UnicodeScalarView, in text: String) throws(RecordError) -> Float {
    guard let value = Double(String(number)), 0...1 ~= value else {
      throw RecordError("\"\(text)\" must be a number from 0 to 1, or CLASS=P,… with such numbers")
    }
    return Float(value)
  }
}
