/// What a word shows of itself beside being that word: its first and last letters, its shape, its parts, the letters
/// inside. Each is a token of its own, with a name in front, so that a vocabulary counts and numbers them as others:
///
///     word:mcdonald
///     start:m  start:mc  start:mcd  start:mcdo      the first letters, in lower case
///     end:d    end:ld    end:ald    end:nald        the last ones
///     shape:XxXxxxxx                                X an upper-case letter, x another letter, d a digit
///     form:XxXx                                     the shape with each run of one character once
///     word:mc  word:donald                          the parts of a name that is written in one
///     in:<mc  in:mcd  …  in:<mcd  …                 the runs of three and four letters between < and >
///
/// A model that knows them has something to go by for a name that it has never seen. Sources: the features of taggers
/// with conditional random fields (F. Sha, F. Pereira, Shallow Parsing with Conditional Random Fields, 2003), and
/// fastText's subwords.
public enum WordFeatures {
  /// The longest word, in characters with the borders, whose runs of letters are features.
  static let longestForRuns = 24
  /// The most parts of a word that are features.
  static let mostParts = 6

  /// The features of a token, the word itself first.
  public static func names(of token: UnsafeBufferPointer<UInt8>) -> [String] {
    let word = String(decoding: token, as: UTF8.self)
    let lower = lowered(token)
    let letters = Array(lower.unicodeScalars)
    var names = ["word:" + lower]
    for count in 1...4 where count <= letters.count {
      names.append("start:" + text(letters.prefix(count)))
      names.append("end:" + text(letters.suffix(count)))
    }
    let shape = word.unicodeScalars.map(shape)
    names.append("shape:" + text(shape))
    names.append("form:" + text(shape.indices.filter { $0 == 0 || shape[$0] != shape[$0 - 1] }.map { shape[$0] }))
    let parts = parts(of: Array(token))
    if parts.count > 1 || parts.first.map({ $0.count < token.count }) ?? false {
      names += parts.filter { $0.count > 1 }.prefix(mostParts).map { part in
        "word:" + part.withUnsafeBufferPointer(lowered)
      }
    }
    let bordered = [Unicode.Scalar("<")] + letters + [Unicode.Scalar(">")]
    guard bordered.count <= longestForRuns else { return names }
    for count in 3...4 where count <= bordered.count {
      for start in 0...bordered.count - count { names.append("in:" + text(bordered[start..<start + count])) }
    }
    return names
  }

  private static func lowered(_ token: Bytes) -> String {
    var lower: [UInt8] = []
    Lowercase.append(token, to: &lower)
    return String(decoding: lower, as: UTF8.self)
  }

  private static func text(_ scalars: some Collection<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private static func shape(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: "X"
    case .lowercaseLetter, .modifierLetter, .otherLetter: "x"
    case .decimalNumber: "d"
    default: scalar
    }
  }

  /// The runs of ASCII letters and digits of a word, cut where a capital begins a new one: `McDonald` has Mc and Donald,
  /// `NASAReport2` NASA, Report and 2.
  private static func parts(of word: [UInt8]) -> [[UInt8]] {
    enum Kind { case upper, lower, digit, other }
    func kind(_ index: Int) -> Kind {
      guard index < word.count else { return .other }
      switch word[index] {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): return .upper
      case UInt8(ascii: "a")...UInt8(ascii: "z"): return .lower
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return .digit
      default: return .other
      }
    }
    func endOfRun(_ start: Int) -> Int {
      var end = start + 1
      while end < word.count, kind(end) == kind(start) { end += 1 }
      return end
    }
    var parts: [[UInt8]] = []
    var index = 0
    while index < word.count {
      guard kind(index) != .other else {
        index += 1
        continue
      }
      var end = endOfRun(index)
      if kind(index) == .upper, kind(end) == .lower {
        // The last capital is the first letter of what follows.
        end = end - index > 1 ? end - 1 : endOfRun(end)
      }
      parts.append(Array(word[index..<end]))
      index = end
    }
    return parts
  }
}
