/// Counts the beginnings of what follows some places of words, and keeps the frequent ones: the longest first, which take their
/// counts from their own beginnings.
///
/// The places are divided by one character after the other, so that only beginnings that are frequent enough are looked at and
/// memory is that of the places. The time is proportional to the places and the longest piece.
struct PieceCounts {
  /// A piece: where it stands among the symbols.
  struct Piece {
    let count: Int
    let symbols: Range<Int>
  }

  private struct Start {
    let place: Int, end: Int, count: Int
  }

  /// The words one after the other, as the numbers of their characters.
  private(set) var symbols: [Int32] = []
  private var starts: [Start] = []
  private var moved: [Start] = []
  private let minimum: Int, longest: Int, alphabetSize: Int

  /// The kept pieces of two characters and more.
  private(set) var pieces: [Piece] = []
  /// The counts of single characters, by their numbers.
  private(set) var counts: [Int]

  /// Keeps pieces that occur `minimum` times, 1 or more, and have at most `longest` characters.
  init(minimum: Int, longest: Int, alphabetSize: Int) {
    self.minimum = minimum
    self.longest = longest
    self.alphabetSize = alphabetSize
    counts = [Int](repeating: 0, count: alphabetSize)
  }

  /// Adds a word that occurs `count` times, and the places in it at which pieces begin.
  mutating func add(_ word: [Int32], starts places: [Int], count: Int) {
    let first = symbols.count
    symbols += word
    for place in places { starts.append(Start(place: first + place, end: symbols.count, count: count)) }
  }

  /// Counts and chooses.
  mutating func choose() {
    moved = starts
    guard !starts.isEmpty else { return }
    divide(0..<starts.count, depth: 0)
  }

  /// Divides the places of a range, at which the same `depth` characters stand, by the next one. Returns the sum of the counts of
  /// the pieces kept.
  @discardableResult
  private mutating func divide(_ range: Range<Int>, depth: Int) -> Int {
    let raw = starts[range].reduce(0) { $0 + $1.count }
    guard depth < 2 || raw >= minimum else { return 0 }
    if depth > 0, range.count == 1, raw >= minimum {
      // What follows occurs nowhere else: the longest piece takes all.
      let start = starts[range.lowerBound]
      let length = min(start.end - start.place, longest)
      keep(start, length, raw)
      return raw
    }
    var kept = 0
    if depth < longest {
      for group in groups(of: range, depth) { kept += divide(group, depth: depth + 1) }
    }
    let own = raw - kept
    if depth == 1 { keep(starts[range.lowerBound], 1, own) }
    guard depth > 0, own >= minimum else { return kept }
    if depth > 1 { keep(starts[range.lowerBound], depth, own) }
    return raw
  }

  private mutating func keep(_ start: Start, _ length: Int, _ count: Int) {
    if length == 1 {
      counts[Int(symbols[start.place])] = count
    } else {
      pieces.append(Piece(count: count, symbols: start.place..<start.place + length))
    }
  }

  /// Puts the places of a range in the order of the characters behind the first `depth` ones. Returns where places with the same
  /// one stand; those whose word has ended are in no group.
  private mutating func groups(of range: Range<Int>, _ depth: Int) -> [Range<Int>] {
    let (symbols, alphabetSize) = (symbols, alphabetSize)
    func symbol(_ start: Start) -> Int {
      start.place + depth < start.end ? Int(symbols[start.place + depth]) : alphabetSize
    }
    let first = symbol(starts[range.lowerBound])
    if starts[range].allSatisfy({ symbol($0) == first }) { return first == alphabetSize ? [] : [range] }
    if range.count < alphabetSize {
      starts[range].sort { symbol($0) < symbol($1) }
    } else {
      // By counting: a place for every character.
      var ends = [Int](repeating: 0, count: alphabetSize + 1)
      for start in starts[range] { ends[symbol(start)] += 1 }
      var next = range.lowerBound
      for index in ends.indices { (ends[index], next) = (next, next + ends[index]) }
      for start in starts[range] {
        moved[ends[symbol(start)]] = start
        ends[symbol(start)] += 1
      }
      starts.replaceSubrange(range, with: moved[range])
    }
    var groups: [Range<Int>] = []
    var begin = range.lowerBound
    for index in range where index + 1 == range.upperBound || symbol(starts[index + 1]) != symbol(starts[index]) {
      if symbol(starts[index]) < alphabetSize { groups.append(begin..<index + 1) }
      begin = index + 1
    }
    return groups
  }
}
