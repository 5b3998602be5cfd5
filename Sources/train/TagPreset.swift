/// The preset `tagger`: a model that gives every token of a sequence a tag.
enum TagPreset {
  /// The numbers of a token, and the units of the LSTM at each side.
  static let units = 64
  /// The optimizer.
  static let optimizer = "Adam(0.003)"
  /// What is added to the log odds of entities against O: taggers that were trained on few of them miss more than they
  /// invent.
  static let entityBias = 1.0
  /// What the help says of it.
  static let help = """
    A tag for each token: Branch[EmbeddingSum(64, dropout: 0.5, power: 0.5) PaddingMask] Dropout(0.3) \
    MaskedBidirectional[LSTM(units)] Dropout(0.5) Dense(tags) MaskedCRF, and \(optimizer), for a vocabulary of vocab-build --word-features.
    """

  /// The layers as an expression.
  static func layers(units: Int?, dropout: Float?, tags: Int) -> String {
    let tokens = "Branch[EmbeddingSum(\(Self.units), dropout: 0.5, power: 0.5) PaddingMask] Dropout(0.3)"
    return
      "\(tokens) MaskedBidirectional[LSTM(\(units ?? Self.units))] Dropout(\(dropout ?? 0.5)) Dense(\(tags)) MaskedCRF"
  }
}
