/// A class of which a record was wrongly said to have it or not to have it, for people to look at.
public struct WrongLabel: ConfidentError, Equatable {
  /// The class.
  public let label: Int
  /// Whether the record has the class, but was not predicted to; otherwise it was predicted to, but has it not.
  public let isMissed: Bool
  /// The probability of the class.
  public let probability: Double
  /// The record's text, or as much of it as is shown.
  public let text: String

  /// The probability of what was said: that the class is there, or that it is not.
  package var confidence: Double { Self.confidence(isMissed: isMissed, probability) }

  static func confidence(isMissed: Bool, _ probability: Double) -> Double {
    isMissed ? 1 - probability : probability
  }

  package func isWorse(than other: WrongLabel) -> Bool {
    if confidence != other.confidence { return confidence > other.confidence }
    if label != other.label { return label < other.label }
    if isMissed != other.isMissed { return isMissed }
    if probability != other.probability { return probability < other.probability }
    return text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }

  /// What was wrong, in words.
  var kind: String { isMissed ? "missed" : "wrongly given" }
}
