import Filters
import Glibc
import Neural
import Records

/// Where reports go: standard output, and a file if there is one.
struct ReportLog {
  private let file: String?
  private let start = Progress.seconds()

  init(file: String?) { self.file = file }

  /// Takes the reports of later steps than that off the end of the file: a run that goes on will write them again.
  func cut(after step: Int) throws(FileError) {
    guard let file, access(file, F_OK) == 0 else { return }
    let bytes = try WholeFile.read(file)
    var end = bytes.count
    while end > 0 {
      let start = (bytes[..<(end - 1)].lastIndex(of: 0x0a) ?? -1) + 1
      let isLater = bytes[start..<end].withUnsafeBufferPointer { line in
        guard let record = try? Record(line), let reported = try? record.integer("step") else { return true }
        return reported > step
      }
      if !isLater { break }
      end = start
    }
    try AtomicFile.write(to: file) { descriptor throws(FileError) in
      var output = Output(descriptor: descriptor, name: file)
      output.bytes = Array(bytes[..<end])
      try output.flush()
    }
  }

  func write(_ report: Loop.Report) throws(FileError) {
    var line: [UInt8] = []
    line.append("{\"step\":")
    line.appendJSON(report.step)
    line.append(",\"split\":")
    line.appendJSON(report.mode)
    line.append(",\"loss\":")
    line.appendJSON(report.loss)
    line.append(",\"learning_rate\":")
    line.appendJSON(report.learningRate)
    line.append(",\"metrics\":{")
    for (index, metric) in report.metrics.enumerated() {
      if index > 0 { line.append(",") }
      line.appendJSON(metric.name)
      line.append(":")
      line.appendJSON(metric.value)
    }
    line.append("},\"seconds\":")
    line.appendJSON(((Progress.seconds() - start) * 1000).rounded() / 1000)
    line.append("}\n")
    // Somebody who looked at the first reports only does not want to lose the model.
    var output = Output.standard(unbuffered: true)
    output.bytes = line
    do throws(FileError) {
      try output.flush()
    } catch {
      if !error.isClosedReader { throw error }
    }
    if let file { try append(line, to: file) }
  }

  private func append(_ line: [UInt8], to file: String) throws(FileError) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(file, errno: errno) }
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor, name: file)
    output.bytes = line
    try output.flush()
  }
}
