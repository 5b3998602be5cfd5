/// How texts become ids of subwords, perhaps cut to a length and ended.
public struct SubwordEncoding: Sendable {
  /// The subwords.
  public let vocabulary: SubwordVocabulary
  private let maxLength: Int
  private let appendsEnd: Bool

  /// - Parameters:
  ///   - maxLength: The most ids, 1 or more; the end's counts.
  ///   - appendsEnd: Whether the end's id follows the last subword's.
  public init(_ vocabulary: SubwordVocabulary, maxLength: Int? = nil, appendsEnd: Bool = false) {
    self.vocabulary = vocabulary
    self.maxLength = maxLength ?? .max
    self.appendsEnd = appendsEnd
  }

  /// The encoding of a model that was trained with such options.
  public init(_ vocabulary: SubwordVocabulary, _ options: TokenizerOptions) {
    self.init(vocabulary, maxLength: options.maxLength, appendsEnd: options.appendsEnd)
  }

  /// The ids of a text; nil where the subwords lack a character that is in their own alphabet.
  public func ids(of text: UnsafeBufferPointer<UInt8>) -> [Int]? {
    guard var ids = vocabulary.ids(of: text) else { return nil }
    let room = appendsEnd ? maxLength - 1 : maxLength
    if ids.count > room { ids.removeLast(ids.count - room) }
    if appendsEnd { ids.append(Vocabulary.end) }
    return ids
  }
}
