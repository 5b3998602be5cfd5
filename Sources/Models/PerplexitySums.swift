import Glibc
import JSONLines
import Neural

/// Sums over targets. Those of parts of a text add up to those of the whole, to the last digit.
public struct PerplexitySums {
  /// Of all targets and of those that are known: the sums of log probabilities, in nats.
  private var logProbabilities = UnroundedSum(), knownLogProbabilities = UnroundedSum()
  /// The numbers of all targets, by their weights, and of those that are the unknown id.
  private var all = UnroundedSum(), unknowns = UnroundedSum()

  /// The sums of no targets.
  public init() {}

  /// Counts a target, by its weight.
  public mutating func add(_ logProbability: Double, weight: Double = 1, isUnknown: Bool = false) {
    logProbabilities.add(weight * logProbability)
    all.add(weight)
    if isUnknown { unknowns.add(weight) } else { knownLogProbabilities.add(weight * logProbability) }
  }

  /// Adds the sums of another part of the text.
  public static func += (sum: inout PerplexitySums, part: PerplexitySums) {
    for path in paths.map(\.path) { sum[keyPath: path].add(part[keyPath: path]) }
  }

  /// The sum of the targets' log probabilities, in nats.
  public var logProbability: Double { logProbabilities.value }
  /// The number of targets.
  public var tokens: Double { all.value }
  /// The number of those that are the unknown id.
  public var unknown: Double { unknowns.value }
  /// e to the mean of the targets' negative log probabilities; no number without targets.
  public var perplexity: Double { exp(-logProbability / tokens) }

  /// The statistics of a record, with the name of the count.
  public func fields(count: String) -> [(name: String, value: Double)] {
    let mean = -logProbability / tokens
    return [
      ("log_perplexity", mean), ("perplexity", exp(mean)), ("bits_per_token", mean / M_LN2),
      (count, tokens), ("total_log_probability", logProbability), ("unknown", unknown),
    ]
  }

  /// The statistics of the targets that are known.
  public var fieldsWithoutUnknown: [(name: String, value: Double)] {
    let mean = -knownLogProbabilities.value / (tokens - unknown)
    return [
      ("log_perplexity_without_unknown", mean), ("perplexity_without_unknown", exp(mean)),
      ("total_log_probability_without_unknown", knownLogProbabilities.value),
    ]
  }
}

/// Sums in a file, from which those of the whole are added.
extension PerplexitySums {
  /// The fields that hold sums, rounded.
  private static var paths: [(field: String, path: WritableKeyPath<PerplexitySums, UnroundedSum>)] {
    [
      ("total_log_probability", \.logProbabilities), ("total_log_probability_without_unknown", \.knownLogProbabilities),
      ("tokens", \.all), ("unknown", \.unknowns),
    ]
  }

  /// The sums of a record that this program wrote.
  public init(_ record: borrowing Record) throws(RecordError) {
    if let (field, _) = Self.paths.first(where: { !record.has($0.field) }) {
      throw RecordError("field \"\(field)\" is missing (perplexity writes such records)")
    }
    let roundedOff = try record.value("rounded_off")
    for (field, path) in Self.paths {
      guard let number = try record.required(field).number else { throw record.wrongType(field, "a number") }
      self[keyPath: path].add(number)
      guard let rest = roundedOff?[field] else { continue }
      guard let numbers = rest.numbers else { throw RecordError("field \"rounded_off\" must hold lists of numbers") }
      for number in numbers { self[keyPath: path].add(number) }
    }
    guard unknown >= 0, tokens >= unknown else {
      throw RecordError("\(tokens) tokens, \(unknown) of them unknown, are no counts")
    }
  }

  /// All of a record: the statistics, and where sums are rounded what is left out of them.
  public func add(to fields: inout NewFields) {
    fields.add(self.fields(count: "tokens"))
    fields.add(fieldsWithoutUnknown)
    let rests = Self.paths.map { ($0.field, self[keyPath: $0.path].roundedOff) }.filter { !$0.1.isEmpty }
    guard !rests.isEmpty else { return }
    fields.add(
      "rounded_off",
      object: { object in
        for (field, numbers) in rests { object.add(field) { $0.appendJSON(list: numbers) { $0.appendJSON($1) } } }
      })
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
