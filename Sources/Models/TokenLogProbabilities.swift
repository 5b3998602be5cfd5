import JSONLines

/// The log probabilities of a record's targets, one by one, as the record lists its targets: in one list, or a list a
/// row. What is no target has none: padding, and what has the weight 0.
public struct TokenLogProbabilities: Sendable, Equatable {
  /// What stands in the place of a target, or of a row of them.
  private enum Item: Equatable {
    case target(Double?)
    case row([Double?])
  }

  private var items: [Item] = []

  /// None yet.
  public init() {}

  /// Adds that of the next target; nil for what is no target.
  public mutating func append(_ logProbability: Double?) { items.append(.target(logProbability)) }

  /// Adds those of a row of targets.
  public mutating func append(row: [Double?]) { items.append(.row(row)) }

  /// Appends them as JSON text, with null for what is no target. Numbers that floats hold have the digits of floats.
  public func write(to output: inout [UInt8]) {
    output.appendJSON(list: items) { output, item in
      switch item {
      case .target(let logProbability): Self.write(logProbability, to: &output)
      case .row(let row): output.appendJSON(list: row) { Self.write($1, to: &$0) }
      }
    }
  }

  private static func write(_ logProbability: Double?, to output: inout [UInt8]) {
    guard let logProbability else { return output.append("null") }
    if let float = Float(exactly: logProbability) {
      output.appendJSON(float)
    } else {
      output.appendJSON(logProbability)
    }
  }
}
