/// The arguments of a call, matched with the parameters of its catalogue entry.
struct CallArguments {
  /// The call as it was read.
  let call: Expression.Call
  /// The number of ids, where a vocabulary is given.
  let vocabularySize: Int?
  private let values: [String: Expression.Argument]

  /// - Parameter values: An argument for every parameter, by its name.
  init(_ call: Expression.Call, _ values: [String: Expression.Argument], vocabularySize: Int?) {
    (self.call, self.values, self.vocabularySize) = (call, values, vocabularySize)
  }

  /// The layers that stand inside the call.
  func layers() throws(ExpressionError) -> [any Layer] {
    try LayerExpression(vocabularySize: vocabularySize).layers(call.calls)
  }

  /// The whole numbers without a label, from 0 to `maximum`.
  func list(maximum: Int) throws(ExpressionError) -> [Int] {
    var numbers: [Int] = []
    for argument in call.arguments where argument.label.map({ Int($0) != nil }) ?? true {
      guard argument.label == nil, let value = Int(argument.value), 0...maximum ~= value else {
        throw ExpressionError(
          column: argument.column,
          "\(argument.label.map { "\($0): " } ?? "")\(argument.value) is no whole number from 0 to \(maximum)")
      }
      numbers.append(value)
    }
    return numbers
  }

  /// One of some words.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws(ExpressionError) -> Choice {
    let argument = values[name]!
    guard let choice = Choice(rawValue: argument.value) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw ExpressionError(column: argument.column, "\(name) must be \(words), not \(argument.value)")
    }
    return choice
  }

  /// A whole number within a range.
  func integer(_ name: String, in range: ClosedRange<Int> = 1...1 << 30) throws(ExpressionError) -> Int {
    let argument = values[name]!
    guard let value = Int(argument.value), range ~= value else {
      throw ExpressionError(
        column: argument.column,
        "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(argument.value)")
    }
    return value
  }

  /// What numbers may be.
  enum Bounds: String {
    case notNegative = "of 0 or more"
    case positive = "of more than 0"
    case share = "from 0 to 1"
    case belowOne = "from 0 to below 1"
    case any = "that a float holds"

    func contain(_ value: Double) -> Bool {
      // Most numbers become floats, which must not make a bound of them, or infinity.
      let float = Float(value)
      guard float.isFinite else { return false }
      switch self {
      case .notNegative: return value >= 0
      case .positive: return float > 0
      case .share: return 0...1 ~= value
      case .belowOne: return value >= 0 && float < 1
      case .any: return true
      }
    }
  }

  /// A number within bounds.
  func number(_ name: String, _ bounds: Bounds = .notNegative) throws(ExpressionError) -> Double {
    let argument = values[name]!
    guard let value = Double(argument.value), bounds.contain(value) else {
      throw ExpressionError(
        column: argument.column, "\(name) must be a number \(bounds.rawValue), not \(argument.value)")
    }
    return value
  }

  /// Words that dots separate.
  func words(_ name: String) -> [String] { values[name]!.value.split(separator: ".").map(String.init) }

  /// `true` or `false`.
  func truth(_ name: String) throws(ExpressionError) -> Bool {
    let argument = values[name]!
    guard let value = Bool(argument.value.lowercased()) else {
      throw ExpressionError(column: argument.column, "\(name) must be true or false, not \(argument.value)")
    }
    return value
  }
}
