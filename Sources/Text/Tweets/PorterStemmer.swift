/// The Porter stemmer in NLTK's default mode: Martin Porter's algorithm with his later changes and NLTK's own.
///
/// Source: M. F. Porter, An algorithm for suffix stripping, Program 14 (3), 1980; nltk.stem.porter (NLTK 3.5 and 3.10.4).
public struct PorterStemmer: Sendable {
  /// Room for the letters of a word.
  private var letters: [UInt8] = []
  private var bytes: [UInt8] = []
  /// Whether short and irregular words are lowered like all others.
  private let lowersAll: Bool

  /// A stemmer, whose memory is used again from word to word.
  /// - Parameter release: The release of NLTK whose stems it makes. 3.5 leaves words of one or two letters as they are, and
  ///   knows irregular words in small letters only.
  public init(_ release: NLTKRelease = .v35) { lowersAll = release.rules.stemmerLowersAll }

  /// The stem of `word`.
  public mutating func stem(_ word: String) -> String {
    var text = word
    return text.withUTF8 { text in
      var output: [UInt8] = []
      appendStem(of: text, to: &output)
      return String(decoding: output, as: UTF8.self)
    }
  }

  /// Appends the stem of the word `text` to `output`.
  mutating func appendStem(of text: Bytes, to output: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    Lowercase.append(text, to: &bytes)
    bytes.withUnsafeBufferPointer { lowered in
      if text.count <= 8, let stem = irregularStem(of: lowersAll ? lowered : text) { return output.append(stem) }
      if text.count <= 8, text.characterCount <= 2 {
        return output.append(contentsOf: lowersAll ? lowered : text)
      }
      let room = lowered.count + StemmedWord.lead
      if letters.count < room { letters = [UInt8](repeating: 0, count: 2 * room) }
      letters.withUnsafeMutableBufferPointer {
        var word = StemmedWord(lowered, in: $0)
        word.cut()
        word.append(to: &output, insteadOf: lowered)
      }
    }
  }

  /// Puts the stem of a word of ASCII characters into its place, in front of which zeros stand (`StemmedWord.lead`); gives
  /// the number of its bytes.
  func stemASCII(in word: UnsafeMutableBufferPointer<UInt8>) -> Int {
    func irregularLength() -> Int? {
      guard word.count <= 8, let stem = irregularStem(of: Bytes(word)) else { return nil }
      return stem.withUTF8Buffer { word.update(fromContentsOf: $0) }
    }
    if !lowersAll, let length = irregularLength() { return length }
    if !lowersAll, word.count <= 2 { return word.count }
    Lowercase.lowerASCII(in: word)
    if lowersAll, let length = irregularLength() { return length }
    if word.count <= 2 { return word.count }
    var stemmed = StemmedWord(ascii: word)
    stemmed.cut()
    return stemmed.count
  }

  /// The stem of a word that the rules would get wrong.
  private func irregularStem(of word: Bytes) -> StaticString? {
    let key = word.word(at: 0)
    for irregular in irregularStems where irregular.key == key && irregular.length == word.count {
      return irregular.stem
    }
    return nil
  }
}

extension Bytes {
  /// The number of characters.
  fileprivate var characterCount: Int { reduce(into: 0) { count, byte in count += byte & 0xc0 == 0x80 ? 0 : 1 } }
}

/// Words that the rules would get wrong, and their stems.
private let irregularStems: [(key: UInt64, length: Int, stem: StaticString)] = [
  irregular("sky", "sky"), irregular("skies", "sky"), irregular("dying", "die"), irregular("lying", "lie"),
  irregular("tying", "tie"), irregular("news", "news"), irregular("innings", "inning"), irregular("inning", "inning"),
  irregular("outings", "outing"), irregular("outing", "outing"), irregular("cannings", "canning"),
  irregular("canning", "canning"), irregular("howe", "howe"), irregular("proceed", "proceed"),
  irregular("exceed", "exceed"), irregular("succeed", "succeed"),
]

/// A word of up to eight bytes as a number.
private func irregular(_ word: StaticString, _ stem: StaticString) -> (key: UInt64, length: Int, stem: StaticString) {
  word.withUTF8Buffer { ($0.word(at: 0), $0.count, stem) }
}
