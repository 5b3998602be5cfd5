import Files

/// Writes processed blocks in the order of the input.
struct OrderedWriter: ~Copyable {
  var output: Output
  private let options: FilterOptions
  private let isQuiet: Bool
  private var progress: Progress
  private var badLines: Output?
  private var records = 0
  private var problems = 0

  init(_ options: FilterOptions, isQuiet: Bool, size: Int?) throws(FileError) {
    self.options = options
    self.isQuiet = isQuiet
    output = Output.standard(unbuffered: options.unbuffered)
    try RunSummary.check()
    if let file = options.badLines {
      badLines = Output(descriptor: try OutputFile(file).openToWrite(), name: file)
    }
    progress = Progress(unit: "records", isShown: !isQuiet, size: size)
  }

  mutating func write(_ job: LineBlockJob) throws {
    output.bytes.append(contentsOf: job.output)
    records += job.records
    problems += job.problems.count
    RunSummary.count(records: job.records, badLines: job.problems.count)
    if let first = job.problems.first {
      progress.clear()
      try writeBadLines(job.badLines)
      if options.onError == .fail { throw first.failure }
      for problem in job.problems { report(problem.failure.description) }
    }
    try output.flushIfFull()
    progress.show(records, bytesRead: job.bytesRead)
  }

  /// Bad lines are rare, and go at once.
  private mutating func writeBadLines(_ records: [UInt8]) throws(FileError) {
    badLines?.bytes.append(contentsOf: records)
    try badLines?.flush()
  }

  /// Writes what waits, as there is no input to wait for with it.
  mutating func flush() throws -> LineReader.Idle {
    try output.flush()
    return .wait
  }

  consuming func close() throws {
    try output.flush()
    progress.clear()
    if options.onError != .fail, !isQuiet {
      let fate =
        switch options.onError {
        case .pass: "passed"
        case .answer: "answered"
        case .skip, .fail: "skipped"
        }
      report("\(records) records, \(problems) bad \(problems == 1 ? "line" : "lines") \(fate)")
    }
    try output.close()
  }
}
