extension TokenizerOptions {
  /// Reads options as they are typed for `train --tokenizer`; nil is none.
  ///
  /// Words are separated by spaces; quotes hold a word with spaces together; a value follows its option as a word of
  /// its own or behind `=`. What is none of these programs' options, or does not go together, is refused. Options that
  /// say where a text stands (`--plain`, `--field`, `--keep-blank-lines`) have no bearing on ids and are passed over.
  /// - Throws: `TokenizerOptionsError` with the reason.
  public init(_ text: String?) throws(TokenizerOptionsError) {
    let typed = try TypedOptions(ShellWords.split(text ?? ""))
    areCharacters = typed.has("--characters")
    subwords = typed.values["--subwords"]
    (lowercases, trims) = (typed.has("--lowercase"), typed.has("--trim"))
    appendsEnd = typed.has("--append-end")
    hasWordFeatures = typed.has("--word-features")
    maxLength = try typed.number("--max-length", 1 ... .max)
    let (longest, bits) = (try typed.number("--ngrams", 2...8), try typed.number("--hash-bits", 1...23))
    let characters = try typed.values["--char-ngrams"].map { text throws(TokenizerOptionsError) in
      try HashedNGrams.characterLengths(text)
    }
    guard bits ?? 1 <= HashedNGrams.mostBits(kinds: longest != nil && characters != nil ? 2 : 1) else {
      throw TokenizerOptionsError("--hash-bits must be at most 22 with both --ngrams and --char-ngrams")
    }
    ngrams =
      longest == nil && characters == nil
      ? nil
      : HashedNGrams(longest: longest ?? 1, characters: characters, bits: bits ?? HashedNGrams.bitsIfNotGiven)
    tweets = try typed.tweets
    guard [tweets != nil || ngrams != nil || hasWordFeatures, areCharacters, subwords != nil].count(where: { $0 }) <= 1
    else {
      throw TokenizerOptionsError("tokens, --characters and --subwords do not go together")
    }
    if lowercases || trims, !areCharacters {
      throw TokenizerOptionsError("--lowercase and --trim go with --characters")
    }
    guard !hasWordFeatures || ngrams == nil && !appendsEnd else {
      throw TokenizerOptionsError("--word-features goes with neither --ngrams nor --append-end")
    }
    if bits != nil, ngrams == nil { throw TokenizerOptionsError("--hash-bits goes with --ngrams and --char-ngrams") }
  }
}

