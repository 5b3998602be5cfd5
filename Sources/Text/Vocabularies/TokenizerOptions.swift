/// How texts become the ids of a model: the options of `tweet-tokenize` and `tensorize` that have a bearing on them.
///
/// This is the one place that says what those options are. `description` is the canonical way to type them:
/// `--no-stem --ngrams 2 --hash-bits 18`, `--characters --append-end`; it is kept in model files and, as far as it says
/// how tokens are made, in vocabularies and records. Equal options make the same ids.
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

  /// How a text is cut into tokens; nil where no option says so, which `tweet-tokenize` takes for its defaults.
  public var tweets: TweetTokenizer.Options?
  /// Whether the ids are those of characters, or of bytes.
  public var areCharacters = false
  /// The file of the subwords whose ids they are.
  public var subwords: String?
  /// Whether a text is turned to lower case, and white space at its ends dropped, before its characters are taken.
  public var lowercases = false, trims = false
  /// Whether each token has several ids, those of what it shows of itself (`WordFeatures`).
  public var hasWordFeatures = false
  /// The n-grams beside the tokens.
  public var ngrams: HashedNGrams?
  /// The most ids of a record, without those of n-grams; nil for no limit.
  public var maxLength: Int?
  /// Whether the id of the end follows the others.
  public var appendsEnd = false

  /// No options.
  public init() {}

  /// The options of a text that is cut into tokens; the defaults of `tweet-tokenize` are no options.
  public init(tweets: TweetTokenizer.Options) { self.tweets = tweets == .init() ? nil : tweets }

  /// What the ids stand for; nil when no option says so.
  public var unit: Unit? {
    if areCharacters { return .characters }
    if subwords != nil { return .subwords }
    return tweets != nil || ngrams != nil || hasWordFeatures ? .tokens : nil
  }

  /// Whether there are no options.
  public var isEmpty: Bool { self == TokenizerOptions() }

  /// The options that say how a text is cut into tokens, or which characters it has, and nothing else: those that a
  /// vocabulary depends on.
  public var ofVocabulary: TokenizerOptions {
    var options = TokenizerOptions()
    (options.tweets, options.areCharacters, options.lowercases, options.trims) = (
      tweets, areCharacters, lowercases, trims
    )
    options.hasWordFeatures = hasWordFeatures
    return options
  }

  /// These options and others for the same ids.
  /// - Throws: `TokenizerOptionsError` naming two that contradict each other.
  public func adding(_ more: TokenizerOptions) throws(TokenizerOptionsError) -> TokenizerOptions {
    var sum = self
    func contradict(_ here: String, _ there: String) -> TokenizerOptionsError {
      TokenizerOptionsError("\"\(here)\" and \"\(there)\" contradict each other")
    }
    if let unit, let other = more.unit, unit != other { throw contradict("\(self)", "\(more)") }
    func either<Value: Equatable>(
      _ here: Value?, _ there: Value?, _ words: (Value) -> String
    ) throws(TokenizerOptionsError) -> Value? {
      if let here, let there, here != there { throw contradict(words(here), words(there)) }
      return here ?? there
    }
    sum.tweets = try either(tweets, more.tweets) { $0.words.joined(separator: " ") }
    sum.subwords = try either(subwords, more.subwords) { "--subwords \($0)" }
    sum.ngrams = try either(ngrams, more.ngrams) { $0.words.joined(separator: " ") }
    sum.maxLength = try either(maxLength, more.maxLength) { "--max-length \($0)" }
    sum.areCharacters = areCharacters || more.areCharacters
    sum.lowercases = lowercases || more.lowercases
    sum.trims = trims || more.trims
    sum.appendsEnd = appendsEnd || more.appendsEnd
    sum.hasWordFeatures = hasWordFeatures || more.hasWordFeatures
    return sum
  }

  /// The command that makes of a text what these options say, or of tokens or characters the ids.
  public var command: String {
    if areCharacters || subwords != nil { return "tensorize \(self)" }
    return (["tweet-tokenize"] + (tweets ?? .init()).words).joined(separator: " ")
  }
}

