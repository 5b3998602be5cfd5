import Files
import JSONLines

/// A vocabulary on disk: a JSON object of tokens and their ids in the order of the ids, one entry a line.
public enum VocabularyFile {
  /// Reads the tokens in the order of their ids.
  /// - Throws: `FileError` when the file can't be read, is no such object, or its ids are not 0, 1, 2, ….
  public static func read(_ file: String) throws(FileError) -> [String] {
    let bytes = try WholeFile.readText(file)
    do throws(RecordError) {
      return try bytes.withUnsafeBufferPointer { text throws(RecordError) in try tokens(in: text) }
    } catch {
      throw FileError(file, error.description)
    }
  }

  /// The tokens of a vocabulary's JSON text in the order of their ids.
  public static func tokens(in text: Bytes) throws(RecordError) -> [String] {
    let document = try JSONDocument(text)
    guard let members = document.root.members, !members.isEmpty else {
      throw RecordError("not a JSON object of tokens and ids")
    }
    var tokens = [String?](repeating: nil, count: members.count)
    for (token, value) in members {
      guard let id = value.integer, tokens.indices.contains(id), tokens[id] == nil else {
        throw RecordError("the ids must be 0 to \(members.count - 1), each once, but \"\(token)\" has another")
      }
      tokens[id] = token
    }
    return tokens.map { $0! }
  }

  /// Appends the vocabulary of `tokens` as JSON text.
  public static func write(_ tokens: [String], to output: inout [UInt8]) {
    output.append("{")
    for (id, token) in tokens.enumerated() {
      output.append(id == 0 ? "\n" : ",\n")
      output.appendJSON(token)
      output.append(": ")
      output.appendJSON(id)
    }
    output.append("\n}\n")
  }
}
