/// Counts the beginnings of what follows some positions of words, and keeps the frequent ones: the longest first, which
/// take their counts from their own beginnings.
///
/// The positions are divided by one character after the other, and only those go on whose beginning is frequent enough;
/// memory is that of the positions. The time is at most proportional to the positions and the longest piece.
struct PieceCounts {
  /// A piece: how often it occurs, and where it stands among the symbols.
  struct Piece {
    let count: Int
    let symbols: Range<Int>
  }

  /// What stands behind every word.
  static let end: Int32 = -1

  private struct Start {
    let position: Int, count: Int
  }

  /// The positions that go on with one character: how many, how often all of them occur, and where the next is put.
  private struct Bin {
    var positions = 0, count = 0, place = 0
  }

  /// The words one after the other, as the numbers of their characters, with `end` behind each.
  let symbols: [Int32]
  private var starts: [Start] = []
  private var moved: [Start] = []
  /// The characters that positions were divided by last.
  private var next: [Int32] = []
  /// A bin for every character, all of them empty but while positions are divided; and which are not.
  private var bins: [Bin]
  private var filled: [Int] = []
  private let minimum: Int, longest: Int

  /// The kept pieces of two characters and more.
  private(set) var pieces: [Piece] = []
  /// The counts of single characters, by their numbers.
  private(set) var counts: [Int]

  /// Keeps pieces that occur `minimum` times, 1 or more, and have at most `longest` characters.
  init(symbols: [Int32], minimum: Int, longest: Int, alphabetSize: Int) {
    self.symbols = symbols
    self.minimum = minimum
    self.longest = longest
    bins = [Bin](repeating: Bin(), count: alphabetSize)
    counts = [Int](repeating: 0, count: alphabetSize)
  }

  /// Adds a position at which a piece begins, in a word that occurs `count` times.
  mutating func add(_ position: Int, count: Int) { starts.append(Start(position: position, count: count)) }

  /// Counts and chooses.
  mutating func choose() {
    moved = starts
    next = [Int32](repeating: Self.end, count: starts.count)
    for group in groups(of: 0..<starts.count, depth: 0, minimum: 0) {
      let symbol = Int(symbols[starts[group.range.lowerBound].position])
      counts[symbol] = group.count - divide(group.range, depth: 1)
    }
  }

  /// Keeps pieces longer than `depth` characters, which are the same at all positions of a range. Returns the sum of
  /// their counts.
  private mutating func divide(_ range: Range<Int>, depth: Int) -> Int {
    var kept = 0
    guard depth < longest else { return 0 }
    for group in groups(of: range, depth: depth, minimum: minimum) {
      let position = starts[group.range.lowerBound].position
      // What follows a position of its own occurs nowhere else: the longest piece takes all.
      let isAlone = group.range.count == 1
      let length = isAlone ? symbols[position...].prefix(longest).prefix { $0 != Self.end }.count : depth + 1
      let taken = isAlone ? 0 : divide(group.range, depth: depth + 1)
      let own = group.count - taken
      if own >= minimum {
        pieces.append(Piece(count: own, symbols: position..<position + length))
        kept += own
      }
      kept += taken
    }
    return kept
  }

  /// Puts positions of a range with the same character behind the first `depth` ones together, at its beginning, and
  /// gives where they stand and how often they occur: those of `minimum` occurrences. The others, and those whose word
  /// has ended, are not in the range any more.
  private mutating func groups(
    of range: Range<Int>, depth: Int, minimum: Int
  ) -> [(range: Range<Int>, count: Int)] {
    for index in range {
      let symbol = symbols[starts[index].position + depth]
      next[index] = symbol
      guard symbol != Self.end else { continue }
      if bins[Int(symbol)].positions == 0 { filled.append(Int(symbol)) }
      bins[Int(symbol)].positions += 1
      bins[Int(symbol)].count += starts[index].count
    }
    var groups: [(range: Range<Int>, count: Int)] = []
    var place = range.lowerBound
    for symbol in filled where bins[symbol].count >= minimum {
      bins[symbol].place = place
      groups.append((place..<place + bins[symbol].positions, bins[symbol].count))
      place += bins[symbol].positions
    }
    // Often all words go on alike.
    if place > range.lowerBound, groups[0].range.count < range.count {
      for index in range {
        let symbol = Int(next[index])
        guard symbol >= 0, bins[symbol].count >= minimum else { continue }
        moved[bins[symbol].place] = starts[index]
        bins[symbol].place += 1
      }
      for index in range.lowerBound..<place { starts[index] = moved[index] }
    }
    for symbol in filled { bins[symbol] = Bin() }
    filled.removeAll(keepingCapacity: true)
    return groups
  }
}
