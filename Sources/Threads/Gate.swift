import Glibc

/// A door through which so many threads may be at once.
public final class Gate: @unchecked Sendable {
  private let places = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  public init(places count: Int) { sem_init(places, 0, UInt32(count)) }

  deinit {
    sem_destroy(places)
    places.deallocate()
  }

  /// Waits until there is a place.
  public func enter() { while sem_wait(places) != 0 {} }

  /// Gives the place to somebody else.
  public func leave() { sem_post(places) }
}
