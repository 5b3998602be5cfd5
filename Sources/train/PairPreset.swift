/// The preset `siamese`: a model of pairs of texts.
enum PairPreset {
  /// The depth of the vectors.
  static let units = 256
  /// The optimizer.
  static let optimizer = "Adam(0.001)"
  /// What the help says of it.
  static let help = """
    Siamese[Branch[Embedding(units) PaddingMask] MaskedMean Normalize] DotProduct Logistic, and \(optimizer); with \
    --loss TripletLoss the Siamese[…] alone.
    """

  /// The layers as an expression.
  static func layers(units: Int?, dropout: Float?, loss: LossName) -> String {
    let drop = dropout.map { "Dropout(\($0)) " } ?? ""
    let side = "Siamese[Branch[Embedding(\(units ?? Self.units)) PaddingMask] MaskedMean \(drop)Normalize]"
    if case .triplet = loss { return side }
    return "\(side) DotProduct Logistic"
  }
}
