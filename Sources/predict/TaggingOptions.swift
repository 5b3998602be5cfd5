import ArgumentParser

/// What is predicted, and counted, of tags.
struct TaggingOptions: ParsableArguments {
  @Flag(help: "Of a model that tags tokens: add \"log_probabilities\", for every token those of all tags.")
  var logProbabilities = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Of a model that tags entities: add this to their log odds against O, so that more are found; what the model says \
      (1 of --preset tagger, else 0) if not given.
      """, valueName: "nats"))
  var entityBias: Double?

  @Flag(
    help: """
      Report on tags that records hold, without --model: the predicted ones in "tags", the true ones in "gold_tags" or the \
      --label-field.
      """)
  var tags = false
}
