import Glibc

/// A counting semaphore: so many threads may be between `wait` and `signal` at once.
public final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  /// - Parameter count: How many threads may pass before one must wait.
  public init(count: Int) { sem_init(semaphore, 0, UInt32(count)) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Takes one of the count, or waits for it.
  public func wait() { while sem_wait(semaphore) != 0 {} }

  /// Gives it back.
  public func signal() { sem_post(semaphore) }
}
