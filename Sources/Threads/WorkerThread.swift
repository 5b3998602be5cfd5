import Glibc

/// A POSIX thread that runs a closure. Swift's tasks would add their runtime to the start-up time of every program.
public struct WorkerThread: Sendable {
  private let thread: pthread_t

  /// Starts the thread.
  /// - Throws: `ThreadError` if the system has no room for another one.
  public init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    let box = Unmanaged.passRetained(Box(body: body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    // The usual 8 MB would make many threads run out of address space; what runs here is not deep.
    pthread_attr_setstacksize(&attributes, 2 << 20)
    var thread = pthread_t()
    let status = pthread_create(&thread, &attributes, runBox, box.toOpaque())
    pthread_attr_destroy(&attributes)
    guard status == 0 else {
      box.release()
      throw ThreadError(errno: status)
    }
    self.thread = thread
  }

  /// Starts `count` threads that all run the same, or none.
  /// - Parameter reserve: Bytes that each thread goes on to need; they are not taken here.
  /// - Throws: `ThreadError` if the system has no room for that many threads and their reserves. Those that run already
  ///   are told to return by `giveUp` and waited for.
  public static func start(
    _ count: Int, reserve: Int, _ body: @escaping @Sendable () -> Void, giveUp: () -> Void
  ) throws(ThreadError) -> [WorkerThread] {
    var threads: [WorkerThread] = []
    threads.reserveCapacity(count)
    do throws(ThreadError) {
      for _ in 0..<count { threads.append(try WorkerThread(body)) }
      guard hasRoom(for: count * reserve) else { throw ThreadError(errno: ENOMEM) }
    } catch {
      giveUp()
      for thread in threads { thread.join() }
      throw error
    }
    return threads
  }

  /// Returns when the closure has returned.
  public func join() { pthread_join(thread, nil) }
}

/// Why threads can't be started, for the end of a message.
public struct ThreadError: Error, CustomStringConvertible {
  public let description: String
  /// - Parameter description: The end of a message.
  public init(_ description: String) { self.description = description }

  /// Says what the system says of `errno`.
  init(errno code: Int32) { self.init("there is no room for so many threads: \(String(cString: strerror(code)))") }
}

/// Whether so many bytes of address space can be had. Nothing is kept of them: this is for those who would wait for
/// ever, or end without a word, where there are none.
public func hasRoom(for bytes: Int) -> Bool {
  guard bytes > 0 else { return true }
  let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard memory != MAP_FAILED else { return false }
  munmap(memory, bytes)
  return true
}

private final class Box: Sendable {
  let body: @Sendable () -> Void
  init(body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runBox(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  Unmanaged<Box>.fromOpaque(box!).takeRetainedValue().body()
  return nil
}
