import CKernels
import Foundation
import Testing

/// The C kernels against double precision.
@Suite struct KernelTests {
  typealias Kernel = @Sendable (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int) -> Void

  static let kernels: [(name: String, kernel: Kernel, exact: @Sendable (Double) -> Double)] = [
    ("sigmoid", { kernel_sigmoid($0, $1, $2) }, { 1 / (1 + exp(-$0)) }),
    ("tanh", { kernel_tanh($0, $1, $2) }, { tanh($0) }),
    ("exp", { kernel_exp($0, $1, 0, $2) }, { exp($0) }),
  ]

  @Test(arguments: kernels.indices) func relativeErrorsAreThoseOfRounding(_ index: Int) {
    let (name, kernel, exact) = Self.kernels[index]
    var x: [Float] = [1e-6, -1e-6]
    for step in -20_000...20_000 { x.append(Float(step) / 20_000) }
    for step in -4_000...4_000 { x.append(Float(step) / 50) }
    var y = [Float](repeating: 0, count: x.count)
    kernel(&y, x, x.count)
    for (x, y) in zip(x, y) {
      let right = exact(Double(x))
      #expect(abs(Double(y) - right) <= 3e-7 * abs(right), "\(name) \(x): \(y), not \(right)")
    }
  }

  /// Rows of all lengths around the sixteen sums side by side; the gradient is that of z · w, by differences.
  @Test(arguments: [1, 2, 15, 16, 17, 48, 61]) func rowsAreStandardized(_ count: Int) {
    let x = (0..<count).map { Float(($0 * 37) % 23) - 5 }
    let w = (0..<count).map { Double(($0 * 11) % 7) - 2 }
    func standardized(_ x: [Double]) -> (z: [Double], factor: Double) {
      let mean = x.reduce(0, +) / Double(count)
      let factor = 1 / (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count) + 0.1).squareRoot()
      return (x.map { ($0 - mean) * factor }, factor)
    }
    let exact = standardized(x.map(Double.init))
    var z = x
    let factor = kernel_standardize(&z, x, count, 0.1)
    #expect(abs(Double(factor) - exact.factor) < 1e-6 * exact.factor)
    var d = w.map(Float.init)
    kernel_standardize_back(&d, z, factor, count)
    for index in 0..<count {
      #expect(abs(Double(z[index]) - exact.z[index]) < 2e-6)
      func loss(_ change: Double) -> Double {
        var moved = x.map(Double.init)
        moved[index] += change
        return zip(standardized(moved).z, w).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(abs(Double(d[index]) - (loss(1e-4) - loss(-1e-4)) / 2e-4) < 1e-5)
    }
  }

  @Test func thereIsNoEdgeToFallOff() {
    let x: [Float] = [.infinity, -.infinity, 1e30, -1e30, 0, .nan]
    var y = x
    kernel_sigmoid(&y, x, x.count)
    #expect(y[0] == 1 && y[1] < 1e-37 && y[2] == 1 && y[3] < 1e-37 && y[4] == 0.5 && y[5].isNaN)
    kernel_tanh(&y, x, x.count)
    #expect(y[0] == 1 && y[1] == -1 && y[2] == 1 && y[3] == -1 && y[4] == 0 && y[5].isNaN)
    kernel_exp(&y, x, 0, x.count)
    #expect(y[0] > 1e38 && y[0].isFinite && y[1] < 1e-37 && y[4] == 1 && y[5].isNaN)
  }
}
