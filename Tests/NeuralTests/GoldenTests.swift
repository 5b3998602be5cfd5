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

  /// The largest difference found so far of every item, printed at the end of a test.
  private final class Largest {
    var items: [String: Float] = [:]

    func note(_ item: String, _ difference: Float) { items[item] = max(items[item] ?? 0, difference) }

    func print(_ title: String) {
      let lines = items.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      Swift.print("largest relative differences to JAX, \(title)\n\(lines.joined(separator: "\n"))")
    }
  }

  /// The largest difference relative to the size of the largest expected number.
  func difference(_ got: Tensor, _ expected: Tensor) -> Float {
    guard got.shape == expected.shape else { return .infinity }
    let size = max(expected.values.map { abs($0) }.max() ?? 0, 1e-3)
    return zip(got.values, expected.values).map { abs($0 - $1) / size }.max() ?? 0
  }

  @Test func layersEqualJAXs() throws {
    let cases = try #require(golden["layers"])
    #expect(cases.count == 61)
    let largest = Largest()
    defer { largest.print("layers") }
    for test in cases {
      let expression = try #require(test["expression"] as? String)
      var layer = try LayerExpression().model(expression)
      _ = try layer.initialize(try tensor(test["x"]).shape, key: RandomKey(0))
      var weights = try tensors(test["weights"])[...]
      layer.visitWeights { _, weight in weight = weights.removeFirst() }
      let x = try tensor(test["x"])
      #expect(try layer.outputShape(x.shape) == tensor(test["y"]).shape)
      // Batch normalization has its formula in mode train.
      let forward = layer.forward([x], Pass(expression == "BatchNorm" ? .train : .eval))
      let tolerance: Float = x.shape.count == 3 && x.shape[1] == 64 ? 1e-4 : 1e-5
      func check(_ got: Tensor, _ expected: Tensor) {
        let error = difference(got, expected)
        let length = tolerance == 1e-4 ? " of length 64" : ""
        largest.note(layer.layers.map(\.kind).joined(separator: " ") + length, error)
        #expect(error < tolerance, "\(expression) of \(x.shape)")
      }
      check(forward.outputs[0], try tensor(test["y"]))
      let gradients = forward.backward([try tensor(test["dy"])])
      if !(test["dx"] is NSNull) {
        check(gradients.inputs[0], try tensor(test["dx"]))
      }
      for (got, expected) in zip(gradients.weights, try tensors(test["dweights"])) {
        check(got.dense(shape: expected.shape), expected)
      }
    }
  }

  static let losses: [String: any Loss] = [
    "CrossEntropyLoss": CrossEntropyLoss(), "CategoryCrossEntropy 0.0": CategoryCrossEntropy(),
    "CategoryCrossEntropy 0.1": CategoryCrossEntropy(labelSmoothing: 0.1), "L2Loss": L2Loss(),
    "SmoothL1Loss": SmoothL1Loss(), "BinaryCrossEntropyLoss": BinaryCrossEntropyLoss(),
  ]

  static let metrics: [String: any Metric] = [
    "Accuracy": Accuracy(), "LogPerplexity": LogPerplexity(), "SequenceAccuracy": SequenceAccuracy(),
    "MaskedSequenceAccuracy": MaskedSequenceAccuracy(), "MacroAveragedFScore 1.0": MacroAveragedFScore(),
    "MacroAveragedFScore 2.0": MacroAveragedFScore(beta: 2), "WeightedFScore 1.0": WeightedFScore(),
    "WeightedFScore 2.0": WeightedFScore(beta: 2),
  ]

  @Test func lossesAndMetricsEqualJAXs() throws {
    var seen: Set<String> = []
    let largest = Largest()
    defer { largest.print("losses and metrics") }
    for test in try #require(golden["losses"]) {
      let name = try #require(test["name"] as? String)
      let (y, targets, weights) = (try tensor(test["y"]), try tensor(test["targets"]), try tensor(test["weights"]))
      let expected = (test["value"] as! NSNumber).floatValue
      seen.insert(name)
      if let metric = Self.metrics[name] {
        let value = metric(y, targets: targets, weights: weights)
        largest.note(name, abs(value - expected) / max(1, expected))
        #expect(abs(value - expected) <= 1e-5 * max(1, expected), "\(name)")
        #expect(name.hasPrefix(metric.name))
      }
      if let loss = Self.losses[name] {
        let (value, gradient) = loss(y, targets: targets, weights: weights)
        #expect(abs(value - expected) <= 1e-5 * max(1, expected), "\(name)")
        let error = difference(gradient, try tensor(test["gradient"]))
        largest.note(name, max(error, abs(value - expected) / max(1, expected)))
        #expect(error < 1e-5, "\(name)")
        #expect(name.hasPrefix(loss.name))
        let none = loss(y, targets: targets, weights: weights.map { _ in 0 })
        #expect(none.loss == 0 && none.gradient.values.allSatisfy { $0 == 0 }, "\(name) of nothing")
      }
    }
    #expect(seen == Set(Self.losses.keys).union(Self.metrics.keys))
  }

  static let initializers: [String: Initializer] = [
    "RandomNormal": randomNormal(), "RandomUniform": randomUniform(), "GlorotUniform": glorotUniform,
    "GlorotNormal": glorotNormal, "LeCunUniform": leCunUniform, "LeCunNormal": leCunNormal,
    "KaimingUniform": kaimingUniform(slope: 0.5), "KaimingNormal": kaimingNormal(slope: 0.5),
    "FanOutUniform": fanOutUniform, "Orthogonal": orthogonal(2),
  ]

  @Test func initializersEqualTraxs() throws {
    let cases = try #require(golden["initializers"])
    #expect(cases.count == 3 * Self.initializers.count)
    for test in cases {
      let name = try #require(test["name"] as? String)
      let expected = try tensor(test["value"])
      let initializer = try #require(Self.initializers[name])
      #expect(difference(initializer(expected.shape, RandomKey(5)), expected) < 1e-5, "\(name) of \(expected.shape)")
    }
  }

  @Test func schedulesEqualTraxs() throws {
    let cases = try #require(golden["schedules"])
    #expect(cases.count == 7)
    for test in cases {
      let expression = try #require(test["expression"] as? String)
      let schedule = try ScheduleExpression.schedule(expression)
      let rates = try #require(test["rates"] as? [NSNumber])
      #expect(rates.count == 1000)
      for (index, rate) in rates.enumerated() {
        #expect(
          abs(schedule(index + 1) - rate.doubleValue) <= 1e-8 * rate.doubleValue + 1e-12, "\(expression) \(index)")
      }
    }
    for steps in [
      piecewise([3, 2, 1], boundaries: [10, 20]), try ScheduleExpression.schedule("piecewise(3, 10: 2, 20: 1)"),
    ] {
      #expect([1, 9, 10, 19, 20, 1000].map(steps) == [3, 3, 2, 2, 1, 1])
    }
    for wrong in ["piecewise", "piecewise(10: 2)", "piecewise(1, 2)", "piecewise(1, 5: 1, 5: 2)", "piecewise(x)"] {
      #expect(throws: ExpressionError.self) { try ScheduleExpression.schedule(wrong) }
    }
  }

  /// Gradients come dense, and as the rows that are not zero, some of them in two parts; both mean the same.
  @Test(arguments: [false, true])
  func optimizersEqualJAXs(asRows: Bool) throws {
    let cases = try #require(golden["optimizers"])
    let names = cases.compactMap { ($0["expression"] as? String)?.prefix { $0 != "(" } }
    #expect(Set(names) == Set(OptimizerExpression.usages.map { $0.prefix { $0 != "(" } }))
    let largest = Largest()
    defer { largest.print("optimizers over 20 steps") }
    for test in cases {
      let expression = try #require(test["expression"] as? String)
      let optimizer = try OptimizerExpression.optimizer(expression)
      var w = try tensor(test["w"])
      if asRows, w.shape.count != 2 { continue }
      var slots = optimizer.slots(for: w)
      let steps = try #require(test["steps"] as? [String: Any])
      for (step, gradient) in try tensors(test["gradients"]).enumerated() {
        optimizer.update(
          &w, asRows ? rows(of: gradient) : .dense(gradient), slots: &slots, step: step + 1,
          learningRate: optimizer.learningRate)
        guard let expected = steps["\(step + 1)"] else { continue }
        let tensors = try tensors(expected)
        #expect(tensors.count == 1 + slots.count)
        for (got, expected) in zip([w] + slots, tensors) {
          let error = difference(got, expected)
          largest.note(expression, error)
          #expect(error < 1e-5, "\(expression) at step \(step + 1)")
        }
      }
    }
  }

  @Test func gradientsAreClippedByTheirCommonNorm() {
    let gradients: [Gradient] = [
      .dense(Tensor([3, 0])), .rows([4, 1, 4], values: Tensor([[1, 1], [2, 0], [1, 1]])),
    ]
    #expect(abs(gradients.norm - Float(9 + 4 + 4 + 4).squareRoot()) < 1e-6)
    let clipped = gradients.clipped(toNorm: 1)
    #expect(abs(clipped.norm - 1) < 1e-6)
    #expect(gradients.clipped(toNorm: 5).norm == gradients.norm)
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
