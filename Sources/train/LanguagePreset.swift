import Models

/// The preset `gru-lm`: a language model of GRUs that start orthogonal, with layer normalization and dropout behind each,
/// where all but the first add to what they take.
enum LanguagePreset {
  /// The depth of the embedding and of the states.
  static let units = 512
  /// The number of GRUs.
  static let depth = 2
  /// The number of ids without a vocabulary: bytes.
  static let ids = 256
  /// The norm down to which gradients are scaled.
  static let clip: Float = 1
  private static let dropout: Float = 0.3
  private static let learningRate = 0.003
  /// The optimizer.
  static let optimizer = "Adam(\(learningRate), weight_decay: 0.0001)"
  /// What the help says of it.
  static let help = """
    A language model: ShiftRight Embedding(units, init: normal) GRU(units, init: orthogonal) LayerNorm Dropout(\(dropout)), \
    that again in Residual[…] for each GRU of --depth behind the first, and Dense(V) LogSoftmax for the V ids of --vocab (\(ids) without); \(optimizer) with a \
    learning rate that rises over the first 100 of --steps (or a tenth of them) and falls to 0 at the last, or stays without --steps, and --clip \(Int(clip)).
    """
  /// What the help says of Trax's.
  static let traxHelp = """
    The same as the course has it: ShiftRight Embedding(units) GRU(units) … Dense(V) LogSoftmax, as Trax starts them, \
    and Adam(0.01).
    """

  /// The learning rate of every step; it does not fall where the number of steps is not known.
  static func schedule(steps: Int?) -> String {
    guard let steps else { return "warmup(100, \(learningRate))" }
    let rise = min(100, steps / 10)
    return "cosine(\(learningRate), \(steps - rise), min_value: 0, warmup_steps: \(rise))"
  }

  /// The layers as an expression.
  static func layers(units: Int?, depth: Int?, dropout: Float?, ids: Int?) -> String {
    let (ids, units) = (ids ?? Self.ids, units ?? Self.units)
    let recurrent = "GRU(\(units), init: orthogonal) LayerNorm Dropout(\(dropout ?? Self.dropout))"
    return serial(
      "Embedding(\(ids), \(units), init: normal)", recurrent, "Residual[\(recurrent)]", depth: depth, ids: ids)
  }

  /// The layers of Trax's.
  static func traxLayers(units: Int?, depth: Int?, ids: Int?) -> String {
    let (ids, units) = (ids ?? Self.ids, units ?? Self.units)
    return serial("Embedding(\(ids), \(units))", "GRU(\(units))", "GRU(\(units))", depth: depth, ids: ids)
  }

  private static func serial(
    _ embedding: String, _ first: String, _ next: String, depth: Int?, ids: Int
  ) -> String {
    let recurrent = [first] + [String](repeating: next, count: (depth ?? Self.depth) - 1)
    return "ShiftRight \(embedding) \(recurrent.joined(separator: " ")) Dense(\(ids)) LogSoftmax"
  }
}
