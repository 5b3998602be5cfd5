import Files
import Filters
import JSONLines
import Reports

/// The sum of JSON reports in files: all on one class a record, all on several, or all on entities.
enum MergedReports {
  case classes(ClassificationReport)
  case labels(MultiLabelReport)
  case entities(EntityReport)

  private var report: any Report {
    switch self {
    case .classes(let report): report
    case .labels(let report): report
    case .entities(let report): report
    }
  }

  /// How many of the most confident errors are kept, where some are.
  private var worstLimit: Int? {
    switch self {
    case .classes(let report): report.worstLimit
    case .labels(let report): report.worstLimit
    case .entities: nil
    }
  }

  /// Adds up the reports in files, with what the options ask for.
  static func sum(_ files: [String], _ options: ReportOptions) throws -> any Report {
    var sum: (file: String, reports: MergedReports)?
    for file in files {
      let next = try MergedReports(file)
      try next.checkWorst(options.worst, file)
      if let before = sum { try sum!.reports.add(next, file, before.file) } else { sum = (file, next) }
    }
    func configured(_ sum: some ClassReport) -> any Report {
      var sum = sum
      if let worst = options.worst { sum.keepWorst(worst) }
      return options.configured(sum)
    }
    switch sum?.reports {
    case nil: throw Failure("there are no reports to merge")
    case .classes(let report): return configured(report)
    case .labels(let report): return configured(report)
    case .entities(let report): return try options.configured(report)
    }
  }

  private init(_ file: String) throws {
    let bytes = try WholeFile.readText(file == "-" ? "/dev/stdin" : file)
    do {
      self = try bytes.withUnsafeBufferPointer { bytes in
        let document = try JSONDocument(bytes)
        if EntityReport.isReport(document.root) { return .entities(try EntityReport(json: bytes)) }
        return MultiLabelReport.isReport(document.root)
          ? .labels(try MultiLabelReport(json: bytes)) : .classes(try ClassificationReport(json: bytes))
      }
    } catch {
      throw Failure("\(file): \(error)")
    }
  }

  private func checkWorst(_ worst: Int?, _ file: String) throws(Failure) {
    guard let worst, let limit = worstLimit, worst > limit else { return }
    throw Failure(
      "\(file): the report holds only the \(limit) worst errors; make it anew with --worst \(worst)")
  }

  private mutating func add(_ next: MergedReports, _ file: String, _ first: String) throws(Failure) {
    guard next.report.names == report.names || next.subject != subject else {
      throw Failure(
        "\(file): the classes of the report are \(Self.list(next.report.names)), "
          + "but those of \(first) are \(Self.list(report.names))")
    }
    switch (self, next) {
    case (.classes(var sum), .classes(let report)):
      sum.add(report)
      self = .classes(sum)
    case (.labels(var sum), .labels(let report)):
      sum.add(report)
      self = .labels(sum)
    case (.entities(var sum), .entities(let report)):
      sum.add(report)
      self = .entities(sum)
    default:
      throw Failure(
        "\(file) and \(first): one report is on \(next.subject), the other on \(subject)")
    }
  }

  /// What there is of a record.
  private var subject: String {
    switch self {
    case .classes: "one class a record"
    case .labels: "several labels"
    case .entities: "entities"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", … (\(names.count))" : "")
  }
}
