/// Turns a tweet into tokens: NLTK's `TweetTokenizer`, alone or with the cleaning, stop words and stems that the
/// Trax sentiment course puts around it (`process_tweet`).
///
///     var tokenizer = TweetTokenizer()
///     tokenizer.tokens(in: "@anna Loving the new timetable :) http://t.co/x")   // ["love", "new", "timet", ":)"]
///
/// Equal to NLTK 3.5 or 3.10.4 token for token (`HTMLEntities` names two cases in which NLTK has no answer). The time is
/// proportional to the length of the text, whatever it holds. A tokenizer keeps buffers and a cache: use one a
/// thread.
public struct TweetTokenizer: Sendable {
  /// What is done to a tweet. The default is the course's `process_tweet` with its links ended by white space.
  public struct Options: Sendable, Equatable {
    /// The release of NLTK whose tokens and stems they are.
    public var release = NLTKRelease.v35
    /// The words that are dropped, as they are after capitals have gone; nil for those of the release's time.
    public var stopWords: StopWords?
    /// Take the parts of phone numbers for tokens (the opposite of `match_phone_numbers`, which NLTK has from 3.6.5 on).
    public var keepsPhoneNumbers = false
    /// Which text a link takes with it.
    public var links: Links = .url
    /// Keep capitals (NLTK's `preserve_case`). Tokens that hold an emoticon keep them anyway.
    public var keepsCase = false
    /// What becomes of @handles.
    public var handles = Handles.drop
    /// What stands for handles and links that are replaced. It is not lowered, stemmed or dropped.
    public var replacements = Replacements.bertweet
    /// Keep runs of more than three equal letters (the opposite of NLTK's `reduce_len`).
    public var keepsLengthening = false
    /// Keep the stop words.
    public var keepsStopWords = false
    /// Keep tokens that are a piece of `!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~`.
    public var keepsPunctuation = false
    /// Replace words by their Porter stems.
    public var stems = true
    /// Remove stock tickers, the mark `RT`, links and the sign `#` first.
    public var cleans = true

    /// The options of NLTK's `TweetTokenizer()`.
    public init() {}

    /// Whether tokens stand for handles or links.
    fileprivate var replaces: Bool { handles == .replace || links == .replace }

    /// NLTK's `TweetTokenizer(preserve_case=False, strip_handles=True, reduce_len=True)` and nothing else.
    public static var raw: Options {
      var options = Options()
      options.keepsStopWords = true
      options.keepsPunctuation = true
      options.stems = false
      options.cleans = false
      return options
    }
  }

  /// What this tokenizer does to a tweet.
  public let options: Options
  /// Whether shortcuts are taken, which give what the plain ways give: tests compare the two.
  package var takesShortcuts = true
  /// Whether the tables of ASCII characters hold what their definitions say.
  package static var tablesAreAsDefined: Bool { CharacterSet.isAsDefined && Emoticon.isAsDefined }

  private let rules: TweetRules
  private let stopWords: TokenTable
  private var stemmer: PorterStemmer
  private var cache = TokenCache()
  private var longTokens = LongTokenCache()
  private var rewritten = RewrittenText()
  private var word: [UInt8] = []
  private var stem: [UInt8] = []

  /// - Parameter options: What becomes of case, handles, links and the like.
  public init(_ options: Options = Options()) {
    self.options = options
    rules = options.release.rules
    stopWords =
      options.keepsStopWords ? TokenTable(capacity: 0) : (options.stopWords ?? options.release.stopWords).table
    stemmer = PorterStemmer(options.release)
  }

  /// The tokens of `text`.
  public mutating func tokens(in text: String) -> [String] {
    var tokens: [String] = []
    var text = text
    text.withUTF8 { forEachToken(in: $0) { tokens.append(String(decoding: $0, as: UTF8.self)) } }
    return tokens
  }

