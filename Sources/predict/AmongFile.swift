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

  /// Reads the file and makes a vector of each record, on several threads.
  /// - Throws: `Failure` for a bad record, `FileError` for a file that can't be read.
  init(
    _ file: String, maxLine: Int, keepsBlankLines: Bool, threads: Int, depth: Int,
    makeVectors: @escaping @Sendable () -> TextVectors
  ) throws {
    var reader = LineReader(
      files: [file], maxLine: maxLine, keepsBlankLines: keepsBlankLines, stopDescriptor: -1, isStopped: { false })
    let pool = try ThreadPool<Job>(threads: max(threads, 1)) {
      var vectors = makeVectors()
      return { $0.read(with: &vectors, maxLine: maxLine) }
    }
    defer { pool.close() }
    var (vectors, records) = ([Float](), [[UInt8]]())
    var running: [Job] = []
    func take(_ job: Job) throws {
      pool.wait(for: job)
      if let problem = job.problem { throw problem }
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
    (texts, self.records) = (NearestTexts(vectors, depth: depth), records)
  }

  /// A block of records on its way through a thread.
  private final class Job: @unchecked Sendable {
    let block = LineBlock()
    var vectors: [Float] = [], records: [[UInt8]] = []
    var problem: Failure?

    func read(with texts: inout TextVectors, maxLine: Int) {
      (vectors, records) = ([], [])
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
          problem = Failure(error, in: line)
          return
        }
      }
    }
  }
}
