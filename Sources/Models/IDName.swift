import JSONLines

/// What people call an id: its token or character, the words of an n-gram, or its number where it has no name.
public enum IDName: Sendable, Hashable, CustomStringConvertible {
  /// A token, a character, or the words of an n-gram with spaces between them.
  case text(String)
  /// The id itself.
  case number(Int)

  public var description: String {
    switch self {
    case .text(let text): text
    case .number(let number): "\(number)"
    }
  }
}

extension [UInt8] {
  /// Appends a name as a JSON string, or a number as one.
  public mutating func appendJSON(_ name: IDName) {
    switch name {
    case .text(let text): appendJSON(text)
    case .number(let number): appendJSON(number)
    }
  }
}
