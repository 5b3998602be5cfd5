import Neural
import Random
import TestSupport
import Testing

/// The course's labs on recurrent networks: cells scanned over 256 steps of 128 inputs, with 16 hidden units. The
/// figures are those of NumPy in double precision (`Tests/References/scan_lab.py`).
@Suite struct ScanTests {
  let units = 16
  let depth = 128

  func normal(_ seed: UInt64, _ shape: [Int], scale: Float = 1) -> Tensor {
    Tensor(RandomKey(seed).normal(shape.reduce(1, *)).map { $0 * scale }, shape: shape)
  }

  var kernels: [Tensor] { [1, 2, 3].map { normal($0, [units + depth, units], scale: 0.1) } }
  var biases: [Tensor] { [4, 5, 6].map { normal($0, [units]) } }

  func check(_ cell: some RecurrentCell, last: [Float], sum: Float) {
    let inputs = [normal(0, [1, 256, depth]), Tensor(repeating: 0, shape: [1, units])]
    let forward = Scan(cell).forward(inputs, Pass())
    #expect(forward.outputs[0].shape == [1, 256, units] && forward.outputs[1].shape == [1, units])
    for (got, expected) in zip(forward.outputs[1].values, last) { #expect(abs(got - expected) < 2e-6) }
    #expect(abs(forward.outputs[0].values.reduce(0, +) - sum) < 1e-5 * abs(sum))
  }

  @Test func aVanillaRNNOverManySteps() {
    var cell = RNNCell(units, activation: .sigmoid)
    (cell.kernel, cell.bias) = (kernels[0], biases[0])
    check(
      cell,
      last: [
        0.4906301, 0.2008672, 0.168732, 0.3477822, 0.6014397, 0.5898538, 0.2321995, 0.7352092, 0.6853506, 0.7586729,
        0.1346615, 0.6793228, 0.1498645, 0.5598327, 0.1809269, 0.297989,
      ], sum: 1734.538)
  }

  @Test func aGRUOverManySteps() {
    var cell = GRUCell(units, convention: .lab)
    cell.gates = Tensor.concatenate([kernels[0], kernels[1]])
    cell.gatesBias = Tensor.concatenate([biases[0], biases[1]])
    (cell.candidate, cell.candidateBias) = (kernels[2], biases[2])
    check(
      cell,
      last: [
        0.9576263, 0.4405095, 0.1617378, -0.2976416, -0.05638267, 0.1274911, -0.9598805, -0.09615437, -0.4395579,
        -0.7757629, 0.4863218, 0.842824, -0.8747445, -0.5861927, -0.1121993, 0.6696219,
      ], sum: -242.6439)
  }

  /// The lab on hidden states: `W_h [h, x] = W_hh h + W_hx x`.
  @Test func oneProductOfBothIsTheSumOfTwo() {
    let (h, x, kernel) = (normal(1, [1, units]), normal(2, [1, depth]), kernels[0])
    let joined = Tensor.concatenate([h, x]).matmul(kernel)
    let ofH = h.matmul(kernel.slice(axis: 0, 0..<units))
    let ofX = x.matmul(kernel.slice(axis: 0, units..<units + depth))
    #expect(largestDifference(joined, ofH.zip(ofX, +)) < 1e-5)
  }
}
