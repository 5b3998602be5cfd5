/// The beginnings of what follows the positions of words, as a tree: below each stand the longer ones that begin with it.
/// The frequent ones come first, the rarer ones when they are asked for.
///
/// Of the beginnings with which the same positions go on the tree has the longest. The shorter ones are never pieces: the
/// longest takes all of their counts. Nor are those that would be rare if every position counted.
///
/// The positions are divided by one character after the other; memory is that of the positions. The time is at most
/// proportional to the positions and the longest piece.
struct PieceTree {
  /// A beginning: the one below which it stands (-1 for a single character), and its number of characters.
  struct Node {
    let parent: Int32, length: Int32
    /// Where it stands among the symbols; of a single character its number.
    let position: Int
  }

  /// What stands behind every word.
  static let end: Int32 = -1

  /// Single characters by their numbers, then the others, each behind its parent.
  private(set) var nodes: [Node]
  /// For each position the longest node that begins there.
  private(set) var longestNodes: [Int32]
  /// For each node how often it is the longest.
  private(set) var counts: [Int]
  /// All beginnings of two characters and more that occur so often are there.
  private(set) var minimum = Int.max

  /// A position: how often its word occurs, and the symbol behind the longest node that begins there.
  private struct Start {
    let position: UInt32
    var next: Int32
    let count: Int
  }

  /// The positions that go on with one character: how many, how often all of them occur, and where the next is put.
  private struct Bin {
    var positions = 0, count = 0, place = 0
  }

  private let symbols: [Int32]
  private let longest: Int
  private var starts: [Start] = []
  private var moved: [Start]
  /// For each node where the positions stand whose longest it is; some are left out whose words end there.
  private var ranges: [Range<Int>]
  /// A bin for every character, all of them empty but while positions are divided; and which are not.
  private var bins: [Bin]
  private var filled: [Int] = []

  /// The single characters.
  /// - Parameter longest: The most characters of beginnings.
  init(_ words: EscapedWords, longest: Int) {
    (symbols, self.longest) = (words.symbols, longest)
    let characters = words.characters.count
    nodes = (0..<characters).map { Node(parent: -1, length: 1, position: $0) }
    longestNodes = symbols
    counts = [Int](repeating: 0, count: characters)
    ranges = [Range<Int>](repeating: 0..<0, count: characters)
    bins = [Bin](repeating: Bin(), count: characters)
    for word in words.words {
      for position in word.symbols {
        starts.append(Start(position: UInt32(position), next: symbols[position], count: word.count))
      }
    }
    moved = starts
    for group in groups(of: 0..<starts.count, minimum: 1).groups {
      let symbol = Int(starts[group.range.lowerBound].next)
      (counts[symbol], ranges[symbol]) = (group.count, group.range)
      _ = goOnAlike(group.range, behind: 1)
    }
  }

  /// Adds the beginnings that occur `minimum` times, 1 or more.
  mutating func grow(to minimum: Int) {
    for node in nodes.indices where counts[node] >= minimum { divide(node, minimum) }
    self.minimum = minimum
  }

  /// Adds nodes below one.
  private mutating func divide(_ node: Int, _ minimum: Int) {
    guard nodes[node].length < longest else { return }
    let (groups, rest) = groups(of: ranges[node], minimum: minimum)
    ranges[node] = rest
    for (range, count) in groups {
      let child = nodes.count
      var length = Int(nodes[node].length) + 1
      while goOnAlike(range, behind: length), length < longest { length += 1 }
      nodes.append(
        Node(parent: Int32(node), length: Int32(length), position: Int(starts[range.lowerBound].position)))
      ranges.append(range)
      counts.append(count)
      counts[node] -= count
      for index in range { longestNodes[Int(starts[index].position)] = Int32(child) }
      divide(child, minimum)
    }
  }

  /// Looks up what stands behind `length` characters at the positions of a range. Returns whether it is one character.
  private mutating func goOnAlike(_ range: Range<Int>, behind length: Int) -> Bool {
    let first = symbols[Int(starts[range.lowerBound].position) + length]
    var areAlike = first != Self.end
    for index in range {
      starts[index].next = symbols[Int(starts[index].position) + length]
      areAlike = areAlike && starts[index].next == first
    }
    return areAlike
  }

  /// Puts positions of a range that go on with the same character together and gives where they stand, and how often they
  /// occur: those of `minimum` occurrences. Behind them stands the rest without those whose word has ended, or the
  /// whole range where no character is so frequent.
  private mutating func groups(
    of range: Range<Int>, minimum: Int
  ) -> (groups: [(range: Range<Int>, count: Int)], rest: Range<Int>) {
    for index in range where starts[index].next != Self.end {
      let symbol = Int(starts[index].next)
      if bins[symbol].positions == 0 { filled.append(symbol) }
      bins[symbol].positions += 1
      bins[symbol].count += starts[index].count
    }
    defer {
      for symbol in filled { bins[symbol] = Bin() }
      filled.removeAll(keepingCapacity: true)
    }
    var groups: [(range: Range<Int>, count: Int)] = []
    var end = range.lowerBound
    for symbol in filled where bins[symbol].count >= minimum {
      bins[symbol].place = end
      groups.append((end..<end + bins[symbol].positions, bins[symbol].count))
      end += bins[symbol].positions
    }
    guard !groups.isEmpty else { return ([], range) }
    let rest = end
    for index in range where starts[index].next != Self.end {
      let symbol = Int(starts[index].next)
      if bins[symbol].count >= minimum {
        moved[bins[symbol].place] = starts[index]
        bins[symbol].place += 1
      } else {
        moved[end] = starts[index]
        end += 1
      }
    }
    for index in range.lowerBound..<end { starts[index] = moved[index] }
    return (groups, rest..<end)
  }

  /// The symbols of a node.
  func symbols(of node: Int) -> ArraySlice<Int32> {
    let beginning = nodes[node]
    guard beginning.parent >= 0 else { return [Int32(node)] }
    return symbols[beginning.position..<beginning.position + Int(beginning.length)]
  }
}
