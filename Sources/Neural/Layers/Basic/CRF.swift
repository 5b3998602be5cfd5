import CKernels
import Glibc
import Random

/// A conditional random field over the tags of a sequence, as the Markov chain that it is: log probabilities of every
/// tag given the one before and the whole sequence.
///
///     x            [batch, time, tags]        scores of the tags at every step
///     mask         [batch, time]              in the masked form alone: 1 for what counts, 0 for padding
///     transitions  [tags, tags]               scores of the step from a tag (row) to a tag
///     start, end   [tags]                     scores of the first tag, and of the last
///     y            [batch, time, tags, tags]  y[b, t, i, j] = log p(tag_t = j | tag_t−1 = i, x)
///
/// A sequence's score is the sum of its scores; e to its power is in proportion to the probability. What the steps
/// behind step t can add to a tag there is β, from the end on,
///
///     β_T[j]      =  end[j]
///     s_t[i, j]   =  transitions[i, j] + x_t[j] + β_t[j]        start[j] in place of a transition in the first step
///     β_t−1[i]    =  log Σ_j exp s_t[i, j]
///     y_t[i, j]   =  s_t[i, j] − β_t−1[i]
///
/// so that Σ_t y[t, tag_t−1, tag_t] is the logarithm of the probability of all tags: `CrossEntropyLoss` picks these
/// numbers, and makes a CRF's likelihood of them. β is moved by a number at every step, which changes no y, so that it
/// does not grow with the sequence. Back, from the first step on, with p = exp y:
///
///     ds_t[i, j]  =  dy_t[i, j] + p_t[i, j] (dβ_t−1[i] − Σ_k dy_t[i, k])
///     dβ_t[j]     =  dx_t[j]  =  Σ_i ds_t[i, j]
///
/// The first step has no tag before it, so all i have the same y. `CRF` takes x alone, for rows of one length;
/// `MaskedCRF` takes x and the mask, and at padding gives the same for all tags. Weights start with uniform numbers
/// within 0.1 of 0. Source: J. Lafferty et al., Conditional Random Fields, 2001; for the weights, pytorch-crf.
public struct CRF: Layer {
  /// Whether a mask says where rows end.
  public let isMasked: Bool
  /// The scores of steps from tag to tag.
  public var transitions = Tensor.empty
  /// The scores of first tags.
  public var start = Tensor.empty
  /// The scores of last tags.
  public var end = Tensor.empty

  /// - Parameter isMasked: Whether a mask comes with the scores.
  public init(isMasked: Bool = false) { self.isMasked = isMasked }

  static let entry = CatalogueEntry<any Layer>(name: CRF().kind) { _ in CRF() }
  static let maskedEntry = CatalogueEntry<any Layer>(name: CRF(isMasked: true).kind) { _ in CRF(isMasked: true) }

