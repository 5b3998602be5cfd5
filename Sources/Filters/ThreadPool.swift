import Glibc

/// Threads that work on jobs which somebody starts and waits for, each with a worker of its own.
final class ThreadPool<Job: AnyObject & Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let makeWork: @Sendable () -> (Job) -> Void
  private var waiting: [Job] = []
  private var finished: Set<ObjectIdentifier> = []
  private var isClosed = false
  private var threads: [WorkerThread] = []

  /// Starts `threads` threads. Each calls `makeWork` once and runs its jobs through what that returns.
  init(threads count: Int, _ makeWork: @escaping @Sendable () -> (Job) -> Void) {
    self.makeWork = makeWork
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasChanged, nil)
    for _ in 0..<count { threads.append(WorkerThread(serve)) }
  }

  /// Hands a job to the next free thread.
  func start(_ job: Job) {
    locked { waiting.append(job) }
  }

  /// Returns when a job that was started is done.
  func wait(for job: Job) {
    pthread_mutex_lock(mutex)
    while finished.remove(ObjectIdentifier(job)) == nil { pthread_cond_wait(hasChanged, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// Ends the threads; jobs not yet begun are given up.
  func close() {
    locked { isClosed = true }
    for thread in threads { thread.join() }
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(hasChanged)
    mutex.deallocate()
    hasChanged.deallocate()
  }

  @Sendable private func serve() {
    let work = makeWork()
    while let job = take() {
      work(job)
      locked { _ = finished.insert(ObjectIdentifier(job)) }
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
