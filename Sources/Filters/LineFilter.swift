import Files
import JSONLines
import Threads

/// What a filter does with one line.
public protocol LineWorker {
  /// Looks at the lines of a block before they are processed one by one, where much is cheaper for many at once. Whoever
  /// takes lines from the block rewinds it. Default: does nothing.
  mutating func prepare(for block: LineBlock)

  /// Appends what becomes of `line` to `output`. What was appended for a line that throws is taken back.
  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError)

  /// Writes what remains when the input has ended. Called on workers that see the whole input, and only then. One that
  /// takes long ends early, with what is whole, when `StopSignal.isReceived`.
  mutating func finish(into output: inout Output) throws
}

extension LineWorker {
  public mutating func prepare(for block: LineBlock) {}
  public mutating func finish(into output: inout Output) throws {}
}

/// What becomes of blank lines.
public enum BlankLines: Sendable {
  /// Nothing.
  case passedOver
  /// A blank line of the output.
  case answered
  /// Whatever workers make of them.
  case texts
}

/// Runs the lines of the input through workers and writes what they make of them, in the order of the input.
///
/// SIGINT and SIGTERM end the input: the lines that were read are processed and written as a whole, workers do not
/// finish, and then the program ends by the signal. A second signal ends it at once.
public struct LineFilter {
  private let input: InputOptions
  private let options: FilterOptions
  private let blankLines: BlankLines

  /// A filter of the input that the options say.
  public init(_ input: InputOptions, _ options: FilterOptions, blankLines: BlankLines = .passedOver) {
    self.input = input
    self.options = options
    self.blankLines = blankLines
  }

  private var reader: LineReader {
    StopSignal.watch()
    return LineReader(
      files: input.files, maxLine: input.maxLine.value, keepsBlankLines: blankLines != .passedOver,
      stopDescriptor: StopSignal.descriptor, isStopped: { StopSignal.isReceived })
  }

  /// Runs the whole input through one worker, for filters that remember something from line to line.
  /// - Throws: `Failure` for a bad line under `--on-error fail`, when all that came before it has been written;
  ///   `FileError` for failed input or output.
  public func run(_ worker: inout some LineWorker) throws { try run(&worker) { _ in } }

  /// - Parameter renew: Called before a block is processed, and before the input is waited for.
  private func run<Worker: LineWorker>(_ worker: inout Worker, _ renew: (inout Worker) -> Void) throws {
    var reader = reader
    var writer = try OrderedWriter(options, isQuiet: input.quiet, size: reader.totalSize)
    let (job, policy) = (LineBlockJob(blankLines), BadLinePolicy(options, input.maxLine))
    do {
      while try reader.next(
        into: job.block,
        orIdle: {
          renew(&worker)
          return try writer.flush()
        })
      {
        renew(&worker)
        job.process(with: &worker, policy)
        job.bytesRead = reader.bytesRead
        try writer.write(job)
      }
      if !StopSignal.isReceived { try worker.finish(into: &writer.output) }
    } catch {
      _ = try writer.flush()
      throw error
    }
    try writer.close()
    StopSignal.exitIfReceived()
  }

  /// Runs the input through `threads` workers at once. The output is the same for any number of threads.
  /// - Parameters:
  ///   - renewed: Asked for other workers when SIGHUP comes (`ReloadSignal`), before the next lines are looked at; nil
  ///     for those of before. Each line is processed by a worker that was there when it was read.
  ///   - makeWorker: Makes the workers.
  public func run<Worker: LineWorker & SendableMetatype>(
    threads: Int, renewed: (() -> (@Sendable () -> Worker)?)? = nil, _ makeWorker: @escaping @Sendable () -> Worker
  ) throws {
    var makers = WorkerMakers(makeWorker, renewed)
    if threads > 1 { return try run(threads: threads, &makers) }
    var worker = makeWorker()
    try run(&worker) { if makers.areNew() { $0 = makers.latest.make() } }
  }

  private func run<Worker: LineWorker & SendableMetatype>(threads: Int, _ makers: inout WorkerMakers<Worker>) throws {
    var reader = reader
    var writer = try OrderedWriter(options, isQuiet: input.quiet, size: reader.totalSize)
    let policy = BadLinePolicy(options, input.maxLine)
    let pool = try ThreadPool<LineBlockJob>(threads: threads) {
      var (maker, worker) = (nil as WorkerMaker<Worker>?, nil as Worker?)
      return { job in
        let wanted = job.maker as! WorkerMaker<Worker>
        if wanted !== maker { (maker, worker) = (wanted, wanted.make()) }
        job.process(with: &worker!, policy)
      }
    }
    defer { pool.close() }
    var jobs = RunningJobs(pool, count: 2 * threads, blankLines)
    do {
      // Reads ahead as long as there is something to read.
      while true {
        let job = try jobs.idleOne(&writer)
        let isThere = try reader.next(
          into: job.block,
          orIdle: {
            _ = makers.areNew()
            return try jobs.finishFirst(&writer) ? .look : writer.flush()
          })
        guard isThere else { break }
        _ = makers.areNew()
        (job.bytesRead, job.maker) = (reader.bytesRead, makers.latest)
        jobs.start(job)
      }
      while try jobs.finishFirst(&writer) {}
    } catch {
      _ = try writer.flush()
      throw error
    }
    try writer.close()
    StopSignal.exitIfReceived()
  }
}

