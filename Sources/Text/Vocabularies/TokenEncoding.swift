/// How tokens become ids: those of a vocabulary, perhaps cut to a length and ended, and behind them the ids of n-grams
/// of the tokens that were not cut off.
public struct TokenEncoding: Sendable {
  /// The tokens that have ids; others get that of the unknown token.
  public let vocabulary: Vocabulary
  private let ngrams: HashedNGrams?
  private let maxLength: Int
  private let appendsEnd: Bool

  /// - Parameters:
  ///   - vocabulary: The tokens that have ids.
  ///   - ngrams: Which n-grams of the tokens have ids behind them.
  ///   - maxLength: The most ids without those of n-grams, 1 or more; the end's counts.
  ///   - appendsEnd: Whether the end's id follows the last token's.
  public init(_ vocabulary: Vocabulary, ngrams: HashedNGrams? = nil, maxLength: Int? = nil, appendsEnd: Bool = false) {
    self.vocabulary = vocabulary
    self.ngrams = ngrams
    self.maxLength = maxLength ?? .max
    self.appendsEnd = appendsEnd
  }

  /// The encoding of a model that was trained with such options.
  public init(_ vocabulary: Vocabulary, _ options: TokenizerOptions) {
    self.init(
      vocabulary, ngrams: options.ngrams, maxLength: options.maxLength, appendsEnd: options.appendsEnd)
  }

  /// The number of ids.
  public var count: Int { vocabulary.count + (ngrams?.count ?? 0) }

  /// The ids of tokens.
  public func ids(of tokens: [UnsafeBufferPointer<UInt8>]) -> [Int] {
    var tokens = tokens
    let room = appendsEnd ? maxLength - 1 : maxLength
    if tokens.count > room { tokens.removeLast(tokens.count - room) }
    var ids = tokens.map { vocabulary.id(of: $0) ?? Vocabulary.unknown }
    if appendsEnd { ids.append(Vocabulary.end) }
    ngrams?.append(tokens, after: vocabulary.count, to: &ids)
    return ids
  }
}
