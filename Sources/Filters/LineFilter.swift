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

/// Runs the lines of the input through workers and writes what they make of them, in the order of the input.
///
/// SIGINT and SIGTERM end the input: the lines that were read are processed and written as a whole, workers do not
/// finish, and then the program ends by the signal. A second signal ends it at once.
public struct LineFilter {
  private let input: InputOptions
  private let options: FilterOptions
  private let keepsBlankLines: Bool

  /// A filter of the input that the options say.
  /// - Parameter keepsBlankLines: Whether workers get blank lines, too.
  public init(_ input: InputOptions, _ options: FilterOptions, keepsBlankLines: Bool = false) {
    self.input = input
    self.options = options
    self.keepsBlankLines = keepsBlankLines
  }

  private var reader: LineReader {
    StopSignal.watch()
    return LineReader(
      files: input.files, maxLine: input.maxLine.value, keepsBlankLines: keepsBlankLines,
      stopDescriptor: StopSignal.descriptor, isStopped: { StopSignal.isReceived })
  }

  /// Runs the whole input through one worker, for filters that remember something from line to line.
  /// - Throws: `Failure` for a bad line under `--on-error fail`, when all that came before it has been written;
  ///   `FileError` for failed input or output.
  public func run(_ worker: inout some LineWorker) throws {
    var reader = reader
    var writer = OrderedWriter(options, isQuiet: input.quiet, size: reader.totalSize)
    let job = LineBlockJob()
    do {
      while try reader.next(into: job.block) {
        job.process(with: &worker, options.onError, input.maxLine)
        try writer.write(job, bytesRead: reader.bytesRead)
      }
      if !StopSignal.isReceived { try worker.finish(into: &writer.output) }
    } catch {
      try writer.output.flush()
      throw error
    }
    try writer.close()
    StopSignal.exitIfReceived()
  }

  /// Runs the input through `threads` workers at once. The output is the same for any number of threads.
  public func run<Worker: LineWorker & SendableMetatype>(threads: Int, _ makeWorker: @escaping @Sendable () -> Worker)
    throws
  {
    guard threads > 1 else {
      var worker = makeWorker()
      return try run(&worker)
    }
    var reader = reader
    var writer = OrderedWriter(options, isQuiet: input.quiet, size: reader.totalSize)
    let (onError, maxLine) = (options.onError, input.maxLine)
    let pool = try ThreadPool<LineBlockJob>(threads: threads) {
      var worker = makeWorker()
      return { $0.process(with: &worker, onError, maxLine) }
    }
    defer { pool.close() }
    var idle = (0..<2 * threads).map { _ in LineBlockJob() }
    var running: [LineBlockJob] = []
    do {
      var isAtEnd = false
      while !isAtEnd || !running.isEmpty {
        // Read ahead as long as there is something to read; what is finished must not wait for more input.
        if !isAtEnd, let job = idle.last, running.isEmpty || reader.isReady {
          if try reader.next(into: job.block) {
            idle.removeLast()
            running.append(job)
            pool.start(job)
          } else {
            isAtEnd = true
          }
          continue
        }
        let job = running.removeFirst()
        pool.wait(for: job)
        try writer.write(job, bytesRead: reader.bytesRead)
        idle.append(job)
      }
    } catch {
      try writer.output.flush()
      throw error
    }
    try writer.close()
    StopSignal.exitIfReceived()
  }
}

/// A block of lines on its way through a worker.
private final class LineBlockJob: @unchecked Sendable {
  let block = LineBlock()
  var output: [UInt8] = []
  var records = 0
  var problems: [Failure] = []

  /// Processes the block's lines, up to the first bad one under `--on-error fail`.
  func process(with worker: inout some LineWorker, _ onError: OnError, _ maxLine: ByteCount) {
    output.removeAll(keepingCapacity: true)
    problems.removeAll()
    records = 0
    worker.prepare(for: block)
    while let line = block.nextLine() {
      let start = output.count
      do throws(RecordError) {
        guard let bytes = line.bytes, bytes.count <= maxLine.value else {
          throw RecordError("the line is longer than \(maxLine) bytes (--max-line)")
        }
        try worker.process(bytes, into: &output)
        records += 1
      } catch {
        output.removeLast(output.count - start)
        problems.append(Failure(error, in: line))
        if onError == .fail { return }
        if onError == .pass, let bytes = line.bytes {
          output.append(contentsOf: bytes)
          output.append(UInt8(ascii: "\n"))
        }
      }
    }
  }
}

/// Writes processed blocks in the order of the input.
private struct OrderedWriter: ~Copyable {
  var output: Output
  private let options: FilterOptions
  private let isQuiet: Bool
  private var progress: Progress
  private var records = 0
  private var problems = 0

  init(_ options: FilterOptions, isQuiet: Bool, size: Int?) {
    self.options = options
    self.isQuiet = isQuiet
    output = Output.standard(unbuffered: options.unbuffered)
    progress = Progress(unit: "records", isShown: !isQuiet, size: size)
  }

  mutating func write(_ job: LineBlockJob, bytesRead: Int) throws {
    output.bytes.append(contentsOf: job.output)
    records += job.records
    problems += job.problems.count
    if let first = job.problems.first {
      progress.clear()
      if options.onError == .fail { throw first }
      for problem in job.problems { report(problem.description) }
    }
    try output.flushIfFull()
    progress.show(records, bytesRead: bytesRead)
  }

  consuming func close() throws {
    try output.flush()
    progress.clear()
    if options.onError != .fail, !isQuiet {
      let fate = options.onError == .skip ? "skipped" : "passed"
      report("\(records) records, \(problems) bad \(problems == 1 ? "line" : "lines") \(fate)")
    }
    try output.close()
  }
}