/// What makes workers for lines.
private final class WorkerMaker<Worker>: Sendable {
  let make: @Sendable () -> Worker

  init(_ make: @escaping @Sendable () -> Worker) { self.make = make }
}

/// The maker of workers for the next lines, where SIGHUP brings another one.
private struct WorkerMakers<Worker> {
  private(set) var latest: WorkerMaker<Worker>
  private let renewed: (() -> (@Sendable () -> Worker)?)?

  init(_ first: @escaping @Sendable () -> Worker, _ renewed: (() -> (@Sendable () -> Worker)?)?) {
    (latest, self.renewed) = (WorkerMaker(first), renewed)
  }

  /// Looks whether there was a signal; gives whether `latest` is another one now.
  mutating func areNew() -> Bool {
    guard let renewed, ReloadSignal.take(), let make = renewed() else { return false }
    latest = WorkerMaker(make)
    return true
  }
}

/// A block of lines on its way through a worker.
final class LineBlockJob: @unchecked Sendable {
  let block = LineBlock()
  private let blankLines: BlankLines
  var output: [UInt8] = []
  var records = 0
  var problems: [BadLine] = []
  /// The records of --bad-lines.
  var badLines: [UInt8] = []
  /// How many bytes had been read when the block was.
  var bytesRead = 0
  /// What makes the worker of its lines, a `WorkerMaker` of the filter's workers, whose type a job need not know.
  var maker: AnyObject?

  init(_ blankLines: BlankLines) { self.blankLines = blankLines }

  /// Processes the block's lines, up to the first bad one under `--on-error fail`.
  func process(with worker: inout some LineWorker, _ policy: BadLinePolicy) {
    output.removeAll(keepingCapacity: true)
    badLines.removeAll(keepingCapacity: true)
    problems.removeAll()
    records = 0
    worker.prepare(for: block)
    while let line = block.nextLine() {
      let start = output.count
      do throws(RecordError) {
        guard let bytes = line.bytes, bytes.count <= policy.maxLine.value else {
          throw RecordError("the line is longer than \(policy.maxLine) bytes (--max-line)")
        }
        if blankLines == .answered, bytes.isBlank {
          output.append(UInt8(ascii: "\n"))
        } else {
          try worker.process(bytes, into: &output)
        }
        records += 1
      } catch {
        output.removeLast(output.count - start)
        let problem = BadLine(error: error, file: line.file, number: line.number)
        problems.append(problem)
        if policy.keepsRecords { problem.appendRecord(line.bytes, to: &badLines) }
        switch policy.onError {
        case .fail: return
        case .skip: break
        case .answer: problem.appendAnswer(to: &output)
        case .pass:
          guard let bytes = line.bytes else { break }
          output.append(contentsOf: bytes)
          output.append(UInt8(ascii: "\n"))
        }
      }
    }
  }
}

extension LineReader {
  /// Fills `block` with the next lines, and calls `idle` before it waits for input, so that what is done is written.
  /// - Throws: What `idle` throws, and `FileError`.
  fileprivate mutating func next(into block: LineBlock, orIdle idle: () throws -> Idle) throws -> Bool {
    var failure: (any Error)?
    let isThere = try next(into: block) {
      do { return try idle() } catch { failure = error }
      return .end
    }
    if let failure { throw failure }
    return isThere
  }
}

/// The jobs of a pool: those that were begun, in their order, and those that wait for lines.
private struct RunningJobs {
  private let pool: ThreadPool<LineBlockJob>
  private var idle: [LineBlockJob]
  private var running: [LineBlockJob] = []

  init(_ pool: ThreadPool<LineBlockJob>, count: Int, _ blankLines: BlankLines) {
    self.pool = pool
    idle = (0..<count).map { _ in LineBlockJob(blankLines) }
  }

  /// A job for the next lines; where all run, the first one is written before.
  mutating func idleOne(_ writer: inout OrderedWriter) throws -> LineBlockJob {
    if idle.isEmpty { _ = try finishFirst(&writer) }
    return idle.removeLast()
  }

  mutating func start(_ job: LineBlockJob) {
    running.append(job)
    pool.start(job)
  }

  /// Waits for the one that was begun first, and writes what it made. Returns false when none was.
  mutating func finishFirst(_ writer: inout OrderedWriter) throws -> Bool {
    guard !running.isEmpty else { return false }
    let job = running.removeFirst()
    pool.wait(for: job)
    idle.append(job)
    try writer.write(job)
    return true
  }
}