  /// Calls `body` with each token of `text`, which must be valid UTF-8. The bytes are valid during the call only.
  public mutating func forEachToken(
    in text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    prepare(text, notesOrigins: false)
    forEachPiece { tokenizer, piece, _ in tokenizer.pass(piece, to: body) }
  }

  /// Calls `body` with each token of `text`, which must be valid UTF-8, and where in `text` it came from, counted in a
  /// unit: the first place of it, and the place behind it. The bytes are valid during the call only.
  ///
  /// Places are in the order of the tokens and don't overlap. A character that stands for an entity comes from all of it,
  /// a run of letters that was shortened from the whole run (its marks that are tokens of their own, from as many of it),
  /// and a token out of which a `#` or a link was taken from all that it spans.
  public mutating func forEachToken(
    in text: UnsafeBufferPointer<UInt8>, offsets unit: OffsetUnit,
    _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void
  ) {
    prepare(text, notesOrigins: true)
    var counter = OffsetCounter(text, unit)
    forEachPiece { tokenizer, piece, range in
      let origin = tokenizer.rewritten.origin(of: range)
      tokenizer.pass(piece) { body($0, counter.offset(of: origin.lowerBound)..<counter.offset(of: origin.upperBound)) }
    }
  }

  /// Calls `body` with each piece that the prepared text is cut into, and where it stands there.
  @inline(__always)
  private mutating func forEachPiece(_ body: (inout Self, Bytes, Range<Int>) -> Void) {
    cache.makeUnique()
    let (padded, count) = (rewritten.padded, rewritten.count)
    padded.withUnsafeBufferPointer { padded in
      let prepared = padded.slice(0, count)
      var scanner = TweetScanner(
        prepared, rules, matchesPhoneNumbers: !options.keepsPhoneNumbers, takesShortcuts: takesShortcuts)
      var index = 0
      while let range = scanner.next(from: index) {
        index = range.upperBound
        body(&self, prepared.slice(range.lowerBound, range.upperBound), range)
      }
    }
  }

  /// Brings a text into the form that is cut into tokens. Most tweets need few of the steps.
  private mutating func prepare(_ text: Bytes, notesOrigins: Bool) {
    rewritten.begin(text, notesOrigins: notesOrigins)
    var signs = foundSigns
    if options.cleans {
      if signs.dollar { signs = rewrite(TweetCleaner.removeTickers) }
      let links = options.links
      if rewritten.withText({ TweetCleaner.hasMarks($0, signs, links) }) {
        signs = rewrite { TweetCleaner.removeMarks(from: $0, links: links, to: &$1) }
      }
    }
    if signs.ampersand { signs = rewrite(HTMLEntities.replace) }
    if options.handles == .drop, signs.at {
      let longest = rules.longestHandle
      signs = rewrite { HandleRemover.remove(from: $0, longest: longest, to: &$1) }
    }
    if signs.run || signs.beyondASCII && rewritten.withText(Lengthening.isFoundBeyondASCII) {
      let kept: Lengthening.Kept =
        !options.keepsLengthening ? .none : rules.lettersOfAllScriptsLengthen ? .ofAllScripts : .ofASCII
      rewritten.rewrite { Lengthening.shorten($0, kept, to: &$1) }
    }
  }

  /// The signs in the text as it is now.
  private var foundSigns: FoundSigns { takesShortcuts ? rewritten.withText(FoundSigns.init) : .all }

  /// Goes a step; gives the signs in what the step has made.
  private mutating func rewrite(_ step: (Bytes, inout RewrittenText.Output) -> Void) -> FoundSigns {
    rewritten.rewrite(step)
    return foundSigns
  }

  /// Hands a token of the prepared text on in its final form, unless it is dropped.
  @inline(__always)
  private mutating func pass(_ token: Bytes, to body: (Bytes) -> Void) {
    if takesShortcuts, token.count <= TokenCache.Short.longest, let value = cache.find(TokenCache.Short(token)) {
      if value.count > 0 { body(value) }
    } else {
      passOther(token, to: body)
    }
  }