extension TokenizerOptions: CustomStringConvertible {
  /// The options in their canonical order, those that are as without them left out.
  public var description: String {
    var words = tweets.map { $0 == .init() ? ["--links", "url"] : $0.words } ?? []
    if areCharacters { words.append("--characters") }
    if let subwords {
      let file = ShellWords.quoted(subwords)
      words += subwords.utf8.starts(with: "--".utf8) ? ["--subwords=\(file)"] : ["--subwords", file]
    }
    if lowercases { words.append("--lowercase") }
    if trims { words.append("--trim") }
    if hasWordFeatures { words.append("--word-features") }
    words += ngrams?.words ?? []
    if let maxLength { words += ["--max-length", "\(maxLength)"] }
    if appendsEnd { words.append("--append-end") }
    return words.joined(separator: " ")
  }
}

extension TweetTokenizer.Options {
  /// The options by their names on the command line of `tweet-tokenize`.
  public init(
    release: NLTKRelease? = nil, stopWords: StopWords? = nil, keepPhoneNumbers: Bool = false, handles: Handles? = nil,
    links: Links? = nil, replaceWith: Replacements? = nil, raw: Bool = false, keepCase: Bool = false,
    keepHandles: Bool = false,
    keepLengthening: Bool = false, keepStopWords: Bool = false, keepPunctuation: Bool = false, noStem: Bool = false
  ) {
    self = raw ? .raw : .init()
    self.release = release ?? .v35
    // The release's own words need no option.
    self.stopWords = stopWords == self.release.stopWords ? nil : stopWords
    keepsPhoneNumbers = keepPhoneNumbers
    self.links = links ?? .url
    keepsCase = keepCase
    self.handles = handles ?? (keepHandles ? .keep : .drop)
    replacements = replaceWith ?? .bertweet
    keepsLengthening = keepLengthening
    keepsStopWords = raw || keepStopWords
    keepsPunctuation = raw || keepPunctuation
    stems = !raw && !noStem
  }

  /// The words of a command line that give these options, in their canonical order; none for the defaults. (A program
  /// can't be told to stem what it does not clean.)
  public var words: [String] {
    let flags = [
      ("--keep-phone-numbers", keepsPhoneNumbers), ("--raw", !cleans), ("--keep-case", keepsCase),
      ("--keep-handles", handles == .keep),
      ("--keep-lengthening", keepsLengthening), ("--keep-stop-words", keepsStopWords && cleans),
      ("--keep-punctuation", keepsPunctuation && cleans), ("--no-stem", !stems && cleans),
    ]
    let values = [
      ("--nltk", release == .v35 ? nil : release.rawValue),
      ("--stop-words", stopWords.map { ShellWords.quoted($0.description) }),
      ("--handles", handles == .replace ? handles.rawValue : nil), ("--links", links == .url ? nil : links.rawValue),
      ("--replace-with", replacements == .bertweet ? nil : "\(replacements)"),
    ]
    return values.flatMap { name, value in value.map { [name, $0] } ?? [] } + flags.filter(\.1).map(\.0)
  }

  /// What does not go together of what is typed, in words; nil where all does.
  public static func conflict(
    hasStopWords: Bool, handles: Handles?, links: Links?, replaceWith: Replacements?, raw: Bool, keepHandles: Bool,
    keepStopWords: Bool
  ) -> String? {
    if hasStopWords, raw || keepStopWords {
      return "--stop-words goes neither with --keep-stop-words nor with --raw, which keeps them"
    }
    if let links, raw, links != .replace {
      return "--raw removes no links: it does not go with --links \(links.rawValue)"
    }
    if let handles, keepHandles, handles != .keep {
      return "--keep-handles does not go with --handles \(handles.rawValue)"
    }
    if replaceWith != nil, handles != .replace, links != .replace {
      return "--replace-with goes with --handles replace or --links replace"
    }
    return nil
  }
}

extension HashedNGrams {
  /// The words of a command line of `tensorize` that give these n-grams.
  var words: [String] {
    (longest > 1 ? ["--ngrams", "\(longest)"] : [])
      + (characters.map { ["--char-ngrams", "\($0.lowerBound)-\($0.upperBound)"] } ?? [])
      + (bits == HashedNGrams.bitsIfNotGiven ? [] : ["--hash-bits", "\(bits)"])
  }
}

/// What is wrong with the options of a tokenizer.
public struct TokenizerOptionsError: Error, Equatable, CustomStringConvertible {
  public let description: String
  /// What is wrong, in words.
  public init(_ description: String) { self.description = description }
}
