import Files
import Filters
import Glibc
import JSONLines
import Neural
import Text

/// Where reports go: standard output, and a file if there is one.
///
/// One that can't be written to any more is reported once and left alone; the run goes on.
public struct ReportLog {
  /// Whether reports were lost.
  public private(set) var hasFailed = false
  /// The lines of the file, where it is a regular one.
  public private(set) var lines = 0
  /// A digest of those lines.
  public var digest: UInt64 { hash.value }
  private var hash = FNV1a()
  private let file: OutputFile?
  private let start = Progress.seconds()
  private var descriptor: Int32?
  private let standardOutput: Int32
  private var isStandardOutputOpen = true
  private let report: (String) -> Void

  /// Opens the file. What was there stays; a last line without its end gets one.
  /// - Parameters:
  ///   - file: The file, if there is one.
  ///   - standardOutput: The descriptor of standard output.
  ///   - report: Where messages go; standard error, if not given.
  /// - Throws: `FileError` when it can't be opened.
  public init(
    file: OutputFile?, standardOutput: Int32 = 1, report: @escaping (String) -> Void = { Filters.report($0) }
  ) throws(FileError) {
    self.file = file
    self.standardOutput = standardOutput
    self.report = report
    guard let file, !file.isStandardOutput else { return }
    descriptor = try file.openToAppend()
    guard let path = file.path, let descriptor else { return }
    let bytes = try WholeFile.read(path)
    lines = bytes.count { $0 == UInt8(ascii: "\n") }
    bytes.withUnsafeBufferPointer { hash.combine($0) }
    if let last = bytes.last, last != UInt8(ascii: "\n") {
      lines += 1
      var output = Output(descriptor: descriptor, name: file.name)
      output.bytes = [UInt8(ascii: "\n")]
      output.bytes.withUnsafeBufferPointer { hash.combine($0) }
      try output.flush()
    }
  }

  /// Takes off the file what comes after so many lines, which a run that goes on from `step` will write again.
  /// A file of other reports stays as it is: one whose first lines have another digest, or behind them something else
  /// than reports of that step and later ones. The last line may be one that was cut.
  /// - Parameters:
  ///   - count: The number of lines that stay.
  ///   - digest: Their digest; nil where it is not known.
  ///   - step: The step from which the run goes on.
  /// - Throws: `FileError` when the file can't be read or made shorter.
  public mutating func cut(to count: Int, digest: UInt64? = nil, step: Int) throws(FileError) {
    guard let file, let path = file.path, let descriptor, count < lines else { return }
    let bytes = try WholeFile.read(path)
    var ends = [0]
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { ends.append(index + 1) }
    guard count < ends.count else { return }
    var kept = FNV1a()
    bytes[..<ends[count]].withUnsafeBufferPointer { kept.combine($0) }
    let areLater = (count..<ends.count - 1).allSatisfy { line in
      let found = bytes[ends[line]..<ends[line + 1]].withUnsafeBufferPointer { try? Record($0).integer("step") }
      return found.map { $0 >= step } ?? (line == ends.count - 2)
    }
    guard digest ?? kept.value == kept.value, areLater else { return }
    guard ftruncate(descriptor, ends[count]) == 0 else { throw FileError(file.name, errno: errno) }
    (lines, hash) = (count, kept)
  }

  /// Writes a report as a record, at once and as a whole or not at all.
  public mutating func write(_ report: Loop.Report) {
    let line = line(report)
    if isStandardOutputOpen {
      do throws(FileError) {
        var output = Output(descriptor: standardOutput, name: "<stdout>")
        output.bytes = line
        try output.flush()
      } catch {
        isStandardOutputOpen = false
        // A closed standard output, as of `train | head`, must not end the training.
        if !error.isClosedReader { fail(error) }
      }
    }
    guard let file, let descriptor else { return }
    var status = stat()
    fstat(descriptor, &status)
    do throws(FileError) {
      var output = Output(descriptor: descriptor, name: file.name)
      output.bytes = line
      try output.flush()
      lines += 1
      line.withUnsafeBufferPointer { hash.combine($0) }
    } catch {
      // A report is there as a whole or not at all.
      if file.path != nil { ftruncate(descriptor, status.st_size) }
      self.descriptor = nil
      fail(error)
    }
  }

  private mutating func fail(_ error: FileError) {
    hasFailed = true
    report("\(error); the run goes on without it")
  }

  private func line(_ report: Loop.Report) -> [UInt8] {
    var line: [UInt8] = []
    line.appendRecord { record in
      record.add("step", report.step)
      record.add("split", report.mode)
      record.add("loss", report.loss)
      record.add("learning_rate", report.learningRate)
      if let epoch = report.epoch { record.add("epoch", epoch) }
      record.add("metrics", object: { for metric in report.metrics { $0.add(metric.name, metric.value) } })
      record.add("seconds", ((Progress.seconds() - start) * 1000).rounded() / 1000)
    }
    return line
  }
}
