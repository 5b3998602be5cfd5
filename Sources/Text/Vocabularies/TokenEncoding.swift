/// How tokens become ids: those of a vocabulary, perhaps cut to a length and ended, and behind them the ids of n-grams
/// of the tokens that were not cut off.
public struct TokenEncoding: Sendable {
  /// The tokens that have ids; others get that of the unknown token.
  public let vocabulary: Vocabulary
  private let ngrams: HashedNGrams?
  private let maxLength: Int
  private let appendsEnd: Bool
  /// Whether a token has several ids.
  public let hasWordFeatures: Bool

  /// - Parameters:
  ///   - vocabulary: The tokens that have ids.
  ///   - ngrams: Which n-grams of the tokens have ids behind them.
  ///   - maxLength: The most ids without those of n-grams, 1 or more; the end's counts.
  ///   - appendsEnd: Whether the end's id follows the last token's.
  ///   - hasWordFeatures: Whether a token has several ids.
  public init(
    _ vocabulary: Vocabulary, ngrams: HashedNGrams? = nil, maxLength: Int? = nil, appendsEnd: Bool = false,
    hasWordFeatures: Bool = false
  ) {
    self.vocabulary = vocabulary
    self.ngrams = ngrams
    self.maxLength = maxLength ?? .max
    self.appendsEnd = appendsEnd
    self.hasWordFeatures = hasWordFeatures
  }

  /// The encoding of a model that was trained with such options.
  public init(_ vocabulary: Vocabulary, _ options: TokenizerOptions) {
    self.init(
      vocabulary, ngrams: options.ngrams, maxLength: options.maxLength, appendsEnd: options.appendsEnd,
      hasWordFeatures: options.hasWordFeatures)
  }

  /// The number of ids.
  public var count: Int { vocabulary.count + (ngrams?.count ?? 0) }

  /// The ids of tokens.
  public func ids(of tokens: [UnsafeBufferPointer<UInt8>]) -> [Int] {
    let tokens = cut(tokens)
    var ids = idsWithoutNGrams(of: tokens)
    ngrams?.append(tokens, after: vocabulary.count, to: &ids)
    return ids
  }

  /// The ids of each token where it has several: that of the word, or of the unknown token, and those of its features
  /// that the vocabulary has. Of other vocabularies each token has one.
  public func steps(of tokens: [UnsafeBufferPointer<UInt8>]) -> [[Int]] {
    guard hasWordFeatures else { return ids(of: tokens).map { [$0] } }
    return cut(tokens).map { token in
      let names = WordFeatures.names(of: token)
      var ids = [id(of: names[0]) ?? Vocabulary.unknown]
      for name in names.dropFirst() { if let id = id(of: name) { ids.append(id) } }
      return ids
    }
  }

  private func id(of name: String) -> Int? {
    var name = name
    return name.withUTF8 { vocabulary.id(of: $0) }
  }

  /// What the ids of tokens stand for: the vocabulary's tokens, and the tokens of each n-gram with spaces between them.
  public func names(of tokens: [UnsafeBufferPointer<UInt8>]) -> [String] {
    let tokens = cut(tokens)
    let names = idsWithoutNGrams(of: tokens).map { vocabulary.token(of: $0) ?? String($0) }
    guard let ngrams else { return names }
    return names + ngrams.names(of: tokens)
  }

  private func idsWithoutNGrams(of tokens: [UnsafeBufferPointer<UInt8>]) -> [Int] {
    var ids = tokens.map { vocabulary.id(of: $0) ?? Vocabulary.unknown }
    if appendsEnd { ids.append(Vocabulary.end) }
    return ids
  }

  private func cut(_ tokens: [UnsafeBufferPointer<UInt8>]) -> [UnsafeBufferPointer<UInt8>] {
    let room = appendsEnd ? maxLength - 1 : maxLength
    return tokens.count > room ? Array(tokens.prefix(room)) : tokens
  }
}