  /// The same for a token that is not in the cache of short ones.
  @inline(never)
  private mutating func passOther(_ token: Bytes, to body: (Bytes) -> Void) {
    guard takesShortcuts, token.count > TokenCache.Short.longest else { return passNew(token, to: body) }
    switch longTokens.find(token) {
    case .dropped: break
    case .kept(let range): longTokens.withBytes(range, body)
    case .unknown: passNew(token, to: body)
    }
  }

  /// The same for a token that is in neither cache.
  private mutating func passNew(_ token: Bytes, to body: (Bytes) -> Void) {
    if takesShortcuts, !options.replaces, token.allSatisfy({ $0 < 0x80 }) {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: StemmedWord.lead + token.count) { room in
        let word = UnsafeMutableBufferPointer(rebasing: room[StemmedWord.lead...])
        room.update(repeating: 0)
        _ = word.update(from: token)
        remember(finishASCII(word), of: token, body)
      }
    } else if finish(token) {
      stem.withUnsafeBufferPointer { remember($0, of: token, body) }
    } else {
      remember(nil, of: token, body)
    }
  }

  /// Hands on what became of a token, nil for a dropped one, and puts it into its cache.
  @inline(__always)
  private mutating func remember(_ value: Bytes?, of token: Bytes, _ body: (Bytes) -> Void) {
    if takesShortcuts {
      if token.count <= TokenCache.Short.longest {
        cache.store(TokenCache.Short(token), value)
      } else {
        longTokens.store(token, value)
      }
    }
    if let value { body(value) }
  }

  /// What `finish` makes of a token of ASCII characters, in its place, without the arrays that longer characters need. Zeros
  /// stand before it (`StemmedWord.lead`).
  private func finishASCII(_ word: UnsafeMutableBufferPointer<UInt8>) -> Bytes? {
    if !options.keepsCase, !Emoticon.isFound(in: Bytes(word), rules) { Lowercase.lowerASCII(in: word) }
    if !options.keepsStopWords, stopWords.find(Bytes(word)) != nil { return nil }
    if !options.keepsPunctuation, isPunctuation(Bytes(word)) { return nil }
    guard options.stems else { return Bytes(word) }
    return Bytes(start: word.baseAddress, count: stemmer.stemASCII(in: word))
  }

  /// Puts the final form of a token into `stem`. Returns false when the token is dropped.
  private mutating func finish(_ token: Bytes) -> Bool {
    stem.removeAll(keepingCapacity: true)
    if options.replaces, let replacement = options.replacements.token(for: token, options, rules) {
      stem.append(contentsOf: replacement.utf8)
      return true
    }
    word.removeAll(keepingCapacity: true)
    if options.keepsCase || Emoticon.isFound(in: token, rules) {
      word.append(contentsOf: token)
    } else {
      Lowercase.append(token, to: &word)
    }
    if !options.keepsStopWords, word.withUnsafeBufferPointer({ stopWords.find($0) != nil }) { return false }
    if !options.keepsPunctuation, word.withUnsafeBufferPointer(isPunctuation) { return false }
    if options.stems {
      word.withUnsafeBufferPointer { stemmer.appendStem(of: $0, to: &stem) }
    } else {
      stem.append(contentsOf: word)
    }
    return true
  }
}

/// Whether a token is a piece of Python's `string.punctuation`, as `token in string.punctuation` tests it: a single
/// mark, or several in that order.
private func isPunctuation(_ token: Bytes) -> Bool {
  let punctuation: StaticString = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
  if let first = token.first, first < 0x80, CharacterSet.ofASCII(first).meets(.domain) { return false }
  return punctuation.withUTF8Buffer { marks in
    guard let first = token.first, let start = marks.firstIndex(of: first), start + token.count <= marks.count
    else { return token.isEmpty }
    return token.indices.allSatisfy { marks[start + $0] == token[$0] }
  }
}
