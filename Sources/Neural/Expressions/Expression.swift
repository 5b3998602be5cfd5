/// A list of calls, the language of `--layers` and `--optimizer`:
///
///     calls   =  call call …
///     call    =  Name  |  Name(arguments)  |  Name[calls]  |  Name(calls)
///     argument =  value  |  word: value
///
/// `Dense_2` is short for `Dense(2)`, so what a model prints can be read again.
struct Expression {
  /// One call and where it stands.
  struct Call {
    var name: String
    var column: Int
    var arguments: [Argument] = []
    var calls: [Call] = []
    /// The numbers of tensors that the name says are taken and given, as in `Add_in2`.
    var inputs: Int?, outputs: Int?
  }

  /// The longest text that is read, in bytes, and how deep calls may stand inside each other.
  static let longest = 1 << 16, deepest = 64

  /// A number or a word, perhaps with a label before it.
  struct Argument {
    var label: String?
    var value: String
    var column: Int
  }

  /// The calls of `text`.
  /// - Throws: `ExpressionError` with the column of what can't be read.
  static func calls(in text: String) throws(ExpressionError) -> [Call] {
    guard text.utf8.count <= longest else {
      throw ExpressionError(column: longest + 1, "the expression is longer than \(longest) bytes")
    }
    var scanner = Expression(text: Array(text.utf8))
    let calls = try scanner.calls(until: nil)
    guard !calls.isEmpty else { throw ExpressionError(column: 1, "the expression is empty") }
    return calls
  }

  /// The one call of `text`.
  static func call(in text: String) throws(ExpressionError) -> Call {
    let calls = try calls(in: text)
    guard calls.count == 1 else { throw ExpressionError(column: calls[1].column, "one is enough") }
    return calls[0]
  }

  private let text: [UInt8]
  private var index = 0
  private var depth = 0

  private init(text: [UInt8]) { self.text = text }

  private mutating func skipSpace() {
    while index < text.count, text[index] == 0x20 || text[index] == 0x09 || text[index] == 0x0a { index += 1 }
  }

  static func tooDeep(column: Int) -> ExpressionError {
    ExpressionError(column: column, "calls stand inside each other more than \(deepest) deep")
  }

  private func error(_ message: String) -> ExpressionError { ExpressionError(column: index + 1, message) }

  private mutating func calls(until end: Unicode.Scalar?) throws(ExpressionError) -> [Call] {
    guard depth <= Self.deepest else { throw Self.tooDeep(column: index + 1) }
    depth += 1
    defer { depth -= 1 }
    var calls: [Call] = []
    while true {
      skipSpace()
      guard index < text.count else {
        if let end { throw error("\"\(end)\" is missing") }
        return calls
      }
      if let end, UInt32(text[index]) == end.value {
        index += 1
        return calls
      }
      if text[index] == UInt8(ascii: ","), !calls.isEmpty {
        index += 1
        continue
      }
      calls.append(try call())
    }
  }

  private mutating func call() throws(ExpressionError) -> Call {
    let column = index + 1
    let word = self.word()
    guard let first = word.first, first.isLetter else {
      throw ExpressionError(column: column, "a name is expected here")
    }
    // Dense_2 and Embedding_9088_256 hold their arguments in their names, Add_in2 the number of its inputs.
    var parts = word.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    let outputs = Self.count("out", endOf: &parts)
    let inputs = Self.count("in", endOf: &parts)
    let numbers = parts.reversed().prefix { Int($0) != nil }.count
    var call = Call(name: parts.dropLast(numbers).joined(separator: "_"), column: column)
    (call.inputs, call.outputs) = (inputs, outputs)
    call.arguments = parts.suffix(numbers).map { Argument(label: nil, value: $0, column: column) }
    guard index < text.count else { return call }
    if text[index] == UInt8(ascii: "[") {
      index += 1
      call.calls = try calls(until: "]")
    } else if text[index] == UInt8(ascii: "(") {
      index += 1
      if isNextACall() { call.calls = try calls(until: ")") } else { call.arguments += try arguments() }
    }
    return call
  }

  /// Takes a number of tensors, `in2`, off the end of a name's parts.
  private static func count(_ word: String, endOf parts: inout [String]) -> Int? {
    guard let last = parts.last, last.hasPrefix(word), let count = Int(last.dropFirst(word.count)) else { return nil }
    parts.removeLast()
    return count
  }

  /// Whether a name that begins with a capital follows, and so a call and no argument.
  private mutating func isNextACall() -> Bool {
    skipSpace()
    return index < text.count && 0x41...0x5a ~= text[index]
  }

  private mutating func arguments() throws(ExpressionError) -> [Argument] {
    var arguments: [Argument] = []
    while true {
      skipSpace()
      guard index < text.count else { throw error("\")\" is missing") }
      if text[index] == UInt8(ascii: ")") {
        index += 1
        return arguments
      }
      if text[index] == UInt8(ascii: ","), !arguments.isEmpty {
        index += 1
        skipSpace()
      }
      var argument = Argument(label: nil, value: "", column: index + 1)
      argument.value = word()
      skipSpace()
      if index < text.count, text[index] == UInt8(ascii: ":") || text[index] == UInt8(ascii: "=") {
        index += 1
        skipSpace()
        argument.label = argument.value
        argument.value = word()
      }
      guard !argument.value.isEmpty else { throw error("a number or a word is expected here") }
      arguments.append(argument)
    }
  }

  /// Letters, digits and what else numbers are made of.
  private mutating func word() -> String {
    let start = index
    while index < text.count {
      switch text[index] {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"):
        index += 1
      default: return String(decoding: text[start..<index], as: UTF8.self)
      }
    }
    return String(decoding: text[start..<index], as: UTF8.self)
  }
}

/// What is wrong with an expression and where.
public struct ExpressionError: Error, Equatable, CustomStringConvertible {
  /// The column in the expression, from 1.
  public let column: Int
  /// What is wrong there, and what is possible.
  public let message: String

  /// - Parameter column: Where the expression goes wrong, from 1.
  public init(column: Int, _ message: String) {
    self.column = column
    self.message = message
  }

  public var description: String { "column \(column): \(message)" }
}
