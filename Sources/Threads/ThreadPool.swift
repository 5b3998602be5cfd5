import Glibc

/// Threads that work on jobs in the background, each with work of its own; the caller starts jobs and waits for each.
public final class ThreadPool<Job: AnyObject & Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let makeWork: @Sendable () -> (Job) -> Void
  private var waiting: [Job] = []
  private var finished: Set<ObjectIdentifier> = []
  private var isClosed = false
  private var threads: [WorkerThread] = []

  /// Starts `threads` threads. Each calls `makeWork` once, when there is a job, and runs its jobs through what that
  /// returns.
  /// - Parameter reserve: Bytes that each thread goes on to need.
  /// - Throws: `ThreadError` if there is no room for so many.
  public init(
    threads count: Int, reserve: Int = 4 << 20, _ makeWork: @escaping @Sendable () -> (Job) -> Void
  ) throws(ThreadError) {
    self.makeWork = makeWork
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasChanged, nil)
    threads = try WorkerThread.start(count, reserve: reserve, serve, giveUp: endThreads)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(hasChanged)
    mutex.deallocate()
    hasChanged.deallocate()
  }

  /// Hands a job to the next free thread.
  public func start(_ job: Job) {
    locked { waiting.append(job) }
  }

  /// Returns when a job that was started is done.
  public func wait(for job: Job) {
    pthread_mutex_lock(mutex)
    while finished.remove(ObjectIdentifier(job)) == nil { pthread_cond_wait(hasChanged, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// Ends the threads; jobs not yet begun are given up.
  public func close() {
    endThreads()
    for thread in threads { thread.join() }
    threads = []
  }

  private func endThreads() { locked { isClosed = true } }

  @Sendable private func serve() {
    guard var job = take() else { return }
    let work = makeWork()
    while true {
      work(job)
      locked { _ = finished.insert(ObjectIdentifier(job)) }
      guard let next = take() else { return }
      job = next
    }
  }

  private func take() -> Job? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting.isEmpty, !isClosed { pthread_cond_wait(hasChanged, mutex) }
    return isClosed ? nil : waiting.removeFirst()
  }

  private func locked(_ change: () -> Void) {
    pthread_mutex_lock(mutex)
    change()
    pthread_cond_broadcast(hasChanged)
    pthread_mutex_unlock(mutex)
  }
}
