/// The dense gradients of a step, summed over the lanes of this rank, and over the ranks as soon as the last of these
/// lanes has those of a layer: while its backward pass goes on with the layers before.
///
/// Every rank sums layer by layer, from the last to the first, whatever its lanes are.
final class LaneSums: @unchecked Sendable {
  private let exchange: any Exchange
  /// The shapes of the weights that are summed; nil for tables.
  private let shapes: [[Int]?]
  /// Of every lane that has begun, the gradients that it has told of: those of the last weights.
  private var lanes: [[Gradient]] = []
  private var isLastLane = false
  /// The weights of the layers whose sums have not begun.
  private var layers: [Range<Int>]
  private var begun: [(weights: Range<Int>, sum: SharedSum)] = []

  /// - Parameters:
  ///   - exchange: How the ranks hear of each other.
  ///   - layers: The weights of every layer.
  ///   - shapes: The shapes of all weights; nil for tables, of which no sums are made.
  init(_ exchange: any Exchange, layers: [Range<Int>], shapes: [[Int]?]) {
    self.exchange = exchange
    self.layers = layers
    self.shapes = shapes
  }

  /// Begins the next lane.
  func beginLane(isLast: Bool) {
    lanes.append([])
    isLastLane = isLast
  }

  /// Takes gradients of the lane: those of the weights before the ones that it has told of.
  @Sendable func add(_ gradients: [Gradient]) {
    lanes[lanes.count - 1].insert(contentsOf: gradients, at: 0)
    guard isLastLane else { return }
    let first = shapes.count - lanes[lanes.count - 1].count
    while let weights = layers.last, weights.lowerBound >= first {
      layers.removeLast()
      let values = sum(of: weights)
      guard !values.isEmpty else { continue }
      let sum = SharedSum(values)
      exchange.begin(sum)
      begun.append((weights, sum))
    }
  }

  /// The sums over this rank's lanes of the gradients of some weights, one after the other.
  private func sum(of weights: Range<Int>) -> [Float] {
    let count = weights.reduce(0) { $0 + (shapes[$1]?.reduce(1, *) ?? 0) }
    guard count > 0 else { return [] }
    var values: [Float] = []
    values.reserveCapacity(lanes.count * count)
    for gradients in lanes {
      for weight in weights {
        guard let shape = shapes[weight] else { continue }
        let gradient = gradients[weight - shapes.count + gradients.count]
        gradient.dense(shape: shape).withValues { values.append(contentsOf: $0) }
      }
    }
    values.withUnsafeMutableBufferPointer { sumPairwise($0.baseAddress!, lists: lanes.count, count: count) }
    values.removeLast((lanes.count - 1) * count)
    return values
  }

  /// The sums over all lanes, by weight; nil for tables.
  /// - Precondition: All gradients of the last lane are there.
  func finish() -> [Tensor?] {
    var sums = [Tensor?](repeating: nil, count: shapes.count)
    for (weights, sum) in begun {
      exchange.finish(sum)
      var start = 0
      for weight in weights {
        guard let shape = shapes[weight] else { continue }
        let count = shape.reduce(1, *)
        sums[weight] = Tensor(shape: shape) { _ = $0.update(fromContentsOf: sum.values[start..<start + count]) }
        start += count
      }
    }
    return sums
  }
}
