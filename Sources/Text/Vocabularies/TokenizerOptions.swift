/// The options of `tweet-tokenize` and `tensorize` that made a model's ids, as they are typed for `train --tokenizer`
/// and kept in the model file: `--no-stem --ngrams 2 --hash-bits 18`, `--characters --append-end`.
///
/// Words are separated by spaces; quotes hold a word with spaces together; a value follows its option as a word of its
/// own or behind `=`. What is none of these programs' options, or does not go together, is refused. Options that say
/// where a text stands (`--plain`, `--field`, `--keep-blank-lines`) have no bearing on the ids and are only kept.
public struct TokenizerOptions: Sendable, Equatable {
  /// What the ids stand for.
  public enum Unit: Sendable {
    /// Tokens of a vocabulary.
    case tokens
    /// Single characters, or bytes.
    case characters
    /// Pieces of words.
    case subwords
  }

  /// What the ids stand for; nil when no option says so.
  public private(set) var unit: Unit?
  /// Whether a text is turned to lower case, and white space at its ends dropped, before its characters are taken.
  public private(set) var lowercases = false, trims = false
  /// Whether the id of the end follows the others.
  public private(set) var appendsEnd = false
  /// The most ids of a record, without those of n-grams; nil for no limit.
  public private(set) var maxLength: Int?
  /// The n-grams beside the tokens.
  public private(set) var ngrams: HashedNGrams?
  /// The options of `tweet-tokenize` among them, as they are typed, and all others.
  public private(set) var wordsOfTweetTokenize: [String] = [], wordsOfTensorize: [String] = []

  /// Reads options; nil is none.
  /// - Throws: `TokenizerOptionsError` with the reason.
  public init(_ text: String?) throws(TokenizerOptionsError) {
    let words = try Self.words(of: text ?? "")
    var options: [String: String] = [:]
    var next = 0
    while next < words.count {
      let parts = words[next].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let kind = Self.kinds[parts[0]] else {
        throw TokenizerOptionsError("\"\(parts[0])\" is no option of tweet-tokenize or tensorize that makes ids")
      }
      guard options[parts[0]] == nil else { throw TokenizerOptionsError("\(parts[0]) is given twice") }
      var typed = [words[next]]
      next += 1
      if kind.hasValue, parts.count == 1 {
        guard next < words.count, !words[next].hasPrefix("--") else {
          throw TokenizerOptionsError("\(parts[0]) needs a value")
        }
        typed.append(words[next])
        next += 1
      } else if !kind.hasValue, parts.count == 2 {
        throw TokenizerOptionsError("\(parts[0]) takes no value")
      }
      options[parts[0]] = kind.hasValue ? typed.count == 2 ? typed[1] : parts[1] : ""
      if kind.isOfTweetTokenize { wordsOfTweetTokenize += typed } else { wordsOfTensorize += typed }
    }
    try take(options)
  }

  private mutating func take(_ options: [String: String]) throws(TokenizerOptionsError) {
    func has(_ name: String) -> Bool { options[name] != nil }
    func number(_ name: String, _ range: ClosedRange<Int>) throws(TokenizerOptionsError) -> Int? {
      guard let value = options[name] else { return nil }
      guard let number = Int(value), range ~= number else {
        let upper = range.upperBound == .max ? "1 or more" : "from \(range.lowerBound) to \(range.upperBound)"
        throw TokenizerOptionsError("\(name) must be \(upper), not \"\(value)\"")
      }
      return number
    }
    lowercases = has("--lowercase")
    trims = has("--trim")
    appendsEnd = has("--append-end")
    maxLength = try number("--max-length", 1 ... .max)
    let (longest, bits) = (try number("--ngrams", 2...8), try number("--hash-bits", 1...23))
    ngrams = longest.map { HashedNGrams(longest: $0, bits: bits ?? 20) }
    if let links = options["--links"], Links(rawValue: links) == nil {
      throw TokenizerOptionsError(
        "--links must be \(Links.allCases.map(\.rawValue).joined(separator: ", ")), not \"\(links)\"")
    }
    let isOfTokens = ngrams != nil || !wordsOfTweetTokenize.isEmpty
    guard [isOfTokens, has("--characters"), has("--subwords")].count(where: { $0 }) <= 1 else {
      throw TokenizerOptionsError("tokens, --characters and --subwords do not go together")
    }
    unit = has("--characters") ? .characters : has("--subwords") ? .subwords : isOfTokens ? .tokens : nil
    if lowercases || trims, unit != .characters {
      throw TokenizerOptionsError("--lowercase and --trim go with --characters")
    }
    if bits != nil, ngrams == nil { throw TokenizerOptionsError("--hash-bits goes with --ngrams") }
  }

  private struct Kind {
    var hasValue = false
    var isOfTweetTokenize = false
  }

  private static let kinds: [String: Kind] = {
    var kinds: [String: Kind] = ["--links": Kind(hasValue: true, isOfTweetTokenize: true)]
    for name in [
      "keep-case", "keep-handles", "keep-lengthening", "keep-stop-words", "keep-punctuation", "no-stem", "raw",
    ] {
      kinds["--\(name)"] = Kind(isOfTweetTokenize: true)
    }
    for name in ["characters", "lowercase", "trim", "append-end", "plain", "keep-blank-lines"] {
      kinds["--\(name)"] = Kind()
    }
    for name in ["ngrams", "hash-bits", "max-length", "subwords", "field"] { kinds["--\(name)"] = Kind(hasValue: true) }
    return kinds
  }()

  /// The words of a text as a shell takes them apart, with quotes of both kinds.
  private static func words(of text: String) throws(TokenizerOptionsError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character.isWhitespace {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw TokenizerOptionsError("the quote \(quote) is not closed") }
    if let word { words.append(word) }
    return words
  }
}

/// What is wrong with the options of a tokenizer.
public struct TokenizerOptionsError: Error, Equatable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
