/// What expressions can call: each entry is declared once, and yields the parser's checks, the error messages and the
/// help text.
struct CatalogueEntry<Product> {
  /// A parameter; one without a default must be given.
  struct Parameter {
    let name: String
    let defaultValue: String?

    init(_ name: String, _ defaultValue: String? = nil) {
      self.name = name
      self.defaultValue = defaultValue
    }
  }

  let name: String
  let parameters: [Parameter]
  /// Whether calls stand inside, as in `Serial(…)`.
  var takesCalls = false
  /// Whether arguments without a label, or with a number for one, may be as many as one likes; `make` reads them itself.
  var takesList = false
  /// How a call looks, where the parameters do not say it.
  var form: String?
  let make: (Arguments) throws(ExpressionError) -> Product

  /// How a call looks: `Dense(units, bias: true)`.
  var usage: String {
    if let form { return form }
    if takesCalls { return "\(name)[…]" }
    if parameters.isEmpty { return name }
    let list = parameters.map { parameter in
      parameter.defaultValue.map { "\(parameter.name): \($0)" } ?? parameter.name
    }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// The arguments of a call, matched with the parameters.
  struct Arguments {
    let call: Expression.Call
    fileprivate let values: [String: Expression.Argument]

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
    func choice<Choice: RawRepresentable<String>>(
      _ name: String, of words: [String]
    ) throws(ExpressionError) -> Choice {
      let argument = values[name]!
      guard let choice = Choice(rawValue: argument.value) else {
        throw ExpressionError(
          column: argument.column, "\(name) must be \(words.joined(separator: " or ")), not \(argument.value)")
      }
      return choice
    }

    /// A whole number from `minimum` to `maximum`.
    func integer(_ name: String, minimum: Int = 1, maximum: Int = 1 << 30) throws(ExpressionError) -> Int {
      let argument = values[name]!
      guard let value = Int(argument.value), minimum...maximum ~= value else {
        throw ExpressionError(
          column: argument.column,
          "\(name) must be a whole number from \(minimum) to \(maximum), not \(argument.value)")
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

  /// Makes the product of a call.
  func callAsFunction(_ call: Expression.Call) throws(ExpressionError) -> Product {
    guard takesCalls || call.calls.isEmpty else {
      throw ExpressionError(column: call.calls[0].column, "\(name) holds no layers; it is written \(usage)")
    }
    var values: [String: Expression.Argument] = [:]
    for (index, argument) in call.arguments.enumerated()
    where !takesList || argument.label.map({ Int($0) == nil }) ?? false {
      let parameter =
        argument.label.map { label in parameters.first { $0.name == label } }
        ?? (index < parameters.count ? parameters[index] : nil)
      guard let parameter else {
        throw ExpressionError(
          column: argument.column,
          "\(name) takes no \(argument.label ?? "argument \(argument.value)"); it is written \(usage)")
      }
      guard values.updateValue(argument, forKey: parameter.name) == nil else {
        throw ExpressionError(column: argument.column, "\(name) is given \(parameter.name) twice")
      }
    }
    for parameter in parameters where values[parameter.name] == nil {
      guard let value = parameter.defaultValue else {
        throw ExpressionError(column: call.column, "\(name) needs \(parameter.name); it is written \(usage)")
      }
      values[parameter.name] = Expression.Argument(label: nil, value: value, column: call.column)
    }
    return try make(Arguments(call: call, values: values))
  }

  /// Makes the product of a call by the entry of its name.
  static func make(
    _ call: Expression.Call, from entries: [CatalogueEntry], kind: String
  ) throws(ExpressionError) -> Product {
    guard let entry = entries.first(where: { $0.name == call.name }) else {
      let names = entries.map(\.name).sorted().joined(separator: ", ")
      throw ExpressionError(column: call.column, "there is no \(kind) \"\(call.name)\", but \(names)")
    }
    return try entry(call)
  }
}
