import Filters
import Glibc
import Neural
import Text
import TrainingRuns

#if RIVULET_MPI
  import Ranks
#endif

/// The processes that share a training run: those that `mpirun` has started, where the build knows MPI, or this one.
struct Processes {
  /// How they hear of each other.
  let exchange: any Exchange
  /// Whether this one is the first, which reads the batches, reports, and writes the files.
  var isFirst: Bool { exchange.rank == 0 }

  /// What asks the run to stop beside SIGINT and SIGTERM: mpirun hands SIGUSR1 on to its processes, and kills them a
  /// moment after those two.
  var stopSignals: [Int32] { exchange.ranks > 1 ? [SIGUSR1] : [] }

  /// The variables by which starters tell a process how many there are: those of Open MPI, of MPICH and of Slurm's srun.
  private static let counts = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]

  #if RIVULET_MPI
    private let ranks: Ranks?

    /// Finds out which processes there are.
    /// - Throws: `ThreadError` where there is no room for a thread.
    init() throws {
      ranks = Self.counts.contains { getenv($0) != nil } ? try Ranks() : nil
      exchange = ranks ?? Alone()
    }

    /// Waits for the others at the end of the run. Says how long exchanges took.
    func end(report: (String) -> Void) {
      guard let ranks else { return }
      if ranks.ranks > 1 {
        let times = ranks.times
        report(
          "\(ranks.ranks) ranks: exchanges took \(fourDigits(times.exchanging)) s, of which the run waited for \(fourDigits(times.waiting)) s"
        )
      }
      ranks.end()
    }
  #else
    /// Finds out which processes there are.
    /// - Throws: `Failure` when there are several, each of which would make the whole run.
    init() throws {
      exchange = Alone()
      let count = Self.counts.lazy.compactMap { getenv($0) }.first.flatMap { Int(String(cString: $0)) } ?? 1
      guard count <= 1 else {
        throw Failure(
          "\(count) processes are started, but this train is built without MPI (RIVULET_MPI=1 swift build …)")
      }
    }

    func end(report: (String) -> Void) {}
  #endif

  /// The lanes of the run.
  /// - Parameter count: The number that was asked for, a power of two; nil without one.
  /// - Throws: `Failure` unless there are as many as processes, or a multiple.
  func lanes(_ count: Int?) throws -> Lanes {
    let ranks = exchange.ranks
    guard ranks.nonzeroBitCount == 1 else { throw Failure("\(ranks) processes: their number must be a power of two") }
    guard count ?? 1 >= ranks else {
      throw Failure(
        "\(ranks) processes need --lanes \(ranks), or 2, 4, … times that: the model depends on the number of lanes, "
          + "and not on that of processes")
    }
    return Lanes(count ?? 1, exchange)
  }

  /// What the first process knows, which all others are told; nil where it knows nothing.
  func share(_ text: () throws -> String?) rethrows -> String? {
    guard exchange.ranks > 1 else { return try text() }
    let words = exchange.join(isFirst ? try text().map { [1] + $0.utf8.map { UInt32($0) } } ?? [0] : [])
    return words[0] == 1 ? String(decoding: words.dropFirst().map { UInt8($0) }, as: UTF8.self) : nil
  }

  /// - Throws: `Failure` when another process begins with other weights than the first: it has read other files.
  func checkSame(_ layers: Serial) throws {
    guard exchange.ranks > 1 else { return }
    var digest = FNV1a()
    for (_, weight) in layers.weights {
      weight.withValues { $0.withMemoryRebound(to: UInt8.self) { digest.combine($0) } }
    }
    let hash = digest.value
    let all = exchange.join([UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32)])
    let other = stride(from: 2, to: all.count, by: 2).first { all[$0] != all[0] || all[$0 + 1] != all[1] }
    guard let other else { return }
    throw Failure("rank \(other / 2) begins with other weights than rank 0: their files or machines differ")
  }

  /// What this process is to write: nothing, unless it is the first.
  func outputs(_ outputs: @autoclosure () throws -> Outputs) throws -> Outputs {
    isFirst ? try outputs() : try Outputs(model: "/dev/null")
  }

  /// The descriptor for reports: that of standard output for the first process, and for others of nothing.
  var standardOutput: Int32 { isFirst ? 1 : open("/dev/null", O_WRONLY | O_CLOEXEC) }

  /// Does what fails on all ranks alike, or on the first alone, such as reading batches: only the first says why, and the
  /// others wait for its end.
  func alike<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch  where !isFirst {
      _ = exchange.join([])
      exit(1)
    }
  }
}
