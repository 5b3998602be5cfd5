import ArgumentParser
import Files
import Filters
import Reports

/// What is reported of predictions whose labels are known, and where.
struct ReportOptions: ParsableArguments {
  @Flag(
    help: """
      Report how predictions compare with labels: accuracy, precision, recall, F1, log loss, areas under curves and \
      calibration, on standard error. A label is a class or its name, of several labels a record a list.
      """)
  var report = false

  @Option(
    help: ArgumentHelp(
      """
      Write the report to a file (too, with --report), - for standard output: a page with pictures if it ends in .html, an object if in .json, else text. \
      The confusion matrix and curves are there for up to 50 classes; for more, the confusions that occur.
      """,
      valueName: "file"), completion: .file())
  var reportFile: String?

  @Option(
    help: ArgumentHelp(
      "Report so many of the most confident errors with their text. (10 in pages and objects)", valueName: "n"))
  var worst: Int?

  @Option(
    help: ArgumentHelp(
      "Report the lowest threshold of each class's probability that gives this precision, and the recall there.",
      valueName: "p"))
  var precisionTarget: Double?

  @Flag(help: "Add up reports instead: the files are JSON reports of --report-file.")
  var mergeReports = false

  @Flag(help: "Write no records, only the report.")
  var noRecords = false

  /// The most errors that are kept.
  private static let mostErrors = 10_000

  /// Whether there is to be a report.
  var isWanted: Bool { report || reportFile != nil }

  /// Whether the report is a page.
  var isPage: Bool { reportFile.map { ReportFormat(ofFile: $0) } == .html }

  func validate() throws {
    guard 0...Self.mostErrors ~= worst ?? 0 else {
      throw ValidationError("--worst must be from 0 to \(Self.mostErrors).")
    }
    guard precisionTarget.map({ $0 > 0 && $0 <= 1 }) ?? true else {
      throw ValidationError("--precision-target must be above 0, at most 1.")
    }
    let others = [
      ("--worst", worst != nil), ("--precision-target", precisionTarget != nil), ("--merge-reports", mergeReports),
      ("--no-records", noRecords),
    ]
    if !isWanted, let (name, _) = others.first(where: \.1) {
      throw ValidationError("\(name) goes with --report or --report-file.")
    }
  }

  /// An empty report on the classes.
  func emptyReport(labels: [String]?, classes: Int) -> ClassificationReport {
    configured(ClassificationReport(labels: labels, classes: classes, worst: worst ?? 10))
  }

  /// An empty report on classes of which a record may have several.
  func emptyLabelReport(labels: [String]?, classes: Int) -> MultiLabelReport {
    configured(MultiLabelReport(labels: labels, classes: classes, worst: worst ?? 10))
  }

  /// An empty report on entities.
  /// - Throws: `ValidationError` for what other reports have.
  func emptyEntityReport() throws -> EntityReport {
    try configured(EntityReport())
  }

  /// The report, for which there are no options.
  /// - Throws: `ValidationError` for what other reports have.
  func configured(_ report: EntityReport) throws -> EntityReport {
    if let (name, _) = [("--worst", worst != nil), ("--precision-target", precisionTarget != nil)].first(where: \.1) {
      throw ValidationError("\(name) does not go with reports on entities.")
    }
    return report
  }

  /// The report with what the options ask for.
  /// - Throws: `ValidationError` for --worst, which reports on pairs do not have.
  func configured(_ report: PairReport) throws -> PairReport {
    guard worst == nil else { throw ValidationError("--worst does not go with reports on pairs.") }
    var report = report
    report.precisionTarget = precisionTarget
    return report
  }

  /// The report with what the options ask for.
  func configured<Counts: ClassReport>(_ report: Counts) -> Counts {
    var report = report
    report.listsWorst = worst != nil
    report.precisionTarget = precisionTarget
    return report
  }

  /// The file of the report. That it can be written is found out before the work.
  /// - Parameter inputs: What is read, and how it is called in messages; the name `-` is standard input.
  func output(inputs: [(name: String, file: String)]) throws -> OutputFile? {
    guard let reportFile else { return nil }
    let output = try OutputFile(reportFile)
    for (name, file) in inputs {
      if let path = output.path, file == "-" ? Folder.isSame(path, descriptor: 0) : Folder.isSame(path, file) {
        throw Failure("\(reportFile): --report-file would write over \(name)")
      }
    }
    try output.check()
    return output
  }

  /// Writes the report to the file, or to standard error without one.
  func write(_ report: some Report, to output: OutputFile?) throws {
    guard !report.isEmpty else { throw Failure("there were no records with labels to report on") }
    try output?.write(report.contents(as: ReportFormat(ofFile: output!.name)))
    if self.report { try writeText(report.text, to: 2) }
  }
}
