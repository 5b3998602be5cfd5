import Foundation
import Neural
import Random
import Testing

/// Against JAX (`Tests/References/neural_golden.py`).
@Suite struct GoldenTests {
  let golden: [String: [[String: Any]]]

  init() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/neural.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    golden = try #require(object as? [String: [[String: Any]]])
  }

  func tensor(_ value: Any?) throws -> Tensor {
    let object = try #require(value as? [String: Any])
    let numbers = try #require(object["values"] as? [NSNumber])
    return Tensor(numbers.map(\.floatValue), shape: try #require(object["shape"] as? [Int]))
  }

  func tensors(_ value: Any?) throws -> [Tensor] { try #require(value as? [Any]).map { try tensor($0) } }

  /// The largest difference relative to the size of the largest expected number.
  func difference(_ got: Tensor, _ expected: Tensor) -> Float {
    guard got.shape == expected.shape else { return .infinity }
    let size = max(expected.values.map { abs($0) }.max() ?? 0, 1e-3)
    return zip(got.values, expected.values).map { abs($0 - $1) / size }.max() ?? 0
  }

  @Test func layersEqualJAXs() throws {
    let cases = try #require(golden["layers"])
    #expect(cases.count == 24)
    for test in cases {
      let expression = try #require(test["expression"] as? String)
      var layer = try LayerExpression().model(expression)
      var weights = try tensors(test["weights"])[...]
      layer.visitWeights { _, weight in weight = weights.removeFirst() }
      let x = try tensor(test["x"])
      #expect(try layer.outputShape(x.shape) == tensor(test["y"]).shape)
      let forward = layer.forward(x)
      #expect(difference(forward.output, try tensor(test["y"])) < 1e-5, "\(expression)")
      let gradients = forward.back(try tensor(test["dy"]))
      if !(test["dx"] is NSNull) {
        #expect(difference(gradients.input, try tensor(test["dx"])) < 1e-5, "\(expression)")
      }
      for (got, expected) in zip(gradients.weights, try tensors(test["dweights"])) {
        #expect(difference(got.dense(shape: expected.shape), expected) < 1e-5, "\(expression)")
      }
    }
  }

  @Test func lossAndAccuracyEqualJAXs() throws {
    for test in try #require(golden["losses"]) {
      let (y, targets, weights) = (try tensor(test["y"]), try tensor(test["targets"]), try tensor(test["weights"]))
      let (loss, gradient) = CrossEntropyLoss()(y, targets: targets, weights: weights)
      #expect(abs(loss - (test["loss"] as! NSNumber).floatValue) < 1e-5 * max(1, loss))
      #expect(difference(gradient, try tensor(test["gradient"])) < 1e-5)
      let accuracy = Accuracy()(y, targets: targets, weights: weights)
      #expect(abs(accuracy - (test["accuracy"] as! NSNumber).floatValue) < 1e-5)
    }
  }

  /// Gradients come dense, and as the rows that are not zero, some of them in two parts; both mean the same.
  @Test(arguments: [false, true])
  func optimizersEqualJAXs(asRows: Bool) throws {
    for test in try #require(golden["optimizers"]) {
      let optimizer = try OptimizerExpression.optimizer(try #require(test["expression"] as? String))
      var w = try tensor(test["w"])
      var slots = optimizer.slots(for: w)
      let steps = try #require(test["steps"] as? [Any])
      #expect(steps.count == 20)
      for (step, gradient) in try tensors(test["gradients"]).enumerated() {
        optimizer.update(
          &w, asRows ? rows(of: gradient) : .dense(gradient), slots: &slots, step: step + 1,
          learningRate: optimizer.learningRate)
        let expected = try tensors(steps[step])
        for (got, expected) in zip([w] + slots, expected) { #expect(difference(got, expected) < 1e-5, "step \(step)") }
      }
    }
  }

  private func rows(of gradient: Tensor) -> Gradient {
    var rows: [Int] = []
    var values: [Float] = []
    for row in (0..<gradient.rows).reversed() {
      let numbers = gradient.values[row * gradient.depth..<(row + 1) * gradient.depth]
      guard numbers.contains(where: { $0 != 0 }) else { continue }
      for _ in 0..<2 {  // every row in two halves
        rows.append(row)
        values += numbers.map { $0 / 2 }
      }
    }
    return .rows(rows, values: Tensor(values, shape: [rows.count, gradient.depth]))
  }
}
