import Files
import Foundation
import Neural
import TestSupport
import Testing
import TrainingRuns

@Suite struct ReportLogTests {
  /// Reports of the training at steps 1, 2, …
  func reports(_ count: Int) throws -> [Loop.Report] {
    let batch = Batch(inputs: Tensor([[1, 2]]), targets: Tensor([1]), weights: Tensor([1]))
    var loop = Loop(
      try SmallRun.layers(), TrainTask(optimizer: SGD(0.1)) { batch }, timing: .init(reportEvery: 1))
    var reports: [Loop.Report] = []
    _ = try loop.run(steps: count) { event, _ in
      if case .report(let report) = event { reports.append(report) }
      return true
    }
    return reports
  }

  /// Opens `log` in a folder, or another file, writes reports to it after `change`, and gives the messages.
  func write(
    _ reports: [Loop.Report], in folder: String, to file: String? = nil, standardOutput: String? = nil,
    after change: (inout ReportLog) throws -> Void = { _ in }
  ) throws -> (log: ReportLog, messages: [String]) {
    let descriptor = try OutputFile(standardOutput ?? "\(folder)/output").openToAppend()
    defer { close(descriptor) }
    var messages: [String] = []
    var log = try ReportLog(file: OutputFile(file ?? "\(folder)/log"), standardOutput: descriptor) {
      messages.append($0)
    }
    try change(&log)
    for report in reports { log.write(report) }
    return (log, messages)
  }

  /// The steps of the records in a file; nil for a line without one.
  func steps(_ file: String) throws -> [Int?] {
    struct Step: Decodable { let step: Int }
    return try text(of: file).split(separator: "\n").map {
      try? JSONDecoder().decode(Step.self, from: Data($0.utf8)).step
    }
  }

  @Test func reportsAreAddedToWhatIsThere() throws {
    try inTemporaryFolder { folder in
      try TestSupport.write(["of another run"], to: "\(folder)/log")
      let (log, messages) = try write(reports(2), in: folder) { #expect($0.lines == 1) }
      #expect(log.lines == 3 && !log.hasFailed && messages.isEmpty)
      let output = try text(of: "\(folder)/output")
      #expect(try text(of: "\(folder)/log") == "of another run\n\(output)")
      #expect(try steps("\(folder)/output") == [1, 2])
      #expect(output.hasPrefix("{\"step\":1,\"split\":\"train\",\"loss\":0."))
      #expect(output.contains("\"learning_rate\":0.1,\"metrics\":{\"accuracy\":"))
    }
  }

  /// A run that was killed within a line leaves one without an end.
  @Test func aLineThatWasCutIsEnded() throws {
    try inTemporaryFolder { folder in
      try "one\ntwo".write(toFile: "\(folder)/log", atomically: false, encoding: .utf8)
      let (log, _) = try write(reports(1), in: folder) { #expect($0.lines == 2) }
      #expect(log.lines == 3)
      #expect(try text(of: "\(folder)/log").hasPrefix("one\ntwo\n{\"step\":1,"))
    }
  }

  @Test func whatIsWrittenAgainIsTakenOff() throws {
    try inTemporaryFolder { folder in
      let reports = try reports(5)
      try TestSupport.write(["of another run"], to: "\(folder)/log")
      let digest = try write(Array(reports[..<2]), in: folder).log.digest
      _ = try write(Array(reports[2..<4]), in: folder)
      let whole = try text(of: "\(folder)/log")
      let (log, _) = try write(Array(reports[4...]), in: folder) { log in
        try log.cut(to: 3, digest: digest, step: 2)
        let left = try text(of: "\(folder)/log")
        #expect(log.lines == 3 && whole.hasPrefix(left))
        #expect(try steps("\(folder)/log") == [nil, 1, 2])
      }
      #expect(log.lines == 4)
      #expect(try steps("\(folder)/log") == [nil, 1, 2, 5])
    }
  }

  /// What is not where the run left it is of somebody else.
  @Test func aFileOfOtherReportsStaysAsItIs() throws {
    try inTemporaryFolder { folder in
      _ = try write(reports(3), in: folder)
      try TestSupport.write(
        try text(of: "\(folder)/log").split(separator: "\n").map(String.init) + ["notes", "more"], to: "\(folder)/log")
      let whole = try text(of: "\(folder)/log")
      _ = try write([], in: folder) { log in
        // The fourth line is no report, and there is no sixth; what is after the second is of an earlier step.
        for (lines, step) in [(3, 2), (2, 3), (5, 9), (6, 9)] { try log.cut(to: lines, step: step) }
        // The first lines are others than they were.
        for lines in 0...4 { try log.cut(to: lines, digest: log.digest, step: 0) }
        #expect(log.lines == 5)
      }
      #expect(try text(of: "\(folder)/log") == whole)
      let digest = try write([], in: folder).log.digest
      // A run that begins anew knows from its note where it began.
      _ = try write([], in: folder) { log in
        try log.cut(to: 4, step: 0)
        #expect(log.lines == 4 && log.digest != digest)
      }
      #expect(try steps("\(folder)/log") == [1, 2, 3, nil])
    }
  }

  @Test func aFullDeviceIsReportedOnce() throws {
    try inTemporaryFolder { folder in
      let (log, messages) = try write(reports(3), in: folder, to: "/dev/full")
      #expect(messages == ["/dev/full: No space left on device; the run goes on without it"])
      #expect(log.hasFailed && log.lines == 0)
      #expect(try steps("\(folder)/output") == [1, 2, 3])
    }
    try inTemporaryFolder { folder in
      let (log, messages) = try write(reports(3), in: folder, standardOutput: "/dev/full")
      #expect(messages == ["<stdout>: No space left on device; the run goes on without it"])
      #expect(log.hasFailed && log.lines == 3)
      #expect(try steps("\(folder)/log") == [1, 2, 3])
    }
  }
}
