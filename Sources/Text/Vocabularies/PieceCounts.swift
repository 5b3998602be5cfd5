/// Counts the beginnings of what follows some positions of words, and keeps the frequent ones: the longest first, which
/// take their counts from their own beginnings.
///
/// The positions are divided by one character after the other, so that only beginnings that are frequent enough are
/// looked at and memory is that of the positions. The time is at most proportional to the positions and the longest
/// piece.
struct PieceCounts {
  /// A piece: how often it occurs, and where it stands among the symbols.
  struct Piece {
    let count: Int
    let symbols: Range<Int>
  }

  private struct Start {
    let position: Int, end: Int, count: Int
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

  /// Adds a word that occurs `count` times, and the positions in it at which pieces begin.
  mutating func add(_ word: [Int32], starts positions: [Int], count: Int) {
    let first = symbols.count
    symbols += word
    for position in positions { starts.append(Start(position: first + position, end: symbols.count, count: count)) }
  }

  /// Counts and chooses.
  mutating func choose() {
    moved = starts
    for group in groups(of: 0..<starts.count, 0) {
      let kept = divide(group, depth: 1)
      counts[Int(symbols[starts[group.lowerBound].position])] = count(of: group) - kept
    }
  }

  private func count(of range: Range<Int>) -> Int {
    var count = 0
    for index in range { count += starts[index].count }
    return count
  }

  /// Keeps pieces longer than `depth` characters, which are the same at all positions of a range. Returns the sum of
  /// their counts.
  private mutating func divide(_ range: Range<Int>, depth: Int) -> Int {
    var kept = 0
    guard depth < longest else { return 0 }
    for group in groups(of: range, depth) {
      let raw = count(of: group)
      guard raw >= minimum else { continue }
      let start = starts[group.lowerBound]
      // What follows a position of its own occurs nowhere else: the longest piece takes all.
      let length = group.count == 1 ? min(start.end - start.position, longest) : depth + 1
      let taken = group.count == 1 ? 0 : divide(group, depth: depth + 1)
      let own = raw - taken
      if own >= minimum {
        pieces.append(Piece(count: own, symbols: start.position..<start.position + length))
        kept += own
      }
      kept += taken
    }
    return kept
  }

  /// The number of the character behind the first `depth` ones of a position; `alphabetSize` when the word has ended.
  private func symbol(_ start: Start, _ depth: Int) -> Int {
    start.position + depth < start.end ? Int(symbols[start.position + depth]) : alphabetSize
  }

  /// Puts the positions of a range in the order of the characters behind the first `depth` ones. Returns where
  /// positions with the same one stand; those whose word has ended are in no group.
  private mutating func groups(of range: Range<Int>, _ depth: Int) -> [Range<Int>] {
    guard !range.isEmpty else { return [] }
    // Often all words go on alike, or end.
    var (ended, common, isCommon) = (range.lowerBound, -1, true)
    for index in range {
      let symbol = symbol(starts[index], depth)
      if symbol == alphabetSize {
        starts.swapAt(index, ended)
        ended += 1
      } else if common != symbol {
        if common >= 0 { isCommon = false }
        common = symbol
      }
    }
    let range = ended..<range.upperBound
    if isCommon { return range.isEmpty ? [] : [range] }
    if range.count < alphabetSize {
      let symbols = symbols
      starts[range].sort { symbols[$0.position + depth] < symbols[$1.position + depth] }
    } else {
      // By counting: one bin for every character.
      var ends = [Int](repeating: 0, count: alphabetSize)
      for index in range { ends[symbol(starts[index], depth)] += 1 }
      var next = range.lowerBound
      for index in ends.indices { (ends[index], next) = (next, next + ends[index]) }
      for index in range {
        let symbol = symbol(starts[index], depth)
        moved[ends[symbol]] = starts[index]
        ends[symbol] += 1
      }
      for index in range { starts[index] = moved[index] }
    }
    var groups: [Range<Int>] = []
    var begin = range.lowerBound
    for index in range
    where index + 1 == range.upperBound || symbol(starts[index + 1], depth) != symbol(starts[index], depth) {
      groups.append(begin..<index + 1)
      begin = index + 1
    }
    return groups
  }
}
