/// A number in a computation whose gradient is wanted: a tensor that remembers how it was made.
///
/// Operations on variables make new ones and note, for every operand, the way from the result's gradient to the
/// operand's: the tape. The backward passes are written in variables themselves, so a gradient has a gradient.
public final class Variable {
  /// The numbers.
  public let value: Tensor
  fileprivate let operands: [Operand]
  private let depth: Int

  struct Operand {
    let variable: Variable
    /// From the gradient of the result to that of the operand.
    let backward: (Variable) -> Variable
  }

  /// A variable that depends on nothing.
  public init(_ value: Tensor) {
    self.value = value
    operands = []
    depth = 0
  }

  /// The result of an operation.
  init(_ value: Tensor, _ operands: [Operand]) {
    self.value = value
    self.operands = operands
    depth = 1 + (operands.map(\.variable.depth).max() ?? 0)
  }

  /// The shape of the numbers.
  public var shape: [Int] { value.shape }

  /// The gradients of `self`, weighted by `seed` of its shape, with respect to other variables; zeros for those it does
  /// not depend on.
  ///
  /// Goes over the tape once, from the deepest result to the inputs, and adds up what comes back to each variable.
  public func gradients(of variables: [Variable], seed: Variable) -> [Variable] {
    var sums = [ObjectIdentifier(self): seed]
    var waiting = [depth: [self]]
    var seen: Set = [ObjectIdentifier(self)]
    for level in stride(from: depth, to: 0, by: -1) {
      for variable in waiting[level] ?? [] {
        let gradient = sums[ObjectIdentifier(variable)]!
        for operand in variable.operands {
          let id = ObjectIdentifier(operand.variable)
          let part = operand.backward(gradient)
          sums[id] = sums[id].map { $0 + part } ?? part
          if seen.insert(id).inserted { waiting[operand.variable.depth, default: []].append(operand.variable) }
        }
      }
    }
    return variables.map { sums[ObjectIdentifier($0)] ?? Variable(Tensor(repeating: 0, shape: $0.shape)) }
  }
}

/// The gradient of a function of a tensor: `gradient(of: f)(x)` is `df/dx`, where `f` gives one number. When it gives
/// more, it is the gradient of their sum.
///
///     let slope = gradient { x in 3 * x * x + x }      // 6 x + 1
///     slope(Tensor([2])).values                        // [13]
public func gradient(of function: @escaping (Variable) -> Variable) -> (Tensor) -> Tensor {
  { x in gradient(of: function)(Variable(x)).value }
}

/// The gradient as a function of variables, of which a gradient can be taken again.
@_disfavoredOverload
public func gradient(of function: @escaping (Variable) -> Variable) -> (Variable) -> Variable {
  { x in gradient(of: { function($0[0]) })([x])[0] }
}

/// The gradients of a function of several tensors with respect to each of them.
public func gradient(of function: @escaping ([Variable]) -> Variable) -> ([Tensor]) -> [Tensor] {
  { inputs in gradient(of: function)(inputs.map { Variable($0) }).map(\.value) }
}

/// The gradients of a function of several variables with respect to each of them.
@_disfavoredOverload
public func gradient(of function: @escaping ([Variable]) -> Variable) -> ([Variable]) -> [Variable] {
  { inputs in
    // New variables on top of the inputs: the same input may stand twice, and each occurrence has its own gradient.
    let occurrences = inputs.map { input in Variable(input.value, [.init(variable: input) { $0 }]) }
    let y = function(occurrences)
    return y.gradients(of: occurrences, seed: Variable(Tensor(repeating: 1, shape: y.shape)))
  }
}
