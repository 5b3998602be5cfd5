extension Loop {
  /// How often something happens: every so many steps, or every so many epochs of batches that count them.
  ///
  /// As text `10`, and `1epoch` or `2epochs`.
  public enum Interval: Sendable, Hashable {
    /// Every so many steps.
    case steps(Int)
    /// Every so many passes through the data.
    case epochs(Int)

    /// The number of steps or epochs.
    public var count: Int {
      switch self {
      case .steps(let count), .epochs(let count): count
      }
    }

    /// Whether it is one of epochs.
    public var isOfEpochs: Bool {
      if case .epochs = self { true } else { false }
    }
  }
}

extension Loop.Interval: ExpressibleByIntegerLiteral {
  public init(integerLiteral steps: Int) { self = .steps(steps) }
}

extension Loop.Interval: LosslessStringConvertible {
  /// The interval of a text; nil where it is none.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count >= 1 else { return nil }
    switch text[digits.endIndex...] {
    case "": self = .steps(count)
    case "epoch", "epochs": self = .epochs(count)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .steps(let count): "\(count)"
    case .epochs(1): "1epoch"
    case .epochs(let count): "\(count)epochs"
    }
  }
}
