/// The metrics that reports can have, with their defaults.
public enum Metrics {
  /// All of them, in the order in which help lists them.
  public static let all: [any Metric] = [
    Accuracy(), LogPerplexity(), SequenceAccuracy(), MaskedSequenceAccuracy(), WeightedFScore(), MacroAveragedFScore(),
    MicroFScore(), MacroFScore(), SamplesFScore(), SubsetAccuracy(), PairAccuracy(),
  ]

  /// The names in reports of those that are for a kind of targets.
  public static func names(for targets: TargetKind) -> [String] {
    all.filter { $0.targetKind == targets }.map(\.key)
  }

  /// The metric of a name in reports, such as `log_perplexity`; nil when there is none.
  public static func named(_ key: String) -> (any Metric)? { all.first { $0.key == key } }
}
