import Synchronization

/// A request to stop, as a signal makes it of a process, that a test makes itself.
package final class StopFlag: Sendable {
  private let flag = Atomic(false)
  package init() {}
  /// Whether the request was made.
  package var isSet: Bool { flag.load(ordering: .relaxed) }
  /// Makes the request.
  package func set() { flag.store(true, ordering: .relaxed) }
}
