import Random

/// Shuffles an endless stream: each element that comes replaces a random one of the `size` that wait, which goes on.
/// What waits at the end goes on in random order. Memory is bounded by the buffer. Source: `shuffle(buffer_size)` of
/// `tf.data`.
public struct ShuffleBuffer<Element> {
  private let size: Int
  private var key: RandomKey
  private var drawn: UInt32 = 0
  private var buffer: [Element] = []

  /// A buffer of `size` elements that draws from `key`.
  /// - Precondition: `size` is 1 or more.
  public init(size: Int, key: RandomKey) {
    precondition(size > 0, "a shuffle buffer holds one element or more, not \(size)")
    self.size = size
    self.key = key
  }

  /// Takes an element in and gives another out, once the buffer is full.
  public mutating func push(_ element: Element) -> Element? {
    if buffer.count < size {
      buffer.append(element)
      return nil
    }
    let index = draw(buffer.count)
    let out = buffer[index]
    buffer[index] = element
    return out
  }

  /// The elements that wait, in random order.
  public mutating func drain() -> [Element] {
    let rest = key.fold(in: .max).permutation(buffer.count).map { buffer[$0] }
    buffer.removeAll()
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
