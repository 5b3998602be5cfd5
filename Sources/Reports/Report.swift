/// A report that is counted in parts, each by a thread or a run of its own, and written in one of several forms.
public protocol Report: Sendable {
  /// The names of the classes; none where the classes are what was found.
  var names: [String] { get }

  /// Whether no record was counted.
  var isEmpty: Bool { get }

  /// Adds what another report on the same classes has counted.
  mutating func add(_ other: Self)

  /// Tables for a terminal.
  var text: String { get }

  /// A page that stands alone.
  var html: String { get }

  /// One JSON object.
  var json: [UInt8] { get }
}

/// A report on predictions of classes with their probabilities.
public protocol ClassReport: Report {
  /// The precision for which the threshold of each class is looked up, if that is asked for.
  var precisionTarget: Double? { get set }

  /// How many of the most confident errors are kept.
  var worstLimit: Int { get }

  /// Keeps no more than so many of the most confident errors.
  mutating func keepWorst(_ count: Int)

  /// Whether the text lists the worst errors; pages and JSON have them always.
  var listsWorst: Bool { get set }

  /// By class, the words that speak most for it, the first most, and how much; for the page.
  var topTokens: [[(token: String, nats: Double)]] { get set }
}

extension ClassificationReport: ClassReport {}
extension MultiLabelReport: ClassReport {}
extension EntityReport: Report {}

extension Report {
  /// The bytes of a file that holds the report.
  public func contents(as format: ReportFormat) -> [UInt8] {
    switch format {
    case .text: Array(text.utf8)
    case .json: json
    case .html: Array(html.utf8)
    }
  }
}
