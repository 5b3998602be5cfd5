import Glibc

/// A POSIX thread that runs a closure. Swift's tasks would add their runtime to the start-up time of every program.
struct WorkerThread {
  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body: body)).toOpaque()
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, runBox, box)
    precondition(status == 0, "can't start a thread: \(String(cString: strerror(status)))")
    self.thread = thread
  }

  /// Returns when the closure has returned.
  func join() { pthread_join(thread, nil) }
}

private final class Box: Sendable {
  let body: @Sendable () -> Void
  init(body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runBox(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  Unmanaged<Box>.fromOpaque(box!).takeRetainedValue().body()
  return nil
}
