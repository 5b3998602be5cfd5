/// The preset `siamese`: a model of pairs of texts.
enum PairPreset {
  /// The depth of the vectors.
  static let units = 256
  /// The optimizer.
  static let optimizer = "Adam(0.001)"
  /// The share of ids that is dropped in training. With runs of characters among the ids it is worth a point of F1.
  static let dropout: Float = 0.3
  /// What the help says of it.
  static let help = """
    Pairs of texts: Siamese[EmbeddingSum(units, dropout: \(dropout)) Normalize] DotProduct Logistic, and \
    \(optimizer); with --loss TripletLoss the Siamese[…] alone.
    """

  /// The layers as an expression.
  static func layers(units: Int?, dropout: Float?, loss: LossName) -> String {
    let side = "Siamese[EmbeddingSum(\(units ?? Self.units), dropout: \(dropout ?? Self.dropout)) Normalize]"
    if case .triplet = loss { return side }
    return "\(side) DotProduct Logistic"
  }
}
