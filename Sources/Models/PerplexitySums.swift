import Glibc
import JSONLines
import Neural

/// Sums over targets. Those of parts of a text add up to those of the whole.
public struct PerplexitySums {
  /// The sum of the targets' log probabilities, in nats, and the number of targets.
  public private(set) var logProbability = 0.0, tokens = 0.0
  /// The same of the targets that are the unknown id; they are among the others.
  public private(set) var unknownLogProbability = 0.0, unknown = 0.0

  /// Counts a target, by its weight.
  public mutating func add(_ logProbability: Double, weight: Double = 1, isUnknown: Bool = false) {
    self.logProbability += weight * logProbability
    tokens += weight
    guard isUnknown else { return }
    unknownLogProbability += weight * logProbability
    unknown += weight
  }

  /// Adds the sums of another part of the text.
  public static func += (sum: inout PerplexitySums, part: PerplexitySums) {
    sum.logProbability += part.logProbability
    sum.tokens += part.tokens
    sum.unknownLogProbability += part.unknownLogProbability
    sum.unknown += part.unknown
  }

  /// The sums of a record that this program wrote.
  public init(_ record: borrowing Record) throws(RecordError) {
    func number(_ field: String) throws(RecordError) -> Double {
      guard let number = try record.required(field).number else { throw record.wrongType(field, "a number") }
      return number
    }
    logProbability = try number("total_log_probability")
    tokens = try number("tokens")
    unknown = try number("unknown")
    unknownLogProbability = logProbability - (try number("total_log_probability_without_unknown"))
    guard unknown >= 0, tokens >= unknown else {
      throw RecordError("\(tokens) tokens, \(unknown) of them unknown, are no counts")
    }
  }

  /// The sums of no targets.
  public init() {}

  private var logPerplexity: Double { -logProbability / tokens }

  /// e to the mean of the targets' negative log probabilities; no number without targets.
  public var perplexity: Double { exp(logPerplexity) }

  /// The statistics of a record, with the name of the count.
  public func fields(count: String) -> [(name: String, value: Double)] {
    [
      ("log_perplexity", logPerplexity), ("perplexity", perplexity), ("bits_per_token", logPerplexity / M_LN2),
      (count, tokens), ("total_log_probability", logProbability), ("unknown", unknown),
    ]
  }

  /// The statistics of the targets that are known.
  public var fieldsWithoutUnknown: [(name: String, value: Double)] {
    var known = PerplexitySums()
    known.logProbability = logProbability - unknownLogProbability
    known.tokens = tokens - unknown
    return [
      ("log_perplexity_without_unknown", known.logPerplexity), ("perplexity_without_unknown", exp(known.logPerplexity)),
      ("total_log_probability_without_unknown", known.logProbability),
    ]
  }
}

extension NewFields {
  /// Adds numbers; whole ones without a fraction, and null for what is not defined, like the mean of nothing.
  public mutating func add(_ fields: [(name: String, value: Double)]) {
    for (name, value) in fields {
      add(name) { output in
        if let whole = Int(exactly: value) { output.appendJSON(whole) } else { output.appendJSON(value) }
      }
    }
  }
}
