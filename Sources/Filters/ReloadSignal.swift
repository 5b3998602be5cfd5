import Glibc
import Synchronization

/// A request to read files again, by SIGHUP, as services have it.
public enum ReloadSignal {
  private static let isRequested = Atomic(false)

  /// Takes note of SIGHUP from now on instead of ending.
  public static func watch() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in ReloadSignal.isRequested.store(true, ordering: .relaxed) }
    // No SA_RESTART: who waits for input looks whether there was one.
    sigaction(SIGHUP, &action, nil)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
  }

  /// Whether there was a request since the last call.
  public static func take() -> Bool { isRequested.exchange(false, ordering: .relaxed) }
}
