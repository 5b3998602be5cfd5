import Random

/// One step of a gated recurrent unit.
///
///     x          [batch, depth]          h, h'      [batch, units]
///     gates      [depth + units, 2 units]           gatesBias      [2 units]
///     candidate  [depth + units, units]             candidateBias  [units]
///
///     u, r  =  σ([x, h] · gates + gatesBias)
///     c     =  tanh([x, r h] · candidate + candidateBias)
///     h'    =  u h + (1 − u) c
///
/// That is Trax's convention. The convention of the course's NumPy lab has `[h, x]` for `[x, h]` and
/// `h' = u c + (1 − u) h`. It gives h' twice: as output and as the state of the next step.
///
/// The kernels start with uniform numbers up to 0.01, as in Trax, or as `Start` says; the biases with normal ones of
/// deviation 1e-6.
///
/// Source: J. Chung et al., Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling, 2014; Trax
/// `GRUCell`.
public struct GRUCell: RecurrentCell, DeclaredLayer {
  /// Which of two notations of the same unit.
  public enum Convention: String, Sendable, CaseIterable {
    /// Trax's: the input first, and u keeps the old state.
    case trax
    /// The NumPy lab's: the state first, and u takes the new one.
    case lab
  }

  /// The numbers that the kernels start with.
  public enum Start: String, Sendable, CaseIterable {
    /// Trax's: uniform from −0.01 to 0.01. State and gradient are next to nothing at first.
    case trax
    /// An orthogonal matrix for the state of u, of r and of c, and LeCun's uniform numbers for the inputs: both keep
    /// their size from step to step and from layer to layer.
    case orthogonal
  }

  /// The depth of the state.
  public internal(set) var units: Int
  /// How the update gate is meant.
  public internal(set) var convention: Convention
  /// What the kernels start with.
  public internal(set) var start: Start
  /// The kernel of update and reset gate, `[inputDepth + units, 2 units]`.
  public var gates = Tensor.empty
  /// The bias of both gates, `[2 units]`.
  public var gatesBias = Tensor.empty
  /// The kernel of the candidate state, `[inputDepth + units, units]`.
  public var candidate = Tensor.empty
  /// The bias of the candidate state, `[units]`.
  public var candidateBias = Tensor.empty

  /// - Parameters:
  ///   - units: The depth of the state and of the output.
  ///   - convention: How the update gate is meant.
  ///   - start: What the kernels start with.
  public init(_ units: Int, convention: Convention = .trax, start: Start = .trax) {
    self.units = units
    self.convention = convention
    self.start = start
  }

  public static let declaration = Declaration(
    "GRUCell", GRUCell(1), .integer("units", \.units) { $0.units = $1 },
    .choice("convention", \.convention) { $0.convention = $1 }, .choice("init", \.start) { $0.start = $1 })

  public var name: String { counted("GRUCell_\(units)") }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let rows = try inputDepth(inputs) + units
    return try LayerPlan(
      name, outputs: [inputs[1], inputs[1]],
      weights: [
        ("gates", [rows, 2 * units]), ("gatesBias", [2 * units]), ("candidate", [rows, units]),
        ("candidateBias", [units]),
      ], inside: 4)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    let depth = try inputDepth(inputs)
    let keys = key.split(4)
    gates = startingKernel(depth, gates: 2, keys[0])
    gatesBias = randomNormal(1e-6)([2 * units], keys[1])
    candidate = startingKernel(depth, gates: 1, keys[2])
    candidateBias = randomNormal(1e-6)([units], keys[3])
    return try outputShapes(inputs)
  }

  /// A kernel `[depth + units, gates · units]`.
  private func startingKernel(_ depth: Int, gates: Int, _ key: RandomKey) -> Tensor {
    switch start {
    case .trax: return randomUniform(0.01)([depth + units, gates * units], key)
    case .orthogonal:
      let keys = key.split(1 + gates)
      let input = leCunUniform([depth, gates * units], keys[0])
      let state = Tensor.concatenate(keys.dropFirst().map { orthogonal()([units, units], $0) })
      return .concatenate(convention == .trax ? [input, state] : [state, input], axis: 0)
    }
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let (x, h) = (inputs[0], inputs[1])
    let (depth, units) = (x.depth, units)
    let ur = Sigmoid().forward(joined(x, h).matmul(gates).addingToRows(gatesBias))
    let u = ur.output.slice(axis: 1, 0..<units)
    let r = ur.output.slice(axis: 1, units..<2 * units)
    let gated = joined(x, r.zip(h, *))
    let c = Tanh().forward(gated.matmul(candidate).addingToRows(candidateBias))
    // k is the share of the old state that stays.
    let k = convention == .trax ? u : u.map { 1 - $0 }
    let new = k.zip(h, *).zip(k.zip(c.output) { (1 - $0) * $1 }, +)

    return Forward(outputs: [new, new]) { [self] dys in
      let dNew = dys[0].zip(dys[1], +)
      let dk = dNew.zip(h.zip(c.output, -), *)
      let dCandidate = c.backward(dNew.zip(k) { $0 * (1 - $1) }).input
      let dGated = parted(dCandidate.matmul(candidate, transposeOther: true), depth)
      let dr = dGated.h.zip(h, *)
      let dGates = ur.backward(.concatenate([convention == .trax ? dk : dk.map { -$0 }, dr])).input
      let dJoined = parted(dGates.matmul(gates, transposeOther: true), depth)
      let dh = dNew.zip(k, *).zip(dGated.h.zip(r, *), +).zip(dJoined.h, +)
      return Gradients(
        inputs: [dGated.x.zip(dJoined.x, +), dh],
        weights: [
          .dense(joined(x, h).matmul(dGates, transposeSelf: true)), .dense(dGates.columnSums()),
          .dense(gated.matmul(dCandidate, transposeSelf: true)), .dense(dCandidate.columnSums()),
        ])
    }
  }

  private func joined(_ x: Tensor, _ h: Tensor) -> Tensor {
    .concatenate(convention == .trax ? [x, h] : [h, x])
  }

  private func parted(_ joined: Tensor, _ depth: Int) -> (x: Tensor, h: Tensor) {
    if convention == .trax {
      return (joined.slice(axis: 1, 0..<depth), joined.slice(axis: 1, depth..<depth + units))
    }
    return (joined.slice(axis: 1, units..<depth + units), joined.slice(axis: 1, 0..<units))
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("gates", &gates)
    try visit("gatesBias", &gatesBias)
    try visit("candidate", &candidate)
    try visit("candidateBias", &candidateBias)
  }
}
