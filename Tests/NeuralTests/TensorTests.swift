import Neural
import Random
import Testing

@Suite struct TensorTests {
  /// Every way to multiply against the definition, single rows and columns among them.
  @Test(arguments: [[1, 1, 1], [1, 5, 3], [4, 1, 3], [4, 5, 1], [3, 4, 5], [17, 9, 33]])
  func productsAreSums(_ sizes: [Int]) {
    let (m, k, n) = (sizes[0], sizes[1], sizes[2])
    let a = Tensor(RandomKey(1).normal(m * k), shape: [m, k])
    let b = Tensor(RandomKey(2).normal(k * n), shape: [k, n])
    var expected: [Float] = []
    for i in 0..<m {
      for j in 0..<n { expected.append((0..<k).reduce(0) { $0 + a.values[i * k + $1] * b.values[$1 * n + j] }) }
    }
    func transposed(_ t: Tensor) -> Tensor {
      let (r, c) = (t.rows, t.depth)
      return Tensor((0..<c).flatMap { j in (0..<r).map { t.values[$0 * c + j] } }, shape: [c, r])
    }
    for product in [
      a.matmul(b), transposed(a).matmul(b, transposeSelf: true), a.matmul(transposed(b), transposeOther: true),
      transposed(a).matmul(transposed(b), transposeSelf: true, transposeOther: true),
    ] {
      #expect(product.shape == [m, n])
      for (got, expected) in zip(product.values, expected) { #expect(abs(got - expected) < 1e-4) }
    }
  }

  @Test func aCopyIsIndependent() {
    let a = Tensor([1, 2, 3])
    var b = a
    b.withMutableValues { $0[0] = 9 }
    #expect(a.values == [1, 2, 3] && b.values == [9, 2, 3])
    #expect(a.reshaped([3, 1]).shape == [3, 1])
  }

  @Test func rowsAndColumns() {
    let a = Tensor([[1, 2], [3, 4], [5, 6]])
    #expect(a.columnSums() == Tensor([9, 12]))
    #expect(a.addingToRows(Tensor([10, 20])) == Tensor([[11, 22], [13, 24], [15, 26]]))
    #expect(Tensor([[1, 3, 3], [2, 1, 0]]).argmax() == [1, 0])
    #expect(a.matmul(Tensor([[], []])).shape == [3, 0])
  }
}
