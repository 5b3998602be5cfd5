import COpenBLAS
import Threads

/// OpenBLAS, loaded when it is first asked for, or why it can't be.
///
/// It works with the thread that calls it, and with no other.
enum OpenBLAS {
  private static let loaded: (library: openblas, error: String?) = {
    var library = openblas()
    let error = openblas_load(&library).map { String(cString: $0) }
    return (library, error)
  }()

  /// Its functions. Without them there is nothing to go on with: the process ends as for failed input.
  static var functions: openblas {
    if let error = loaded.error { endProcess(message(error)) }
    return loaded.library
  }

  private static func message(_ error: String) -> String {
    let advice = error.contains("cannot open shared object file") ? " (Debian has it as libopenblas0)" : ""
    return "OpenBLAS, which makes products of matrices, can't be loaded: \(error)\(advice)"
  }

  /// Limits how many threads are in OpenBLAS at once; nil where there are never too many.
  nonisolated(unsafe) private(set) static var limit: Semaphore?

  /// OpenBLAS has a buffer for each thread that is in it. It waits for ever for one if there is no memory, so they are
  /// taken here while one can tell; and there are 128 of them (twice `NUM_THREADS` of a build, 64 in Debian's).
  static func takeBuffers(_ count: Int) throws(ThreadError) {
    if let error = loaded.error { throw ThreadError(message(error)) }
    let most = 64
    limit = count > most ? Semaphore(count: most) : nil
    guard let take = loaded.library.take_buffer, let giveBack = loaded.library.give_back_buffer else { return }
    var buffers: [UnsafeMutableRawPointer?] = []
    defer { for case let buffer? in buffers { giveBack(buffer) } }
    for _ in 0..<min(count, most) {
      // 128 MB, and what else it may ask for.
      guard hasRoom(for: 136 << 20) else {
        let threads = count == 1 ? "1 thread" : "\(count) threads"
        throw ThreadError("OpenBLAS needs 128 MB of address space for each of \(threads), and there is less")
      }
      buffers.append(take(0))
    }
  }
}
