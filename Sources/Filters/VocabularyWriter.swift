import Files
import JSONLines
import Text

/// Writes a `VocabularyFile` token by token.
public struct VocabularyWriter {
  private var count = 0
  private var isFirst = true

  /// Begins with how the tokens were made, where that is not by the defaults.
  public init(tokenizer: TokenizerOptions, to output: inout [UInt8]) {
    output.append("{")
    guard !tokenizer.isEmpty else { return }
    var key = VocabularyFile.tokenizerKey
    key.withUTF8 { begin($0, &output) }
    output.appendJSON(tokenizer.description)
  }

  /// Appends the next token, with the next id.
  public mutating func add(_ token: Bytes, to output: inout [UInt8]) {
    begin(token, &output)
    output.appendJSON(count)
    count += 1
  }

  /// Appends the end.
  public func finish(to output: inout [UInt8]) { output.append("\n}\n") }

  private mutating func begin(_ key: Bytes, _ output: inout [UInt8]) {
    output.append(isFirst ? "\n" : ",\n")
    isFirst = false
    output.appendJSON(key)
    output.append(": ")
  }
}
