import Glibc

/// Logarithms of probabilities from scores of any size, over the last axis: `y = x − log Σ exp x`.
///
///     x   [..., classes]
///     y   [..., classes]
///     dx  = dy − exp y · Σ dy
///
/// The largest score is taken away first, so that nothing overflows. Source: Trax `LogSoftmax`.
public struct LogSoftmax: Layer {
  public init() {}

  public var name: String { "LogSoftmax" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard input.last ?? 0 > 0 else { throw LayerError("\(name) can't take inputs of shape \(input)") }
    return input
  }

  public func forward(_ x: Tensor) -> Forward {
    let classes = x.depth
    let y = x.withValues { values in
      Tensor(shape: x.shape) { y in
        for start in stride(from: 0, to: values.count, by: classes) {
          let row = start..<start + classes
          let largest = values[row].max()!
          let sum = row.reduce(0 as Float) { $0 + expf(values[$1] - largest) }
          let logSum = logf(sum)
          for index in row { y[index] = values[index] - largest - logSum }
        }
      }
    }
    return Forward(output: y) { dy in
      let dx = y.withValues { y in
        dy.withValues { dy in
          Tensor(shape: x.shape) { dx in
            for start in stride(from: 0, to: y.count, by: classes) {
              let row = start..<start + classes
              let sum = dy[row].reduce(0, +)
              for index in row { dx[index] = dy[index] - expf(y[index]) * sum }
            }
          }
        }
      }
      return Gradients(input: dx)
    }
  }
}
