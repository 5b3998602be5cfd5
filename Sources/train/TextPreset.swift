import Neural
import Text

/// The preset `text`: a classifier of texts by the words, pairs of words and runs of characters in them.
enum TextPreset {
  private static let learningRate = 4
  /// The loss.
  static let loss = LossName.squaredHinge(SquaredHingeLoss())
  /// The optimizer.
  static let optimizer = "SGD(\(learningRate))"
  /// What the help says of it.
  static let help = """
    Classes of texts by words and characters: TfIdf(classes, words: …, bias: false) LogSoftmax, \
    \(loss.expression), and \(optimizer) with a learning rate that falls to 0 at the last of --steps, for ids of tensorize --ngrams 2 --char-ngrams 2-5 and 10 epochs of batch --class-weights balanced \
    --batch-size 32.
    """

  /// The learning rate of every step.
  static func schedule(steps: Int) -> String { "cosine(\(learningRate), \(steps), min_value: 0)" }

  /// The layers as an expression.
  /// - Parameters:
  ///   - ids: The number of ids, those of runs of characters last.
  ///   - ngrams: The hashed ids among them.
  static func layers(ids: Int, ngrams: HashedNGrams?, classes: Int, loss: LossName) -> String {
    let ofCharacters = ngrams.map { $0.count - $0.tokenRunCount } ?? 0
    return "TfIdf(\(classes), words: \(max(0, ids - ofCharacters)), bias: false) \(loss.outputLayer)"
  }
}
