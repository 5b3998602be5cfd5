import Files
import Filters
import JSONLines
import Reports

/// The sum of JSON reports in files: all on one class a record, or all on several.
enum MergedReports {
  case classes(ClassificationReport)
  case labels(MultiLabelReport)

  private var report: any Report {
    switch self {
    case .classes(let report): report
    case .labels(let report): report
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
    func configured(_ sum: some Report) -> any Report {
      var sum = sum
      if let worst = options.worst { sum.keepWorst(worst) }
      return options.configured(sum)
    }
    guard let sum else { throw Failure("there are no reports to merge") }
    return configured(sum.reports.report)
  }

  private init(_ file: String) throws {
    let bytes = try WholeFile.readText(file == "-" ? "/dev/stdin" : file)
    do {
      self = try bytes.withUnsafeBufferPointer { bytes in
        let document = try JSONDocument(bytes)
        return MultiLabelReport.isReport(document.root)
          ? .labels(try MultiLabelReport(json: bytes)) : .classes(try ClassificationReport(json: bytes))
      }
    } catch {
      throw Failure("\(file): \(error)")
    }
  }

  private func checkWorst(_ worst: Int?, _ file: String) throws(Failure) {
    guard let worst, worst > report.worstLimit else { return }
    throw Failure(
      "\(file): the report holds only the \(report.worstLimit) worst errors; make it anew with --worst \(worst)")
  }

  private mutating func add(_ next: MergedReports, _ file: String, _ first: String) throws(Failure) {
    guard next.report.names == report.names else {
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
    default:
      throw Failure("\(file) and \(first): one report is on one class a record, the other on several labels")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", … (\(names.count))" : "")
  }
}
