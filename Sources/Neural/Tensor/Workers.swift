import Threads

/// The worker threads; nil for none. Set when a program starts.
nonisolated(unsafe) private(set) var workers: ForkJoinPool?

/// How many threads share the work.
public var matrixThreads: Int { workers?.threads ?? 1 }

/// Calls `body` with every chunk from 0 to `count`, on all threads. What a chunk does must not depend on which thread
/// does it or when; its own products and rows are made on that thread alone, if there are several chunks.
public func inChunks(_ count: Int, _ body: (Int) -> Void) {
  if let workers { return workers.run(chunks: count, body) }
  for chunk in 0..<count { body(chunk) }
}

/// Calls `body` with ranges that make up `0..<count`, on several threads where it is worth it: items that do not depend
/// on each other, each with an amount of `work`.
func inRanges(of count: Int, work: Int, _ body: (Range<Int>) -> Void) {
  let chunks = workers == nil ? 1 : min(count, max(1, (count * work) >> 13), 8)
  inChunks(chunks) { chunk in
    let range = count * chunk / chunks..<count * (chunk + 1) / chunks
    if !range.isEmpty { body(range) }
  }
}

/// Sets the number of threads that work on a matrix product or on the rows of a table. The numbers are the same for
/// any. For programs to call when they start, before there are other threads.
/// - Parameters:
///   - count: The number of threads, the calling one among them.
///   - callers: How many threads of the program itself multiply matrices at once.
///   - rounding: How sums of products are rounded.
/// - Throws: `ThreadError` if there is no room for the threads or for the products' buffers, or no OpenBLAS.
public func setMatrixThreads(
  _ count: Int, callers: Int = 1, rounding: ProductRounding = .ofWholeProduct
) throws(ThreadError) {
  workers?.close()
  workers = nil
  productRounding = rounding
  switch rounding {
  case .ofWholeProduct: try OpenBLAS.takeBuffers(max(count, callers))
  case .ofEachRow:
    // Panels, and the tensors of the smallest model with what `keepLargeBuffers` keeps.
    guard hasRoom(for: 96 << 20) else {
      throw ThreadError("products of matrices need 96 MB of address space, and there is less")
    }
  }
  if count > 1 { workers = try ForkJoinPool(threads: count) }
}
