/// What follows `https://` or `example.com/` in a URL:
///
///     (?: body+ | \( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \) | \( [^\s]+? \) )+     the loop
///     (?: \( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \) | \( [^\s]+? \) | end )       the exit
///
/// with `body` any character but white space and ``()<>{}[]``, and `end` any but white space and the punctuation
/// that usually ends a sentence. From NLTK 3.10 on at most 255 characters stand between two parentheses. A backtracking
/// engine takes the first way through that works: as long a loop as it can, and of the ends of a parenthesis the nearest.
/// Both are functions of the offset alone, so they are worked out once, from the right to the left, over the stretch up
/// to the next white space:
///
///     first(i)   where the match ends when the loop takes its first round at i
///     after(i)   the same when it has had a round: one more round, or else the exit at i
struct URLTail {
  private let longestParenthesis: Int
  private var base = 0
  private var known = 0..<0
  private var first: [Int32] = []
  private var after: [Int32] = []
  private static let none: Int32 = -1

  /// - Parameter longestParenthesis: How many characters may stand between two parentheses.
  init(longestParenthesis: Int) { self.longestParenthesis = longestParenthesis }

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

    var parentheses = NextParentheses(longest: longestParenthesis)
    var closing = NextTwo(longest: longestParenthesis)  // ) in general
    var goodClosing = NextTwo(longest: longestParenthesis)  // ) after which `after` succeeds
    var index = end
    var number = 0  // of the character, counted from the right
    while index > start {
      var offset = index - 1
      while text[offset] & 0xc0 == 0x80 { offset -= 1 }
      number += 1
      let here = offset - base
      let next = index - base
      if text[offset] == UInt8(ascii: "(") {
        let balanced = parentheses.balancedEnd(before: number)
        if let balanced, after[balanced - base] != Self.none {
          first[here] = after[balanced - base]
        } else if let close = goodClosing.beyond(number) {
          first[here] = after[close + 1 - base]
        }
        if first[here] != Self.none {
          after[here] = first[here]
        } else if let exit = balanced ?? closing.beyond(number).map({ $0 + 1 }) {
          after[here] = Int32(exit - base)
        }
        parentheses.add(Mark(offset, number), isOpening: true)
      } else if text[offset] == UInt8(ascii: ")") {
        closing.add(Mark(offset, number))
        if after[next] != Self.none { goodClosing.add(Mark(offset, number)) }
        parentheses.add(Mark(offset, number), isOpening: false)
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

  /// Where a parenthesis stands, and the number of its character, counted from the right.
  private struct Mark {
    var offset: Int, number: Int
    init(_ offset: Int, _ number: Int) { (self.offset, self.number) = (offset, number) }
  }

  /// The nearest three parentheses to the right, for `\( [^\s()]*? \( [^\s()]+ \) [^\s()]*? \)`.
  private struct NextParentheses {
    let longest: Int
    private var marks = (Mark(-1, 0), Mark(-1, 0), Mark(-1, 0))
    private var opening = (false, false, false)

    init(longest: Int) { self.longest = longest }

    mutating func add(_ mark: Mark, isOpening: Bool) {
      marks = (mark, marks.0, marks.1)
      opening = (isOpening, opening.0, opening.1)
    }

    /// Where the balanced pair ends whose outer `(`, the character of this number, goes before the three.
    func balancedEnd(before number: Int) -> Int? {
      let inside = marks.0.number - marks.1.number - 1
      guard marks.2.offset >= 0, opening == (true, false, false), 1...longest ~= inside,
        number - marks.0.number - 1 <= longest, marks.1.number - marks.2.number - 1 <= longest
      else { return nil }
      return marks.2.offset + 1
    }
  }

  /// The nearest two offsets of a kind to the right.
  private struct NextTwo {
    let longest: Int
    private var nearest = Mark(-1, 0)
    private var second = Mark(-1, 0)

    init(longest: Int) { self.longest = longest }

    mutating func add(_ mark: Mark) { (nearest, second) = (mark, nearest) }

    /// The nearest one behind the `(` of this number with at least one character in between, unless it is too far.
    func beyond(_ number: Int) -> Int? {
      let mark = number - nearest.number > 1 ? nearest : second
      return mark.offset >= 0 && number - mark.number - 1 <= longest ? mark.offset : nil
    }
  }
}
