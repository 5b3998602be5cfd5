/// What was said wrongly of a record, with a confidence.
package protocol ConfidentError: Sendable {
  /// The probability of what was said.
  var confidence: Double { get }

  /// Whether it stands before another: the more confident first. What is alike in all is the same, so that the order
  /// does not depend on which came first.
  func isWorse(than other: Self) -> Bool
}

/// A prediction that was wrong, for people to look at.
public struct WrongPrediction: ConfidentError, Equatable {
  /// The class that the record has, and the one that was predicted.
  public let label: Int, prediction: Int
  /// The probability of the prediction.
  public let confidence: Double
  /// The record's text, or as much of it as is shown.
  public let text: String

  package func isWorse(than other: WrongPrediction) -> Bool {
    if confidence != other.confidence { return confidence > other.confidence }
    if (label, prediction) != (other.label, other.prediction) {
      return (label, prediction) < (other.label, other.prediction)
    }
    return text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }
}

/// The most confident errors.
package struct WorstErrors<Wrong: ConfidentError>: Sendable {
  /// How many are kept.
  package private(set) var limit: Int
  /// The most confident first.
  package private(set) var errors: [Wrong] = []

  init(limit: Int) { self.limit = limit }

  /// Whether an error would be among them, as far as its confidence says.
  package func has(roomFor confidence: Double) -> Bool {
    errors.count < limit || limit > 0 && confidence >= errors[limit - 1].confidence
  }

  mutating func add(_ error: Wrong) {
    guard has(roomFor: error.confidence) else { return }
    errors.insert(error, at: errors.firstIndex { error.isWorse(than: $0) } ?? errors.count)
    if errors.count > limit { errors.removeLast() }
  }

  /// Adds others. No more are kept than either keeps: of more, some could be missing.
  mutating func add(_ other: WorstErrors) {
    keep(other.limit)
    for error in other.errors { add(error) }
  }

  /// Keeps no more than so many.
  mutating func keep(_ count: Int) {
    limit = min(limit, count)
    errors = Array(errors.prefix(limit))
  }
}

/// As much of a text as is shown: a thousand characters at most.
func excerpt(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let end = scalars.index(scalars.startIndex, offsetBy: 1000, limitedBy: scalars.endIndex), end < scalars.endIndex
  else { return text }
  return String(scalars[..<end]) + "…"
}
