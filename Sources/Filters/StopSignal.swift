import Glibc
import Synchronization

/// A request to stop, by Ctrl-C or `kill`, that lets the program finish what it is at.
public enum StopSignal {
  private static let signal = Atomic<Int32>(0)

  /// Takes note of SIGINT and SIGTERM from now on instead of ending at once. A second one ends the program.
  public static func watch() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { StopSignal.take($0) }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))  // and no SA_RESTART: a read that waits is woken
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }

  private static func take(_ number: Int32) { signal.store(number, ordering: .relaxed) }

  /// Whether such a signal came.
  public static var isReceived: Bool { signal.load(ordering: .relaxed) != 0 }

  /// If a signal came, ends the program as that would have done, so that a shell sees why.
  public static func exitIfReceived() {
    let number = signal.load(ordering: .relaxed)
    guard number != 0 else { return }
    Glibc.signal(number, SIG_DFL)
    raise(number)
  }
}
