/// A model's log probabilities of the tags of one sequence, of every step alone or given the tag before.
struct TagOutputs: Sendable {
  /// The number of steps, and of tags.
  let length: Int, count: Int
  private let y: Tensor
  private let first: Int
  /// Whether each step has a row for every tag before.
  private let isChain: Bool

  init(_ y: Tensor, row: Int, length: Int?) {
    precondition(y.shape.count == 3 || y.shape.count == 4, "outputs of shape \(y.shape) are not of tags")
    let (time, step) = (y.shape[1], y.shape[2...].reduce(1, *))
    (self.y, self.length, count, isChain) = (y, length ?? time, y.depth, y.shape.count == 4)
    precondition(!isChain || y.shape[2] == count, "outputs of shape \(y.shape) are no chain")
    precondition(0..<y.shape[0] ~= row && 0...time ~= self.length, "outputs of shape \(y.shape) have no such row")
    first = row * time * step
  }

  /// The logarithm of the probability of a tag at a step. The first step has none before; it is the same for all.
  @inline(__always)
  func log(_ step: Int, _ tag: Int, after before: Int?) -> Double {
    y.withValues { Double($0[start(step, after: before ?? 0) + tag]) }
  }

  /// Where the probabilities of a step, given the tag before, begin.
  @inline(__always)
  private func start(_ step: Int, after before: Int) -> Int {
    first + (isChain ? step * count + before : step) * count
  }

  /// The most probable tags among those that keep the rules, by Viterbi's algorithm; of equals those of the lower
  /// numbers from the last step on.
  func best(rules: TagRules? = nil) -> [Int] {
    guard length > 0 else { return [] }
    var scores = [Double](repeating: -.infinity, count: count)
    var froms = [Int32](repeating: 0, count: length * count)
    y.withValues { y in
      for tag in 0..<count where rules?.permit(tag, after: nil) ?? true {
        scores[tag] = Double(y[start(0, after: 0) + tag])
      }
      for step in 1..<max(length, 1) {
        var next = [Double](repeating: -.infinity, count: count)
        for before in 0..<count where scores[before] > -.infinity {
          let start = start(step, after: before)
          for tag in 0..<count where rules?.permit(tag, after: before) ?? true {
            let score = scores[before] + Double(y[start + tag])
            guard score > next[tag] else { continue }
            next[tag] = score
            froms[step * count + tag] = Int32(before)
          }
        }
        scores = next
      }
    }
    var tags = [Int](repeating: 0, count: length)
    tags[length - 1] = scores.indices.max { scores[$0] < scores[$1] }!
    for step in stride(from: length - 1, to: 0, by: -1) { tags[step - 1] = Int(froms[step * count + tags[step]]) }
    return tags
  }
}
