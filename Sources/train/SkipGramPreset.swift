import Text

/// The preset `skipgram`: a model that learns vectors of words.
enum SkipGramPreset {
  /// The depth of the vectors.
  static let units = 100
  /// The optimizer.
  static let optimizer = "Adam(0.01, weight_decay: 0.0, lazy: true)"
  /// What the help says of it.
  static let help = """
    Vectors of words: SkipGram(units) for the words of --vocab, and \(optimizer), for batches of batch --skip-gram; \
    with --char-ngrams there, --tokenizer says so.
    """

  /// The layers as an expression, for a number of ids if it is known, of which the last may be hashed.
  static func layers(units: Int?, ids: Int?, tokenizer: String?) -> String {
    let hashed = (try? TokenizerOptions(tokenizer))?.ngrams?.count ?? 0
    let words = ids.map { $0 > hashed && hashed > 0 ? ", words: \($0 - hashed)" : "" } ?? ""
    return "SkipGram(\(units ?? Self.units)\(words))"
  }
}
