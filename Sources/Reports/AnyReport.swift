import Files
import JSONLines

/// A report of any kind, as a JSON file of `predict` holds it.
public enum AnyReport: Sendable {
  /// On one class a record.
  case classes(ClassificationReport)
  /// On several labels a record.
  case labels(MultiLabelReport)
  /// On tags and entities.
  case entities(EntityReport)
  /// On pairs.
  case pairs(PairReport)

  /// The report that `json` was made of, whatever its kind.
  /// - Throws: `RecordError` when it is none, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let root = try JSONDocument(text)
    if EntityReport.isReport(root.root) {
      self = .entities(try EntityReport(json: text))
    } else if PairReport.isReport(root.root) {
      self = .pairs(try PairReport(json: text))
    } else if MultiLabelReport.isReport(root.root) {
      self = .labels(try MultiLabelReport(json: text))
    } else {
      self = .classes(try ClassificationReport(json: text))
    }
  }

  /// The report itself.
  public var report: any Report {
    switch self {
    case .classes(let report): report
    case .labels(let report): report
    case .entities(let report): report
    case .pairs(let report): report
    }
  }

  /// What there is of a record.
  private var subject: String {
    switch self {
    case .classes: "one class a record"
    case .labels: "several labels"
    case .entities: "entities"
    case .pairs: "pairs"
    }
  }

  /// How many of the most confident errors are kept, where some are.
  public var worstLimit: Int? {
    switch self {
    case .classes(let report): report.worstLimit
    case .labels(let report): report.worstLimit
    case .entities, .pairs: nil
    }
  }

  /// Adds what another report has counted.
  /// - Parameters:
  ///   - name: What messages call the other report.
  ///   - ownName: What they call this one.
  /// - Throws: `RecordError` when the two are of different kinds, classes or thresholds.
  public mutating func add(_ other: AnyReport, _ name: String, to ownName: String) throws(RecordError) {
    func checkNames() throws(RecordError) {
      guard other.report.names == report.names else {
        throw RecordError(
          "\(name): the classes of the report are \(Self.list(other.report.names)), "
            + "but those of \(ownName) are \(Self.list(report.names))")
      }
    }
    switch (self, other) {
    case (.classes(var sum), .classes(let part)):
      try checkNames()
      sum.add(part)
      self = .classes(sum)
    case (.labels(var sum), .labels(let part)):
      try checkNames()
      sum.add(part)
      self = .labels(sum)
    case (.entities(var sum), .entities(let part)):
      sum.add(part)
      self = .entities(sum)
    case (.pairs(var sum), .pairs(let part)):
      try checkNames()
      guard part.threshold == sum.threshold else {
        throw RecordError(
          "\(name): the threshold of the report is \(part.threshold), but that of \(ownName) is \(sum.threshold)")
      }
      sum.add(part)
      self = .pairs(sum)
    default:
      throw RecordError("\(name) and \(ownName): one report is on \(other.subject), the other on \(subject)")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", … (\(names.count))" : "")
  }
}
