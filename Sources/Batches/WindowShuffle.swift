import Random

/// Shuffles an endless stream: each element that comes takes the place of a random one of the last `size` that wait,
/// which goes on. What waits at the end goes on in random order. Memory is bounded by the window.
public struct WindowShuffle<Element> {
  private let size: Int
  private var key: RandomKey
  private var drawn: UInt32 = 0
  private var window: [Element] = []

  /// A window of `size` elements that draws from `key`.
  public init(size: Int, key: RandomKey) {
    precondition(size > 0, "a shuffle window holds one element or more, not \(size)")
    self.size = size
    self.key = key
  }

  /// Takes an element in and gives another out, once the window is full.
  public mutating func push(_ element: Element) -> Element? {
    if window.count < size {
      window.append(element)
      return nil
    }
    let place = draw(window.count)
    let out = window[place]
    window[place] = element
    return out
  }

  /// The elements that wait, in random order.
  public mutating func drain() -> [Element] {
    let rest = key.fold(in: .max).permutation(window.count).map { window[$0] }
    window.removeAll()
    return rest
  }

  private mutating func draw(_ bound: Int) -> Int {
    if drawn == .max {  // a key gives 2^32 numbers
      key = key.split()[0]
      drawn = 0
    }
    drawn += 1
    return key.fold(in: drawn).integer(below: bound)
  }
}
