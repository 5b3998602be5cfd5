/// Arithmetic of variables. Shapes are broadcast as NumPy does; numbers stand for tensors of no axes.
extension Variable: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public convenience init(floatLiteral value: Double) { self.init(Tensor([Float(value)], shape: [])) }
  public convenience init(integerLiteral value: Int) { self.init(Tensor([Float(value)], shape: [])) }

  /// The sum.
  public static func + (a: Variable, b: Variable) -> Variable {
    let (x, y) = together(a, b)
    return Variable(
      x.value.zip(y.value, +), [.init(variable: x) { $0 }, .init(variable: y) { $0 }])
  }

  /// The difference.
  public static func - (a: Variable, b: Variable) -> Variable { a + -b }

  /// The negative.
  public static prefix func - (a: Variable) -> Variable {
    Variable(a.value.map { -$0 }, [.init(variable: a) { -$0 }])
  }

  /// The product, number by number.
  public static func * (a: Variable, b: Variable) -> Variable {
    let (x, y) = together(a, b)
    return Variable(
      x.value.zip(y.value, *), [.init(variable: x) { $0 * y }, .init(variable: y) { $0 * x }])
  }

  /// The quotient, number by number.
  public static func / (a: Variable, b: Variable) -> Variable {
    let (x, y) = together(a, b)
    return Variable(
      x.value.zip(y.value, /),
      [.init(variable: x) { $0 / y }, .init(variable: y) { -$0 * x / (y * y) }])
  }

  /// Both variables in the shape to which they broadcast.
  private static func together(_ a: Variable, _ b: Variable) -> (Variable, Variable) {
    if a.shape == b.shape { return (a, b) }
    let axes = Swift.max(a.shape.count, b.shape.count)
    func padded(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: axes - shape.count) + shape }
    let shape = zip(padded(a.shape), padded(b.shape)).map { $0 == 1 ? $1 : $0 }
    return (a.broadcast(to: shape), b.broadcast(to: shape))
  }

  /// The numbers repeated to a larger shape.
  public func broadcast(to shape: [Int]) -> Variable {
    if shape == self.shape { return self }
    let own = self.shape
    return Variable(value.broadcast(to: shape), [.init(variable: self) { $0.summed(to: own) }])
  }

  /// The sums of what `broadcast(to:)` from `shape` would have made of one number.
  public func summed(to shape: [Int]) -> Variable {
    if shape == self.shape { return self }
    let own = self.shape
    return Variable(value.summed(to: shape), [.init(variable: self) { $0.broadcast(to: own) }])
  }
}
