/// Looks for the least count of a piece that gives a vocabulary of about some size.
///
/// All rounds for all counts share a tree of what can be a piece. They know for each place of a word where in the tree it
/// is, so that no piece is looked up, and no piece of a word hashed.
///
/// Source: Tensor2Tensor's `build_to_target_size`.
struct SubwordSearch {
  /// Pieces, and how often they occur.
  typealias Pieces = [(count: Int, text: [UInt8])]

  /// What a round finds out about a node: how often it occurs where pieces begin, and the number of characters of the
  /// longest piece that it begins with.
  private struct State {
    var count = 0
    var longest: Int32 = 0
  }

  private let words: EscapedWords
  private let target: Int, others: Int
  private var tree: PieceTree
  private var states: [State] = []
  /// How often longer pieces go on with a node.
  private var taken: [Int] = []

  /// - Parameters:
  ///   - target: The size of the vocabulary.
  ///   - others: How many entries of it are no pieces of the words.
  ///   - longest: The most characters of a piece.
  init(_ words: EscapedWords, target: Int, others: Int, longest: Int) {
    (self.words, self.target, self.others) = (words, target, others)
    tree = PieceTree(words, longest: longest)
  }

  /// The pieces of the vocabulary whose size is nearest to the target of those that bisection of the least count tries.
  mutating func pieces(_ low: Int = 1, _ high: Int = 1000) -> Pieces {
    let middle = (low + high) / 2
    let pieces = pieces(minimum: middle)
    // 1% is near enough.
    if distance(pieces) <= (target - 1) / 100 || low >= high || middle < 2 { return pieces }
    let other =
      pieces.count + others > target ? self.pieces(middle + 1, high) : self.pieces(low, middle - 1)
    return distance(other) < distance(pieces) ? other : pieces
  }

  private func distance(_ pieces: Pieces) -> Int { abs(pieces.count + others - target) }

  /// The pieces that occur at least so often, and all single characters: in four rounds, the words are cut up into the
  /// pieces so far, characters at first; all beginnings of the pieces and what follows are counted; and the frequent
  /// ones kept, the longest first, which take their counts from their own beginnings.
  private mutating func pieces(minimum: Int) -> Pieces {
    if minimum < tree.minimum { tree.grow(to: minimum) }
    states = tree.counts.map { State(count: $0) }
    choose(minimum)
    for _ in 1..<4 {
      count()
      choose(minimum)
    }
    return states.indices.filter { states[$0].longest == tree.nodes[$0].length }.map { node in
      (states[node].count - taken[node], words.text(of: tree.symbols(of: node)))
    }
  }

  /// Counts where the pieces of the words begin.
  private mutating func count() {
    for node in states.indices { states[node].count = 0 }
    for word in words.words {
      var position = word.symbols.lowerBound
      while position < word.symbols.upperBound {
        let node = Int(tree.longestNodes[position])
        states[node].count += word.count
        position += Int(states[node].longest)
      }
    }
  }

  /// Adds the counts up and chooses pieces.
  private mutating func choose(_ minimum: Int) {
    taken = [Int](repeating: 0, count: states.count)
    for (node, beginning) in tree.nodes.enumerated().reversed() {
      let count = states[node].count
      let isPiece = beginning.parent < 0 || count - taken[node] >= minimum
      states[node].longest = isPiece ? beginning.length : 0
      guard beginning.parent >= 0 else { continue }
      states[Int(beginning.parent)].count += count
      taken[Int(beginning.parent)] += isPiece ? count : taken[node]
    }
    for (node, beginning) in tree.nodes.enumerated() where states[node].longest == 0 {
      states[node].longest = states[Int(beginning.parent)].longest
    }
  }
}
