import Glibc

/// The exponential of every number.
public func exp(_ x: Variable) -> Variable {
  let value = x.value.map { expf($0) }
  return Variable(value, [.init(variable: x) { $0 * exp(x) }])
}

/// The natural logarithm of every number.
public func log(_ x: Variable) -> Variable {
  Variable(x.value.map { logf($0) }, [.init(variable: x) { $0 / x }])
}

/// The hyperbolic tangent of every number; its derivative is `1 − tanh²`.
public func tanh(_ x: Variable) -> Variable {
  Variable(
    x.value.map { tanhf($0) },
    [
      .init(variable: x) { g in
        let y = tanh(x)
        return g * (1 - y * y)
      }
    ])
}

/// The logistic function `1 / (1 + e^−x)` of every number; its derivative is `y (1 − y)`.
public func sigmoid(_ x: Variable) -> Variable {
  Variable(
    x.value.map(logistic),
    [
      .init(variable: x) { g in
        let y = sigmoid(x)
        return g * y * (1 - y)
      }
    ])
}

/// The square root of every number.
public func sqrt(_ x: Variable) -> Variable {
  Variable(x.value.map { $0.squareRoot() }, [.init(variable: x) { $0 / (2 * sqrt(x)) }])
}

/// The positive part of every number, with the derivative 0 at 0.
public func relu(_ x: Variable) -> Variable {
  let mask = Variable(x.value.map { $0 > 0 ? 1 : 0 })
  return Variable(x.value.map { max($0, 0) }, [.init(variable: x) { $0 * mask }])
}

/// The logistic function, which overflows nowhere.
func logistic(_ x: Float) -> Float {
  let e = expf(-abs(x))
  return x >= 0 ? 1 / (1 + e) : e / (1 + e)
}
