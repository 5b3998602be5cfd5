/// How a text becomes the ids of its characters, and ids a text.
///
/// Without a vocabulary the ids are the bytes of the text's UTF-8, as in the Trax tutorial of the character model: 256
/// ids, of which 0 is padding and 1 the end of a line. With one they are those of its code points, and 2 stands for
/// every other. In both, a line feed in the text is the end of a line.
public struct CharacterEncoding: Sendable {
  /// The code points that have ids; nil when bytes are ids.
  public let vocabulary: Vocabulary?
  /// Whether the text is turned to lower case, and white space at its ends dropped.
  public let lowercases: Bool, trims: Bool
  /// Whether the id of the end follows the text.
  public private(set) var appendsEnd: Bool
  private var maxLength: Int
  private var trimsEnd = true

  /// - Parameters:
  ///   - vocabulary: The characters that have ids; without, ids are bytes.
  ///   - lowercases: Whether the text is turned to lower case.
  ///   - trims: Whether white space at its ends is dropped.
  ///   - appendsEnd: Whether the id of the end follows the text.
  ///   - maxLength: The most ids, 1 or more; the end's counts, and stays.
  public init(
    vocabulary: Vocabulary? = nil, lowercases: Bool = false, trims: Bool = false, appendsEnd: Bool = false,
    maxLength: Int? = nil
  ) {
    self.vocabulary = vocabulary
    self.lowercases = lowercases
    self.trims = trims
    self.appendsEnd = appendsEnd
    self.maxLength = maxLength ?? .max
  }

  /// The encoding of a model that was trained with such options.
  public init(vocabulary: Vocabulary?, _ options: TokenizerOptions) {
    self.init(
      vocabulary: vocabulary, lowercases: options.lowercases, trims: options.trims, appendsEnd: options.appendsEnd,
      maxLength: options.maxLength)
  }

  /// The same for the beginning of a text: white space goes from its start only, and no end follows.
  public var ofBeginnings: CharacterEncoding {
    var encoding = self
    (encoding.appendsEnd, encoding.maxLength, encoding.trimsEnd) = (false, .max, false)
    return encoding
  }

  /// The number of ids.
  public var count: Int { vocabulary?.count ?? 256 }

  /// The ids of a text, which must be valid UTF-8.
  public func ids(of text: UnsafeBufferPointer<UInt8>) -> [Int] {
    var ids: [Int] = []
    forEachCharacter(of: text) { character in
      guard let character else { return ids.append(Vocabulary.end) }
      if let vocabulary {
        ids.append(vocabulary.id(of: character) ?? Vocabulary.unknown)
      } else {
        for byte in character { ids.append(Int(byte)) }
      }
    }
    let room = appendsEnd ? maxLength - 1 : maxLength
    if ids.count > room { ids.removeLast(ids.count - room) }
    if appendsEnd { ids.append(Vocabulary.end) }
    return ids
  }

  /// The characters of a text that have no id, each once, in their order.
  public func unknownCharacters(in text: UnsafeBufferPointer<UInt8>) -> [String] {
    guard let vocabulary else { return [] }
    var unknown: [String] = []
    var seen: Set<UInt32> = []
    forEachCharacter(of: text) { character in
      guard let character, vocabulary.id(of: character) == nil else { return }
      if seen.insert(character.scalar(at: 0).value).inserted {
        unknown.append(String(decoding: character, as: UTF8.self))
      }
    }
    return unknown
  }

  /// Calls `body` with the UTF-8 of every code point of the text as it is encoded, and with nil for the end of a line.
  public func forEachCharacter(
    of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>?) -> Void
  ) {
    if lowercases {
      var lower: [UInt8] = []
      Lowercase.append(text, to: &lower)
      lower.withUnsafeBufferPointer { visit($0, body) }
    } else {
      visit(text, body)
    }
  }

  private func visit(_ text: Bytes, _ body: (Bytes?) -> Void) {
    let range = trims ? trimmed(text) : 0..<text.count
    var index = range.lowerBound
    while index < range.upperBound {
      let length = text.scalar(at: index).length
      body(text[index] == 0x0a ? nil : text.slice(index, index + length))
      index += length
    }
  }

  /// The text without white space at its ends, as Python's `str.strip` drops it.
  private func trimmed(_ text: Bytes) -> Range<Int> {
    var (start, end) = (0, text.count)
    while start < end {
      let (scalar, length) = text.scalar(at: start)
      guard CharacterSet.isSpace(scalar) else { break }
      start += length
    }
    while trimsEnd, end > start {
      var last = end - 1
      while text[last] & 0xc0 == 0x80 { last -= 1 }
      guard CharacterSet.isSpace(text.scalar(at: last).value) else { break }
      end = last
    }
    return start..<end
  }

  /// Appends the UTF-8 of an id's character: nothing for padding, a line's end for the end, and a replacement character
  /// for an unknown one. A byte that is no character by itself is appended as it is. Ids beyond the encoding are a
  /// mistake.
  public func append(_ id: Int, to text: inout [UInt8]) {
    switch id {
    case Vocabulary.padding: break
    case Vocabulary.end: text.append(0x0a)
    case _ where vocabulary == nil: text.append(UInt8(id))
    case Vocabulary.unknown: text.append(scalar: 0xfffd)
    default: text.append(contentsOf: vocabulary!.token(of: id)!.utf8)
    }
  }
}
