/// The preset `text`: a classifier of texts by the words, pairs of words and runs of characters in them.
enum TextPreset {
  private static let learningRate = 4
  /// The optimizer.
  static let optimizer = "SGD(\(learningRate))"
  /// What the help says of it.
  static let help = """
    TfIdf(classes, words: …) LogSoftmax, and \(optimizer) with a learning rate that falls to 0 at the last of --steps, \
    for ids of tensorize --ngrams 2 --char-ngrams 2-5 --hash-bits 18 and 10 epochs of batch --class-weights balanced \
    --batch-size 32.
    """

  /// The learning rate of every step.
  static func schedule(steps: Int) -> String { "cosine(\(learningRate), \(steps), min_value: 0)" }

  /// The layers as an expression.
  /// - Parameter words: The number of ids that are not hashed.
  static func layers(words: Int, classes: Int, loss: LossName) -> String {
    "TfIdf(\(classes), words: \(words)) \(loss.outputLayer)"
  }
}