  public var kind: String { isMasked ? "MaskedCRF" : "CRF" }
  public var name: String { counted(kind) }
  public var expression: String { kind }
  public var inputCount: Int { isMasked ? 2 : 1 }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs[0].count == 3, inputs[0][2] > 0, inputs.dropFirst().allSatisfy({ $0 == Array(inputs[0].prefix(2)) })
    else {
      throw LayerError("\(name) takes [batch, time, tags]\(isMasked ? " and [batch, time]" : ""), not \(inputs)")
    }
    let tags = inputs[0][2]
    return try LayerPlan(
      name, outputs: [inputs[0] + [tags]],
      weights: [("transitions", [tags, tags]), ("start", [tags]), ("end", [tags])],
      logProbabilities: .chain, mixesTime: true)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    let shapes = try plan(inputs).weights.map(\.shape)
    let weights = zip(shapes, key.split(3)).map { randomUniform(0.1)($0, $1) }
    (transitions, start, end) = (weights[0], weights[1], weights[2])
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let x = inputs[0]
    let (batch, time) = (x.shape[0], x.shape[1])
    let lengths = isMasked ? inputs[1].rowLengths() : [Int](repeating: time, count: batch)
    let y = Tensor(shape: x.shape + [x.depth]) { y in
      inRanges(of: batch, work: time * x.depth * x.depth) { rows in
        for row in rows { fill(y.baseAddress!, row, time, lengths[row], x) }
      }
    }
    return Forward(outputs: [y]) { dys in
      let tags = x.depth
      // The gradients of the weights have a part from every row, added up in their order.
      let parts = [tags * tags, tags, tags].map { Tensor(repeating: 0, shape: [batch, $0]) }
      let dx = Tensor(repeating: 0, shape: x.shape)
      inRanges(of: batch, work: time * tags * tags) { rows in
        for row in rows {
          Self.fill(
            dx.start, (parts[0].start + row * tags * tags, parts[1].start + row * tags, parts[2].start + row * tags),
            row, time, lengths[row], tags, y.start, dys[0].start)
        }
      }
      return Gradients(
        inputs: [dx] + inputs.dropFirst().map { Tensor(repeating: 0, shape: $0.shape) },
        weights: [
          .dense(parts[0].columnSums().reshaped([tags, tags])), .dense(parts[1].columnSums()),
          .dense(parts[2].columnSums()),
        ])
    }
  }

  /// Fills a row of y, from its last step to the first.
  private func fill(_ y: UnsafeMutablePointer<Float>, _ row: Int, _ time: Int, _ length: Int, _ x: Tensor) {
    let (tags, square) = (x.depth, x.depth * x.depth)
    (y + (row * time + length) * square).update(repeating: -logf(Float(tags)), count: (time - length) * square)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * tags) { buffer in
      let (beta, scores, powers) = (buffer.baseAddress!, buffer.baseAddress! + tags, buffer.baseAddress! + 2 * tags)
      beta.update(from: end.start, count: tags)
      for step in (0..<length).reversed() {
        let (x, y) = (x.start + (row * time + step) * tags, y + (row * time + step) * square)
        for tag in 0..<tags { scores[tag] = x[tag] + beta[tag] }
        for before in 0..<(step == 0 ? 1 : tags) {
          let (weights, y) = (step == 0 ? start.start : transitions.start + before * tags, y + before * tags)
          for tag in 0..<tags { y[tag] = weights[tag] + scores[tag] }
          let largest = UnsafeBufferPointer(start: y, count: tags).max()!
          kernel_exp(powers, y, largest, tags)
          let logSum = logf(UnsafeBufferPointer(start: powers, count: tags).reduce(0, +))
          for tag in 0..<tags { y[tag] = y[tag] - largest - logSum }
          beta[before] = largest + logSum
        }
        if step == 0 {
          for before in 1..<tags { (y + before * tags).update(from: y, count: tags) }
        } else {
          let largest = UnsafeBufferPointer(start: beta, count: tags).max()!
          for tag in 0..<tags { beta[tag] -= largest }
        }
      }
    }
  }

  /// Fills a row of dx and of the weights' gradients, from the first step to the last.
  private static func fill(
    _ dx: UnsafeMutablePointer<Float>,
    _ parts: (
      transitions: UnsafeMutablePointer<Float>, start: UnsafeMutablePointer<Float>, end: UnsafeMutablePointer<Float>
    ),
    _ row: Int, _ time: Int, _ length: Int, _ tags: Int, _ y: UnsafePointer<Float>, _ dy: UnsafePointer<Float>
  ) {
    let square = tags * tags
    withUnsafeTemporaryAllocation(of: Float.self, capacity: square) { buffer in
      let p = buffer.baseAddress!
      for step in 0..<length {
        let place = row * time + step
        let (dy, dx) = (dy + place * square, dx + place * tags)
        kernel_exp(p, y + place * square, 0, square)
        for before in 0..<tags {
          let (dy, p) = (dy + before * tags, p + before * tags)
          // What comes to the sum over all tags: less of y, and of what the step before makes of it.
          var dSum = -UnsafeBufferPointer(start: dy, count: tags).reduce(0, +)
          if step > 0 { dSum += dx[before - tags] }
          let dWeights = step == 0 ? parts.start : parts.transitions + before * tags
          for tag in 0..<tags {
            let ds = dy[tag] + p[tag] * dSum
            dWeights[tag] += ds
            dx[tag] += ds
          }
        }
      }
      if length > 0 { parts.end.update(from: dx + (row * time + length - 1) * tags, count: tags) }
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("transitions", &transitions)
    try visit("start", &start)
    try visit("end", &end)
  }
}
