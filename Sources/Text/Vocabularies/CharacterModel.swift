extension CharacterEncoding {
  /// The encoding of a model's ids, of which there are so many, if they are those of characters: without a vocabulary
  /// the 256 bytes, and with one code points. Nil for ids of words, subwords and the like.
  /// - Parameters:
  ///   - vocabulary: The tokens in the order of their ids.
  ///   - ids: The number of ids that the model takes.
  ///   - options: The options of `tensorize` that made the ids.
  public init?(vocabulary: [String]?, ids: Int?, _ options: TokenizerOptions) {
    guard options.unit ?? .characters == .characters, vocabulary?.count ?? 256 == ids else { return nil }
    let table = vocabulary.flatMap { Vocabulary(tokens: $0) }
    if let vocabulary {
      guard let table, table.missingSpecialToken == nil,
        vocabulary.dropFirst(Vocabulary.specialTokens.count).allSatisfy({ $0.unicodeScalars.count == 1 })
      else { return nil }
    }
    self.init(vocabulary: table, options)
  }
}
