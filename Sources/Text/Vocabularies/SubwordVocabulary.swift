/// Pieces of words with ids, into which any text can be cut.
///
/// A word is taken from its beginning, the longest piece that fits each time. Source: Tensor2Tensor's subword encoder
/// and its `.subword` files, as in Trax `data.Tokenize`.
public struct SubwordVocabulary: Sendable {
  /// The pieces in the order of their ids, in escaped form.
  public let pieces: [[UInt8]]
  private let sorted: SortedPieces
  private var alphabet = SubwordEscapes.characters

  /// A vocabulary of pieces; their characters are its alphabet.
  init(pieces: [[UInt8]]) {
    self.init(pieces: pieces, alphabet: [])
    for piece in pieces {
      alphabet.formUnion(String(decoding: piece, as: UTF8.self).unicodeScalars.map(\.value))
    }
  }

  /// A vocabulary of pieces with an alphabet.
  init(pieces: [[UInt8]], alphabet: Set<UInt32>) {
    self.pieces = pieces
    self.alphabet.formUnion(alphabet)
    sorted = SortedPieces(pieces)
  }

  /// The most bytes of a piece in a file: what cuts a text up looks so far ahead.
  public static let longestPiece = 1024

  /// Reads a `.subword` file: a piece a line, with quotes around it or without.
  /// - Returns: nil when the file is not UTF-8, empty, or has a piece longer than `longestPiece`.
  public init?(file: [UInt8]) {
    guard !file.isEmpty, let text = String(validating: file, as: UTF8.self) else { return nil }
    var lines = text.replacingLineEnds.split(separator: 0x0a, omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    self.init(
      pieces: lines.map { line in
        var piece = Array(line)
        while let last = piece.lastScalar, CharacterSet.isSpace(last.value) { piece.removeLast(last.length) }
        for quote in [0x27, 0x22] as [UInt8] where piece.first == quote && piece.last == quote {
          return piece.count == 1 ? [] : Array(piece.dropFirst().dropLast())
        }
        return piece
      })
    guard pieces.allSatisfy({ $0.count <= Self.longestPiece }) else { return nil }
  }

  /// A vocabulary of pieces, as `names` gives them.
  /// - Returns: nil when there are none, or one is longer than `longestPiece`.
  public init?(_ names: [String]) {
    guard !names.isEmpty, names.allSatisfy({ $0.utf8.count <= Self.longestPiece }) else { return nil }
    self.init(pieces: names.map { Array($0.utf8) })
  }

  /// The pieces as strings, which model files hold.
  public var names: [String] { pieces.map { String(decoding: $0, as: UTF8.self) } }

  /// The text of a `.subword` file.
  public var file: [UInt8] { pieces.flatMap { [0x27] + $0 + [0x27, 0x0a] } }

  /// The number of ids.
  public var count: Int { pieces.count }

  /// The ids of a text; nil when a piece of it is not in the vocabulary, which a vocabulary with all its single
  /// characters does not let happen.
  public func ids(of text: UnsafeBufferPointer<UInt8>) -> [Int]? {
    var result: [Int] = []
    var isWhole = true
    var escaped: [UInt8] = []
    SubwordWords.forEach(in: text) { word in
      escaped.removeAll(keepingCapacity: true)
      SubwordEscapes.append(word, to: &escaped) { alphabet.contains($0) }
      isWhole = escaped.withUnsafeBufferPointer { forEachPiece(of: $0) { id, _ in result.append(id) } } && isWhole
    }
    return isWhole ? result : nil
  }

  /// Calls `body` with the id and the length of every piece of an escaped word. Returns false when one is missing.
  func forEachPiece(of escaped: Bytes, _ body: (_ id: Int, _ length: Int) -> Void) -> Bool {
    var start = 0
    while start < escaped.count {
      guard let (id, length) = sorted.longest(in: escaped, at: start) else { return false }
      body(id, length)
      start += length
    }
    return true
  }

  /// Appends the text of ids, all of which the vocabulary must have.
  public func append(_ ids: [Int], to text: inout [UInt8]) {
    let escaped = ids.flatMap { pieces[$0] }
    var word: [UInt8] = []
    var endedInLetter: Bool?
    for part in escaped.split(separator: 0x5f) {
      word.removeAll(keepingCapacity: true)
      SubwordEscapes.appendUnescaped(part, to: &word)
      guard !word.isEmpty else { continue }
      let isLetter = word.withUnsafeBufferPointer { SubwordWords.isAlphanumeric($0.scalar(at: 0).value) }
      if endedInLetter ?? false, isLetter { text.append(0x20) }
      text.append(contentsOf: word)
      endedInLetter = isLetter
    }
  }
}

extension String {
  /// The UTF-8 with every line end as a line feed, as Python reads text.
  fileprivate var replacingLineEnds: [UInt8] {
    var result: [UInt8] = []
    var last: UInt8 = 0
    for byte in utf8 {
      if byte == 0x0d {
        result.append(0x0a)
      } else if byte != 0x0a || last != 0x0d {
        result.append(byte)
      }
      last = byte
    }
    return result
  }
}

extension [UInt8] {
  /// The last code point and its length.
  fileprivate var lastScalar: (value: UInt32, length: Int)? {
    guard var start = indices.last else { return nil }
    while start > 0, self[start] & 0xc0 == 0x80 { start -= 1 }
    return withUnsafeBufferPointer { $0.scalar(at: start) }
  }
}
