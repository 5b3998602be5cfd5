import Files
import Filters
import JSONLines
import Models
import Threads

/// The records of a file among which the nearest are looked for.
struct AmongFile: Sendable {
  /// The vectors.
  let texts: NearestTexts
  /// What is said of each record: an object that is still open, with its line, id and text.
  let records: [[UInt8]]

  /// Reads the file and makes a vector of each record, on several threads. Bad records are left out and reported unless
  /// `onError` says that they are failures: there is no output where they could be passed.
  /// - Throws: `Failure` for a bad record, `FileError` for a file that can't be read.
  init(
    _ file: String, _ input: InputOptions, onError: OnError, keepsBlankLines: Bool, threads: Int, depth: Int,
    makeVectors: @escaping @Sendable () -> TextVectors
  ) throws {
    let maxLine = input.maxLine.value
    var reader = LineReader(
      files: [file], maxLine: maxLine, keepsBlankLines: keepsBlankLines, stopDescriptor: -1, isStopped: { false })
    let pool = try ThreadPool<Job>(threads: max(threads, 1)) {
      var vectors = makeVectors()
      return { $0.read(with: &vectors, maxLine: maxLine, stopsAtProblems: onError == .fail) }
    }
    defer { pool.close() }
    var (vectors, records) = ([Float](), [[UInt8]]())
    var running: [Job] = []
    var left = 0
    func take(_ job: Job) throws {
      pool.wait(for: job)
      if onError == .fail, let problem = job.problems.first { throw problem }
      for problem in job.problems { report(problem.description) }
      left += job.problems.count
      vectors += job.vectors
      records += job.records
    }
    while true {
      let job: Job
      if running.count < 2 * threads {
        job = Job()
      } else {
        job = running.removeFirst()
        try take(job)
      }
      guard try reader.next(into: job.block) else { break }
      running.append(job)
      pool.start(job)
    }
    for job in running { try take(job) }
    if onError != .fail, !input.quiet {
      report("\(file): \(records.count) records, \(left) bad \(left == 1 ? "line" : "lines") left out")
    }
    (texts, self.records) = (NearestTexts(vectors, depth: depth), records)
  }

  /// A block of records on its way through a thread.
  private final class Job: @unchecked Sendable {
    let block = LineBlock()
    var vectors: [Float] = [], records: [[UInt8]] = []
    var problems: [Failure] = []

    func read(with texts: inout TextVectors, maxLine: Int, stopsAtProblems: Bool) {
      (vectors, records, problems) = ([], [], [])
      while let line = block.nextLine() {
        do throws(RecordError) {
          guard let bytes = line.bytes, bytes.count <= maxLine else {
            throw RecordError("the line is longer than \(ByteCount(maxLine)) bytes (--max-line)")
          }
          let makers = texts
          try texts.withVector(of: bytes) { record, vector throws(RecordError) in
            vectors += vector
            var object: [UInt8] = []
            object.appendObject { object in
              object.add("line", line.number)
              if let id = record.json("id") { object.add("id", json: id) }
              if let text = makers.text(of: record) { object.add("text") { $0.appendJSON(text) } }
            }
            object.removeLast()
            records.append(object)
          }
        } catch {
          problems.append(Failure(error, in: line))
          if stopsAtProblems { return }
        }
      }
    }
  }
}
