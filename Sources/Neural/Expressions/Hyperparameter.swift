/// A number or a word in the parentheses of an expression: its name, what it may be, where it is kept, and how it
/// prints.
struct Hyperparameter<Owner>: Sendable {
  /// Whether and how the value stands in a printed expression.
  enum Printing {
    /// Without a label; it has no default.
    case required
    /// Without a label, always.
    case bare
    /// Without a label, where it is not the default.
    case bareIfChanged
    /// With its label, always.
    case labelled
    /// With its label, where it is not the default.
    case labelledIfChanged
  }

  private let name: String
  private let printing: Printing
  private let text: @Sendable (Owner) -> String
  /// Sets the value to the argument of its name.
  let read: @Sendable (CallArguments, inout Owner) throws(ExpressionError) -> Void

  /// Gets and sets a hyperparameter of its owner. Functions, because key paths cost a start of `train` half a
  /// millisecond.
  typealias Getter<Value> = @Sendable (Owner) -> Value
  typealias Setter<Value> = @Sendable (inout Owner, Value) -> Void

  /// - Parameter value: Reads the value out of the arguments of a call.
  private init<Value: SendableMetatype>(
    _ name: String, _ get: @escaping Getter<Value>, _ set: @escaping Setter<Value>, _ printing: Printing,
    text print: @escaping @Sendable (Value) -> String = { "\($0)" },
    _ value: @escaping @Sendable (CallArguments) throws(ExpressionError) -> Value
  ) {
    self.name = name
    self.printing = printing
    text = { print(get($0)) }
    read = { arguments, owner throws(ExpressionError) in set(&owner, try value(arguments)) }
  }

  /// The parameter in a catalogue.
  func parameter<Kind>(default prototype: Owner) -> CatalogueEntry<Kind>.Parameter {
    .init(name, printing == .required ? nil : text(prototype))
  }

  /// The argument in a printed expression; nil where it is left out.
  func argument(of owner: Owner, default prototype: Owner) -> String? {
    let text = text(owner)
    switch printing {
    case .required, .bare: return text
    case .bareIfChanged: return text == self.text(prototype) ? nil : text
    case .labelled: return "\(name): \(text)"
    case .labelledIfChanged: return text == self.text(prototype) ? nil : "\(name): \(text)"
    }
  }

  /// A whole number, which must be given unless `printing` says otherwise.
  static func integer(
    _ name: String, _ get: @escaping Getter<Int>, in range: ClosedRange<Int> = 1...1 << 30,
    _ printing: Printing = .required, _ set: @escaping Setter<Int>
  ) -> Self {
    Self(name, get, set, printing) { arguments throws(ExpressionError) in try arguments.integer(name, in: range) }
  }

  /// An axis, from the first of eight to the last.
  static func axis(_ get: @escaping Getter<Int>, _ set: @escaping Setter<Int>) -> Self {
    integer("axis", get, in: -8...7, .labelledIfChanged, set)
  }

  /// `true` or `false`.
  static func truth(
    _ name: String, _ get: @escaping Getter<Bool>, _ printing: Printing = .labelledIfChanged,
    _ set: @escaping Setter<Bool>
  ) -> Self {
    Self(name, get, set, printing) { arguments throws(ExpressionError) in try arguments.truth(name) }
  }

  /// One of some words.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ get: @escaping Getter<Choice>, _ set: @escaping Setter<Choice>
  ) -> Self {
    Self(name, get, set, .labelledIfChanged, text: \.rawValue) { arguments throws(ExpressionError) in
      try arguments.choice(name)
    }
  }

  /// A number within bounds.
  static func number<Number: BinaryFloatingPoint & SendableMetatype>(
    _ name: String, _ get: @escaping Getter<Number>, _ bounds: CallArguments.Bounds = .notNegative,
    _ printing: Printing = .labelledIfChanged, _ set: @escaping Setter<Number>
  ) -> Self {
    Self(name, get, set, printing) { arguments throws(ExpressionError) in Number(try arguments.number(name, bounds)) }
  }

  /// The learning rate of an optimizer.
  static func learningRate(_ get: @escaping Getter<Double>, _ set: @escaping Setter<Double>) -> Self {
    number("learning_rate", get, .notNegative, .bare, set)
  }

  /// The share of a weight that goes away in every step of an optimizer.
  static func weightDecay(_ get: @escaping Getter<Double>, _ set: @escaping Setter<Double>) -> Self {
    number("weight_decay", get, .share, .labelled, set)
  }
}
