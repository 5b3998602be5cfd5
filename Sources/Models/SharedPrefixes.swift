import Batches
import Neural
import Text

/// Texts that go through a language model side by side, with what several of them begin with going through it once.
///
/// The texts go in pieces. After each piece stands a node for every beginning that at least one text has and goes on
/// from, with the state that the model has there; the next pieces of the texts go on from these states. Texts that have
/// ended leave no row behind, and all rows of a batch have pieces of about one length, so that little is padding.
struct SharedPrefixes {
  /// Texts with a common beginning: a range of `order`, and the row of the states behind it.
  private struct Node {
    var texts: Range<Int>
    var state: Int
  }

  private let texts: [[Int]]
  /// The indices of the texts in the order of their ids, so that those with a common beginning stand together.
  private let order: [Int]
  /// The most rows of a batch, in tiles of the product of matrices; and the most ids, those of padding among them.
  private let mostRows: Int, mostIDs: Int
  /// The log probability of every id of each text so far.
  private var logProbabilities: [[Float]]

  /// Ids that go through the model, and the texts that have them next.
  private typealias Piece = (node: Node, ids: ArraySlice<Int>)

  /// What a batch of pieces gave: the log probabilities of each piece's ids, and the states behind each.
  private typealias Pass = (logProbabilities: [[Float]], states: [Tensor])

  /// The log probability of every id of some texts, given those before it.
  static func logProbabilities(of texts: [[Int]], _ model: LanguageModel) -> [[Float]] {
    // A thirty-second of the largest pass has a quarter of a gigabyte, which the threads share.
    let most = model.signature.idsAtOnce
    var shared = SharedPrefixes(texts, mostIDs: min(4096, max(most / 32 / matrixThreads, min(most, 256))))
    shared.run(through: model)
    return shared.logProbabilities
  }

  private init(_ texts: [[Int]], mostIDs: Int) {
    self.texts = texts
    self.mostIDs = mostIDs
    mostRows = min(504, mostIDs)
    order = texts.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    logProbabilities = texts.map { _ in [] }
  }

  private mutating func run(through model: LanguageModel) {
    var (start, states) = (0, [Tensor]())
    var nodes = [Node(texts: order.prefix { texts[$0].isEmpty }.endIndex..<order.count, state: 0)]
    while !nodes.isEmpty {
      // Beginnings part soon or never.
      var steps = min(max(start, 1), steps(ofRows: nodes.count))
      var pieces = nodes.flatMap { self.pieces(behind: $0, start..<start + steps) }
      if steps > self.steps(ofRows: pieces.count) {
        steps = self.steps(ofRows: pieces.count)
        pieces = nodes.flatMap { self.pieces(behind: $0, start..<start + steps) }
      }
      pieces.sort { ($0.ids.count, $0.node.texts.lowerBound) < ($1.ids.count, $1.node.texts.lowerBound) }
      nodes.removeAll(keepingCapacity: true)
      var newStates: [[Tensor]] = []
      let batches = batches(of: pieces)
      for (batch, pass) in zip(batches, passes(batches, through: model, from: start > 0 ? states : nil)) {
        var rows: [Int] = []
        for (row, (piece, values)) in zip(batch, pass.logProbabilities).enumerated() {
          for position in piece.node.texts { logProbabilities[order[position]] += values }
          let ended = order[piece.node.texts].prefix { texts[$0].count == start + piece.ids.count }
          guard ended.endIndex < piece.node.texts.upperBound else { continue }
          nodes.append(Node(texts: ended.endIndex..<piece.node.texts.upperBound, state: nodes.count))
          rows.append(row)
        }
        if !rows.isEmpty { newStates.append(pass.states.map { $0.selecting(rows: rows) }) }
      }
      states = (newStates.first ?? []).indices.map { index in
        Tensor.concatenate(newStates.map { $0[index] }, axis: 0)
      }
      start += steps
    }
  }

  /// Pieces in batches of about one size, as many as keep all threads busy, but none of so few rows that products would
  /// take longer than on all threads together.
  private func batches(of pieces: [Piece]) -> [ArraySlice<Piece>] {
    let (fewest, threads) = (48, matrixThreads)
    let full = (pieces.count + mostRows - 1) / mostRows
    let count = min((full + threads - 1) / threads * threads, max(full, pieces.count / fewest))
    return (0..<count).map { pieces[pieces.count * $0 / count..<pieces.count * ($0 + 1) / count] }
  }

  /// What batches give that go through the model side by side, each from its rows of the states, or from the start.
  private func passes(
    _ batches: [ArraySlice<Piece>], through model: LanguageModel, from states: [Tensor]?
  ) -> [Pass] {
    var passes = [Pass?](repeating: nil, count: batches.count)
    passes.withUnsafeMutableBufferPointer { passes in
      inChunks(batches.count) { index in
        let batch = batches[index]
        var model = model
        if let states { model.carry(states, rows: batch.map(\.node.state)) }
        let y = model.logProbabilities(of: inputs(batch.map(\.ids)), continues: states != nil)
        let length = y.shape[1]
        let values = batch.enumerated().map { row, piece in
          piece.ids.enumerated().map { y.value(row: row * length + $0, column: $1) ?? .nan }
        }
        passes[index] = (values, model.carried)
      }
    }
    return passes.map { $0! }
  }

  /// The most steps that so many beginnings go on together.
  private func steps(ofRows count: Int) -> Int { min(max(mostIDs / min(max(count, 1), mostRows), 1), 256) }

  /// The different pieces that texts with a common beginning have next, in the order of their ids.
  private func pieces(behind node: Node, _ steps: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    for position in node.texts {
      let ids = texts[order[position]][steps.clamped(to: 0..<texts[order[position]].count)]
      if let last = pieces.indices.last, pieces[last].ids == ids {
        pieces[last].node.texts = pieces[last].node.texts.lowerBound..<position + 1
      } else {
        pieces.append((Node(texts: position..<position + 1, state: node.state), ids))
      }
    }
    return pieces
  }

  /// A batch of pieces, filled up at their ends.
  private func inputs(_ pieces: [ArraySlice<Int>]) -> Tensor {
    let length = pieces.map(\.count).max()!
    return Tensor(shape: [pieces.count, length]) { inputs in
      inputs.update(repeating: Float(Vocabulary.padding))
      for (row, ids) in pieces.enumerated() {
        for (step, id) in ids.enumerated() { inputs[row * length + step] = Float(id) }
      }
    }
  }
}
