import Glibc
import Synchronization

/// A request to stop, by Ctrl-C or `kill`, that lets the program finish what it is at.
public enum StopSignal {
  private static let signal = Atomic<Int32>(0)
  private static let waker = Atomic<Int32>(-1)
  private static let wakened = Atomic<Int32>(-1)

  /// Takes note of SIGINT and SIGTERM from now on instead of ending at once. A second one ends the program.
  /// - Parameter more: Other signals that ask to stop.
  public static func watch(_ more: [Int32] = []) {
    guard descriptor < 0 else { return }
    var ends: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &ends) { pipe($0.assumingMemoryBound(to: Int32.self).baseAddress!) }
    if status == 0 {
      for end in [ends.0, ends.1] {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
      wakened.store(ends.0, ordering: .relaxed)
      waker.store(ends.1, ordering: .relaxed)
    }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { StopSignal.take($0) }
    // No SA_RESTART: a read that waits is woken.
    // Who started the program from a thread that blocks signals has left them blocked.
    var all = sigset_t()
    sigemptyset(&all)
    for number in [SIGINT, SIGTERM] + more {
      sigaction(number, &action, nil)
      sigaddset(&all, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
  }

  /// A descriptor that can be read from when such a signal has come, for waiting on it together with others; -1 when
  /// nothing is watched. (A signal between a look at `isReceived` and a call that waits would not end the wait.)
  public static var descriptor: Int32 { wakened.load(ordering: .relaxed) }

  private static func take(_ number: Int32) {
    let code = errno
    if signal.exchange(number, ordering: .relaxed) == 0 {
      var byte: UInt8 = 0
      _ = write(waker.load(ordering: .relaxed), &byte, 1)
    } else {
      Glibc.signal(number, SIG_DFL)
      raise(number)
    }
    errno = code
  }

  /// Whether such a signal came.
  public static var isReceived: Bool { signal.load(ordering: .relaxed) != 0 }

  /// If a signal came, ends the program as that would have done, so that a shell sees why.
  public static func exitIfReceived() {
    let number = signal.load(ordering: .relaxed)
    guard number != 0 else { return }
    RunSummary.finish(status: 128 + number, error: "stopped by a signal")
    Glibc.signal(number, SIG_DFL)
    raise(number)
  }
}
