import Files
import JSONLines

/// A line of plain text whose labels are words with a prefix: `__label__spam __label__de text`, as fastText reads it.
///
/// Like fastText's, the labels may stand anywhere in the line; they and the white space behind them are no part of the
/// text. Source: https://fasttext.cc/docs/en/supervised-tutorial.html.
public struct LabelledLine {
  /// What remains when the labels are taken out.
  public private(set) var text: [UInt8] = []
  /// The labels without their prefix, each once, in the order of the line.
  public private(set) var labels: [[UInt8]] = []

  /// Takes a line apart.
  /// - Throws: `RecordError` for a line without labels, or with one that is nothing but the prefix, and for one that is
  ///   not UTF-8 or holds a NUL.
  public init(_ line: Bytes, prefix: [UInt8]) throws(RecordError) {
    try line.checkPlainText()
    let prefixText = String(decoding: prefix, as: UTF8.self)
    var index = 0
    var isBehindLabel = false
    var seen: Set<[UInt8]> = []
    while index < line.count {
      let start = index
      while index < line.count, !Self.isSpace(line[index]) { index += 1 }
      let word = line[start..<index]
      while index < line.count, Self.isSpace(line[index]) { index += 1 }
      if word.starts(with: prefix) {
        let label = Array(word.dropFirst(prefix.count))
        guard !label.isEmpty else { throw RecordError("a label has no name behind \"\(prefixText)\"") }
        if seen.insert(label).inserted { labels.append(label) }
        isBehindLabel = true
      } else {
        text.append(contentsOf: line[start..<index])
        isBehindLabel = false
      }
    }
    guard !labels.isEmpty else { throw RecordError("the line has no label that begins with \"\(prefixText)\"") }
    if isBehindLabel { while let last = text.last, Self.isSpace(last) { text.removeLast() } }
  }

  /// Appends the record of the line: the text in `field`, and one label as `label`, several as `labels`.
  public func append(field: String, to object: inout [UInt8]) {
    object.appendObject { object in
      object.add(field) { append(text, to: &$0) }
      if labels.count == 1 {
        object.add("label") { append(labels[0], to: &$0) }
      } else {
        object.add("labels") { $0.appendJSON(list: labels) { append($1, to: &$0) } }
      }
    }
  }

  private func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { output.appendJSON($0) }
  }

  /// What separates words for fastText, but for the NUL, which no text may hold.
  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 0x09...0x0d ~= byte }
}
