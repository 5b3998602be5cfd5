/// What ids stand for, and how they come about.
public enum TextEncoding: Sendable {
  /// Tokens of a vocabulary.
  case tokens(TokenEncoding)
  /// Characters, or bytes.
  case characters(CharacterEncoding)
  /// Pieces of words.
  case subwords(SubwordEncoding)

  /// The encoding of a model's ids, if they can be made of texts.
  ///
  /// Where no option says what the ids stand for, those of a vocabulary of single characters are characters, and those
  /// of another one are tokens as `tweet-tokenize` makes them. Nil without a vocabulary (bytes are characters, which an
  /// option must say), and for one that does not have as many ids as the model or begins otherwise.
  /// - Parameters:
  ///   - vocabulary: The tokens, characters or subwords in the order of their ids.
  ///   - ids: The number of ids that the model takes.
  ///   - options: The options that made its ids.
  public init?(vocabulary: [String]?, ids: Int, _ options: TokenizerOptions) {
    switch options.unit {
    case .subwords:
      guard let vocabulary, vocabulary.count == ids, let subwords = SubwordVocabulary(vocabulary) else { return nil }
      self = .subwords(SubwordEncoding(subwords, options))
    case .characters:
      guard let characters = CharacterEncoding(vocabulary: vocabulary, ids: ids, options) else { return nil }
      self = .characters(characters)
    case .tokens, nil:
      guard let vocabulary else { return nil }
      if options.unit == nil, let characters = CharacterEncoding(vocabulary: vocabulary, ids: ids, options) {
        self = .characters(characters)
        return
      }
      guard let table = Vocabulary(tokens: vocabulary), table.missingSpecialToken == nil else { return nil }
      let tokens = TokenEncoding(table, options)
      guard tokens.count == ids else { return nil }
      self = .tokens(tokens)
    }
  }

  /// The number of ids that can be turned back; those of n-grams can't.
  public var count: Int {
    switch self {
    case .tokens(let tokens): tokens.vocabulary.count
    case .characters(let characters): characters.count
    case .subwords(let subwords): subwords.vocabulary.count
    }
  }
}

/// Makes ids of texts, as `tweet-tokenize` and `tensorize` would one after the other. It keeps buffers and a cache: use
/// one a thread.
public struct TextEncoder: Sendable {
  /// What the ids stand for.
  public let encoding: TextEncoding
  private var tokenizer: TweetTokenizer
  /// The tokens of a text, one behind the other, and where each ends.
  private var bytes: [UInt8] = [], ends: [Int] = []

  /// An encoder of texts whose tokens, where it makes some, are made with these options.
  public init(_ encoding: TextEncoding, _ options: TokenizerOptions) {
    self.encoding = encoding
    tokenizer = TweetTokenizer(options.tweets ?? .init())
  }

  /// The ids of a text, which must be valid UTF-8; nil where the subwords lack a character that is in their own
  /// alphabet.
  public mutating func ids(of text: UnsafeBufferPointer<UInt8>) -> [Int]? {
    switch encoding {
    case .tokens(let tokens): withTokens(of: text) { tokens.ids(of: $0) }
    case .characters(let characters): characters.ids(of: text)
    case .subwords(let subwords): subwords.ids(of: text)
    }
  }

  /// The ids of each token of a text; nil where its ids are not those of tokens.
  public mutating func steps(of text: UnsafeBufferPointer<UInt8>) -> [[Int]]? {
    guard case .tokens(let tokens) = encoding else { return nil }
    return withTokens(of: text) { tokens.steps(of: $0) }
  }

  /// What the ids of a text stand for; nil where they are not those of tokens, whose ids have their names in the
  /// vocabulary.
  public mutating func tokenNames(of text: UnsafeBufferPointer<UInt8>) -> [String]? {
    guard case .tokens(let tokens) = encoding else { return nil }
    return withTokens(of: text) { tokens.names(of: $0) }
  }

  /// The tokens of a text; nil where its ids are not those of tokens.
  public mutating func tokens(of text: UnsafeBufferPointer<UInt8>) -> [String]? {
    guard case .tokens = encoding else { return nil }
    return withTokens(of: text) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// Whether a text has these tokens.
  public mutating func tokens(
    of text: UnsafeBufferPointer<UInt8>, are tokens: [UnsafeBufferPointer<UInt8>]
  ) -> Bool {
    withTokens(of: text) { $0.elementsEqual(tokens) { $0.elementsEqual($1) } }
  }

  /// Gives the tokens of a text to `body`.
  private mutating func withTokens<Result>(of text: Bytes, _ body: ([Bytes]) -> Result) -> Result {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    tokenizer.forEachToken(in: text) { token in
      bytes.append(contentsOf: token)
      ends.append(bytes.count)
    }
    return bytes.withUnsafeBufferPointer { bytes in
      var tokens: [Bytes] = []
      tokens.reserveCapacity(ends.count)
      var start = 0
      for end in ends {
        tokens.append(bytes.slice(start, end))
        start = end
      }
      return body(tokens)
    }
  }
}
