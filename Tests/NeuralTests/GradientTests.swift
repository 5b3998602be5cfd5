import Neural
import Random
import Testing

@Suite struct GradientTests {
  @Test func figuresOfTheTutorials() {
    let square = gradient { (x: Variable) in x * x }
    #expect(square(Tensor([5])).values == [10])
    let slope = gradient { (x: Variable) in 3 * x * x + x }
    for x in [-2, 0, 1, 7] as [Float] { #expect(slope(Tensor([x])).values == [6 * x + 1]) }
  }

  @Test func aGradientHasAGradient() {
    let cube: (Variable) -> Variable = { x in x * x * x }
    let first: (Variable) -> Variable = gradient(of: cube)
    let second: (Tensor) -> Tensor = gradient(of: first)
    #expect(second(Tensor([2])).values == [12])
    let third: (Tensor) -> Tensor = gradient(of: gradient(of: first))
    #expect(third(Tensor([2])).values == [6])
  }

  @Test func theSameInputTwiceHasAGradientForEachPlace() {
    let product: ([Tensor]) -> [Tensor] = gradient { x in x[0] * x[1] }
    let x = Tensor([3])
    #expect(product([x, x]).map(\.values) == [[3], [3]])
    let unused: ([Tensor]) -> [Tensor] = gradient { x in x[0] * 2 }
    #expect(unused([x, x]).map(\.values) == [[2], [0]])
  }

  /// Functions of `a [3, 4]` and `b [4, 2]`, everything the tape knows among them.
  static let functions: [String: @Sendable ([Variable]) -> Variable] = [
    "arithmetic": { x in (x[0] + 2) * (x[0] - 0.5) / (x[0] * x[0] + 1) - -x[0] },
    "broadcast": { x in x[0] * x[1].transposed().slice(axis: 0, 0..<1) + x[1].reshaped([2, 4]).slice(axis: 0, 1..<2) },
    "matmul": { x in x[0].matmul(x[1]) * x[0].matmul(x[1]) },
    "matmul of a stack": { x in x[0].reshaped([1, 3, 4]).matmul(x[1]) },
    "exp and log": { x in log(exp(x[0]) + 1) + sqrt(x[0] * x[0] + 1) },
    "tanh, sigmoid, relu": { x in tanh(x[0]) * sigmoid(x[0]) + relu(x[0]) },
    "sum and mean": { x in x[0].sum(axis: 1, keepsDimensions: true) * x[0].mean(axis: 0) + x[0].mean() * x[0].sum() },
    "max": { x in x[0].max(axis: 1) * x[0].max(axis: 0, keepsDimensions: true).sum() },
    "gather": { x in x[0].gather(Tensor([[2, 0], [2, 1]])) * x[0].gather(Tensor([[0, 0], [1, 1]])) },
    "concatenate": { x in concatenate([x[0], x[0] * x[0], x[1].transposed().slice(axis: 0, 0..<1)], axis: 0) * 2 },
    "log softmax": { x in x[0] - log(exp(x[0]).sum(axis: -1, keepsDimensions: true)) },
  ]

  /// First derivatives against differences of the function, second ones against differences of the first.
  @Test(arguments: functions.keys.sorted())
  func derivativesAreTheNumericalOnes(_ name: String) {
    let function = Self.functions[name]!
    let inputs = [
      Tensor(RandomKey(1).normal(12), shape: [3, 4]), Tensor(RandomKey(2).normal(8), shape: [4, 2]),
    ]
    let weighted: ([Variable]) -> Variable = { x in
      let y = function(x)
      return (y * Variable(Tensor(RandomKey(3).normal(y.value.count), shape: y.shape))).sum()
    }
    let first: ([Variable]) -> [Variable] = gradient(of: weighted)
    let direction: ([Variable]) -> Variable = { x in
      let slopes = first(x)
      return (slopes[0] * slopes[0]).sum() + (slopes[1] * slopes[1]).sum()
    }
    check(weighted, at: inputs, name)
    check(direction, at: inputs, "slope of \(name)")
  }

  private func check(_ function: @escaping ([Variable]) -> Variable, at inputs: [Tensor], _ name: String) {
    let gradients: ([Tensor]) -> [Tensor] = gradient(of: function)
    let analytic = gradients(inputs)
    for place in inputs.indices {
      for index in 0..<inputs[place].count {
        func value(_ step: Float) -> Double {
          var moved = inputs
          moved[place].withMutableValues { $0[index] += step }
          return Double(function(moved.map { Variable($0) }).value.values.reduce(0, +))
        }
        let step: Float = 1 / 512
        let numerical = (value(step) - value(-step)) / Double(2 * step)
        let got = Double(analytic[place].values[index])
        #expect(
          abs(got - numerical) < 2e-2 * max(1, abs(numerical)),
          "\(name), input \(place) at \(index): \(got), \(numerical)")
      }
    }
  }
}
