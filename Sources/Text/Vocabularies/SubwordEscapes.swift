/// The form in which words are cut up into subwords: characters outside an alphabet are written as numbers, and an
/// underscore marks the end of a word.
///
///     \   →  \\        _   →  \u        other characters, and line feeds  →  \N; with N the code point
///
/// Source: Tensor2Tensor's subword encoder, which Trax has taken over.
enum SubwordEscapes {
  /// The characters that escapes are written with; they are in every alphabet.
  static let characters = Set("\\_u;0123456789".unicodeScalars.map(\.value))

  /// Appends a word in escaped form.
  /// - Parameter isKnown: Whether a character is in the alphabet.
  @inline(__always)
  static func append(_ word: Bytes, to output: inout [UInt8], isKnown: (UInt32) -> Bool) {
    var index = 0
    while index < word.count {
      let (scalar, length) = word.scalar(at: index)
      switch scalar {
      case 0x5c: output += [0x5c, 0x5c]
      case 0x5f: output += [0x5c, 0x75]
      case _ where isKnown(scalar) && scalar != 0x0a: output.append(contentsOf: word[index..<index + length])
      default: output += Array("\\\(scalar);".utf8)
      }
      index += length
    }
    output.append(0x5f)
  }

  /// Appends the word of an escaped form without its underscore. A number that is no character becomes U+3013.
  static func appendUnescaped(_ escaped: ArraySlice<UInt8>, to output: inout [UInt8]) {
    var index = escaped.startIndex
    while index < escaped.endIndex {
      guard escaped[index] == 0x5c, index + 1 < escaped.endIndex else {
        output.append(escaped[index])
        index += 1
        continue
      }
      if escaped[index + 1] == 0x75 || escaped[index + 1] == 0x5c {
        output.append(escaped[index + 1] == 0x75 ? 0x5f : 0x5c)
        index += 2
        continue
      }
      let digits = escaped[(index + 1)...].prefix { 0x30...0x39 ~= $0 }
      guard !digits.isEmpty, digits.endIndex < escaped.endIndex, escaped[digits.endIndex] == 0x3b else {
        output.append(0x5c)
        index += 1
        continue
      }
      let number = UInt32(String(decoding: digits, as: UTF8.self)) ?? .max
      let isSurrogate = 0xd800...0xdfff ~= number
      output.append(scalar: number > 0x10ffff ? 0x3013 : isSurrogate ? 0xfffd : number)
      index = digits.endIndex + 1
    }
  }
}

/// The words of a text: stretches of letters and numbers, and stretches of everything else. A single space between two
/// words is left out, and comes back between two words of letters and numbers. Source: Trax `tokenizer`.
enum SubwordWords {
  /// Calls `body` with every word.
  static func forEach(in text: Bytes, _ body: (Bytes) -> Void) {
    guard !text.isEmpty else { return }
    var (start, index, wasLetter) = (0, 0, false)
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      let isLetter = isAlphanumeric(scalar)
      if index > 0, isLetter != wasLetter {
        if start == 0 || index - start != 1 || text[start] != 0x20 { body(text.slice(start, index)) }
        start = index
      }
      (wasLetter, index) = (isLetter, index + length)
    }
    body(text.slice(start, text.count))
  }

  /// Whether a character is a letter or a number (Unicode categories L and N).
  static func isAlphanumeric(_ scalar: UInt32) -> Bool {
    if scalar >= 0x80 { return UnicodeTables.holds(UnicodeTables.pythonWord, scalar) }
    return CharacterSet.ofASCII(UInt8(scalar)).meets([.letter, .digit])
  }
}
