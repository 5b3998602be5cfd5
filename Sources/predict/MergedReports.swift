import Files
import Filters
import Reports

/// The sum of JSON reports in files, all of one kind.
enum MergedReports {
  /// Adds up the reports in files, with what the options ask for.
  static func sum(_ files: [String], _ options: ReportOptions) throws -> any Report {
    var sum: (file: String, report: AnyReport)?
    for file in files {
      let next = try read(file)
      if let worst = options.worst, let limit = next.worstLimit, worst > limit {
        throw Failure("\(file): the report holds only the \(limit) worst errors; make it anew with --worst \(worst)")
      }
      guard let before = sum else {
        sum = (file, next)
        continue
      }
      do { try sum!.report.add(next, file, to: before.file) } catch { throw Failure("\(error)") }
    }
    guard let sum else { throw Failure("there are no reports to merge") }
    func configured(_ sum: some ClassReport) -> any Report {
      var sum = sum
      if let worst = options.worst { sum.keepWorst(worst) }
      return options.configured(sum)
    }
    switch sum.report {
    case .classes(let report): return configured(report)
    case .labels(let report): return configured(report)
    case .entities(let report): return try options.configured(report)
    case .pairs(let report): return try options.configured(report)
    }
  }

  private static func read(_ file: String) throws -> AnyReport {
    let bytes = try WholeFile.readText(file == "-" ? "/dev/stdin" : file)
    do {
      return try bytes.withUnsafeBufferPointer { try AnyReport(json: $0) }
    } catch {
      throw Failure("\(file): \(error)")
    }
  }
}