extension HashedNGrams {
  /// The lengths of runs of characters as they are typed: `3-5`, or `4` for one.
  /// - Throws: `TokenizerOptionsError` for what is no such range.
  public static func characterLengths(_ text: String) throws(TokenizerOptionsError) -> ClosedRange<Int> {
    let ends = text.unicodeScalars.split(separator: "-", omittingEmptySubsequences: false).map { Int(String($0)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
      characterLengths.contains(first), characterLengths.contains(last)
    else { throw TokenizerOptionsError("--char-ngrams must be lengths from 1 to 8 such as 3-5, not \"\(text)\"") }
    return first...last
  }
}

/// Options by their names, with their values; those of flags are empty.
private struct TypedOptions {
  var values: [String: String] = [:]

  private static let flagsOfTweetTokenize = [
    "--keep-phone-numbers", "--keep-case", "--keep-handles", "--keep-lengthening", "--keep-stop-words",
    "--keep-punctuation", "--no-stem",
    "--raw",
  ]
  private static let flags =
    flagsOfTweetTokenize + [
      "--characters", "--lowercase", "--trim", "--append-end", "--word-features", "--plain", "--keep-blank-lines",
    ]
  private static let optionsOfTweetTokenize = ["--nltk", "--stop-words", "--handles", "--links", "--replace-with"]
  private static let options =
    optionsOfTweetTokenize + [
      "--ngrams", "--char-ngrams", "--hash-bits", "--max-length", "--subwords",
      "--field",
    ]

  init(_ words: [String]) throws(TokenizerOptionsError) {
    var next = 0
    while next < words.count {
      let parts = words[next].unicodeScalars
        .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      next += 1
      guard values[name] == nil else { throw TokenizerOptionsError("\(name) is given twice") }
      if Self.flags.contains(name) {
        guard parts.count == 1 else { throw TokenizerOptionsError("\(name) takes no value") }
        values[name] = ""
      } else if Self.options.contains(name) {
        if parts.count == 2 {
          values[name] = parts[1]
        } else {
          guard next < words.count, !words[next].utf8.starts(with: "--".utf8) else {
            throw TokenizerOptionsError("\(name) needs a value")
          }
          values[name] = words[next]
          next += 1
        }
      } else {
        let meant = Spelling.nearest(to: name, among: Self.flags + Self.options).map { "; did you mean \($0)?" } ?? ""
        throw TokenizerOptionsError("\"\(name)\" is no option of tweet-tokenize or tensorize that makes ids\(meant)")
      }
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func number(_ name: String, _ range: ClosedRange<Int>) throws(TokenizerOptionsError) -> Int? {
    guard let value = values[name] else { return nil }
    guard let number = Int(value), range ~= number else {
      let upper = range.upperBound == .max ? "1 or more" : "from \(range.lowerBound) to \(range.upperBound)"
      throw TokenizerOptionsError("\(name) must be \(upper), not \"\(value)\"")
    }
    return number
  }

  /// One of the values that an option has; nil where it is not given.
  func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws(TokenizerOptionsError) -> Value?
  where Value.RawValue == String {
    guard let value = values[name] else { return nil }
    guard let known = Value(rawValue: value) else {
      let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw TokenizerOptionsError("\(name) must be \(all), not \"\(value)\"")
    }
    return known
  }

  /// The options of `tweet-tokenize`; nil where none is given.
  var tweets: TweetTokenizer.Options? {
    get throws(TokenizerOptionsError) {
      let release: NLTKRelease? = try choice("--nltk")
      let stopWords = try values["--stop-words"].map { text throws(TokenizerOptionsError) in
        guard let known = StopWords(text) else {
          throw TokenizerOptionsError("--stop-words must be 2020, 2025 or words separated by commas, not \"\(text)\"")
        }
        return known
      }
      let handles: Handles? = try choice("--handles")
      let links: Links? = try choice("--links")
      let replaceWith = try values["--replace-with"].map { text throws(TokenizerOptionsError) in
        guard let known = Replacements(text) else {
          throw TokenizerOptionsError("--replace-with must be two words such as @user,http, not \"\(text)\"")
        }
        return known
      }
      let conflict = TweetTokenizer.Options.conflict(
        hasStopWords: stopWords != nil, handles: handles, links: links, replaceWith: replaceWith, raw: has("--raw"),
        keepHandles: has("--keep-handles"), keepStopWords: has("--keep-stop-words"))
      if let conflict { throw TokenizerOptionsError(conflict) }
      guard (Self.flagsOfTweetTokenize + Self.optionsOfTweetTokenize).contains(where: has) else { return nil }
      return TweetTokenizer.Options(
        release: release, stopWords: stopWords, keepPhoneNumbers: has("--keep-phone-numbers"), handles: handles,
        links: links, replaceWith: replaceWith, raw: has("--raw"), keepCase: has("--keep-case"),
        keepHandles: has("--keep-handles"), keepLengthening: has("--keep-lengthening"),
        keepStopWords: has("--keep-stop-words"), keepPunctuation: has("--keep-punctuation"), noStem: has("--no-stem"))
    }
  }
}

/// The words of a command line. What holds them together or apart are single scalars: a combining mark behind a quote is
/// a part of the word, and not of the quote.
enum ShellWords {
  /// The words of a text as a shell takes them apart, with quotes of both kinds.
  static func split(_ text: String) throws(TokenizerOptionsError) -> [String] {
    var words: [String] = []
    var word: String.UnicodeScalarView?
    var quote: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == quote {
        quote = nil
      } else if quote == nil, isQuote(scalar) {
        quote = scalar
        word = word ?? .init()
      } else if quote == nil, scalar.properties.isWhitespace {
        if let whole = word { words.append(String(whole)) }
        word = nil
      } else {
        word = word ?? .init()
        word!.append(scalar)
      }
    }
    if let quote { throw TokenizerOptionsError("the quote \(quote) is not closed") }
    if let word { words.append(String(word)) }
    return words
  }

  /// A word as it must be typed.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || isSpecial(word) else { return word }
    let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    return "'" + parts.joined(separator: "'\"'\"'") + "'"
  }

  /// Whether white space or quotes stand in a word, so that it must be quoted.
  static func isSpecial(_ word: String) -> Bool {
    word.unicodeScalars.contains { $0.properties.isWhitespace || isQuote($0) }
  }

  private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\"" }
}
