import Text

/// What expressions can call. From an entry come the parser's checks, the error messages and the help text.
///
/// The entry of a layer or an optimizer with hyperparameters comes from its `Declaration`; those that are written in
/// ways of their own, like combinators, make theirs.
struct CatalogueEntry<Product>: Sendable {
  /// A parameter; one without a default must be given.
  struct Parameter: Sendable {
    let name: String
    let defaultValue: String?

    init(_ name: String, _ defaultValue: String? = nil) {
      self.name = name
      self.defaultValue = defaultValue
    }
  }

  let name: String
  /// What it makes, in a few words.
  var summary = ""
  var parameters: [Parameter] = []
  /// How many layers deep what the call makes prints, without those inside; 0 where it holds none.
  var depth = 0
  /// Whether arguments without a label, or with a number for one, may be as many as one likes; `make` reads them
  /// itself.
  var takesList = false
  /// How a call looks, where the parameters do not say it.
  var form: String?
  let make: @Sendable (CallArguments) throws(ExpressionError) -> Product

  /// Whether calls stand inside, as in `Serial(…)`.
  private var takesCalls: Bool { depth > 0 }

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

  /// The same entry with what it makes, in a few words.
  func described(_ summary: String) -> Self {
    var entry = self
    entry.summary = summary
    return entry
  }

  /// How each is written and what it makes, a line each.
  static func listing(_ entries: [Self]) -> String {
    entries.map { "\($0.usage)  \($0.summary)" }.joined(separator: "\n")
  }

  /// Makes the product of a call.
  func callAsFunction(_ call: Expression.Call, vocabularySize: Int? = nil) throws(ExpressionError) -> Product {
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
    return try make(CallArguments(call, values, vocabularySize: vocabularySize))
  }

  /// Makes the product of a call by the entry of its name.
  static func make(
    _ call: Expression.Call, from entries: [CatalogueEntry], kind: String, vocabularySize: Int? = nil
  ) throws(ExpressionError) -> Product {
    guard let entry = entries.first(where: { $0.name == call.name }) else {
      let names = entries.map(\.name).sorted()
      let meant = Spelling.nearest(to: call.name, among: names).map { "; did you mean \($0)?" }
      throw ExpressionError(
        column: call.column,
        "there is no \(kind) \"\(call.name)\"\(meant ?? ", but \(names.joined(separator: ", "))")")
    }
    return try entry(call, vocabularySize: vocabularySize)
  }
}
