/// What follows `https://` or `example.com/` in a URL:
///
///     (?: body+ | \( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \) | \( [^\s]+? \) )+     the loop
///     (?: \( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \) | \( [^\s]+? \) | end )       the exit
///
/// with `body` any character but white space and ``()<>{}[]``, and `end` any but white space and the punctuation
/// that usually ends a sentence. A backtracking engine takes the first way through that works: as long a loop as it
/// can, and of the ends of a parenthesis the nearest. Both are functions of the offset alone, so they are worked out
/// once, from the right to the left, over the stretch up to the next white space:
///
///     first(i)   where the match ends when the loop takes its first round at i
///     after(i)   the same when it has had a round: one more round, or else the exit at i
struct URLTail {
  private var base = 0
  private var known = 0..<0
  private var first: [Int32] = []
  private var after: [Int32] = []
  private static let none: Int32 = -1

  /// Where the tail that starts at `start` ends, or nil.
  mutating func end(at start: Int, in text: Bytes) -> Int? {
    if known.contains(start) { return answer(start) }
    // Without a parenthesis the exit is the last character that may end a URL, after at least one of the body.
    var index = start
    var end: Int?
    while index < text.count {
      let (sets, length) = text.sets(at: index)
      guard sets.contains(.urlBody) else { break }
      if index > start, sets.contains(.urlEnd) { end = index + length }
      index += length
    }
    guard index < text.count, text[index] == UInt8(ascii: "(") else { return end }
    fill(from: start, in: text)
    return answer(start)
  }

  private func answer(_ start: Int) -> Int? {
    let end = first[start - base]
    return end == Self.none ? nil : base + Int(end)
  }

  private mutating func fill(from start: Int, in text: Bytes) {
    var end = start
    while end < text.count {
      let (sets, length) = text.sets(at: end)
      if sets.contains(.space) { break }
      end += length
    }
    base = start
    known = start..<end
    first = Array(repeating: Self.none, count: end - start + 1)
    after = first

    var parentheses = NextParentheses()
    var closing = NextTwo()  // ) in general
    var goodClosing = NextTwo()  // ) after which `after` succeeds
    var index = end
    while index > start {
      var offset = index - 1
      while text[offset] & 0xc0 == 0x80 { offset -= 1 }
      let here = offset - base
      let next = index - base
      if text[offset] == UInt8(ascii: "(") {
        let balanced = parentheses.balancedEnd()
        if let balanced, after[balanced - base] != Self.none {
          first[here] = after[balanced - base]
        } else if let close = goodClosing.beyond(index) {
          first[here] = after[close + 1 - base]
        }
        if first[here] != Self.none {
          after[here] = first[here]
        } else if let exit = balanced ?? closing.beyond(index).map({ $0 + 1 }) {
          after[here] = Int32(exit - base)
        }
        parentheses.add(offset, isOpening: true)
      } else if text[offset] == UInt8(ascii: ")") {
        closing.add(offset)
        if after[next] != Self.none { goodClosing.add(offset) }
        parentheses.add(offset, isOpening: false)
      } else {
        let sets = text.sets(at: offset).sets
        if sets.contains(.urlBody) {
          first[here] = after[next]
          after[here] = after[next] == Self.none && sets.contains(.urlEnd) ? Int32(next) : after[next]
        }
      }
      index = offset
    }
  }

  /// The nearest three parentheses to the right, for `\( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \)`.
  private struct NextParentheses {
    private var offsets = (-1, -1, -1)
    private var opening = (false, false, false)

    mutating func add(_ offset: Int, isOpening: Bool) {
      offsets = (offset, offsets.0, offsets.1)
      opening = (isOpening, opening.0, opening.1)
    }

    /// Where the balanced pair ends whose outer `(` goes before the three.
    func balancedEnd() -> Int? {
      guard offsets.2 >= 0, opening == (true, false, false), offsets.1 > offsets.0 + 1 else { return nil }
      return offsets.2 + 1
    }
  }

  /// The nearest two offsets of a kind to the right.
  private struct NextTwo {
    private var nearest = -1
    private var second = -1

    mutating func add(_ offset: Int) { (nearest, second) = (offset, nearest) }

    /// The nearest one beyond `index`: at least one character stands between a `(` and its `)`.
    func beyond(_ index: Int) -> Int? {
      let offset = nearest > index ? nearest : second
      return offset > index ? offset : nil
    }
  }
}
