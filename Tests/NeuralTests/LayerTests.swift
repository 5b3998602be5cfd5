import Files
import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

/// What holds for every layer.
@Suite struct LayerTests {
  @Test func everyLayerOfTheCatalogueHasACase() {
    for usage in LayerExpression.usages {
      let name = usage.prefix { $0.isLetter }
      #expect(LayerCase.all.contains { $0.expression.contains(name) }, "\(name)")
    }
  }

  /// Files name weights by the word before the numbers of a printed name, whatever the types are called.
  @Test(arguments: LayerCase.all)
  func weightsAreNamedByTheWordThatALayerPrints(_ test: LayerCase) throws {
    for layer in try test.layer().layers where !layer.weights.isEmpty {
      #expect(layer.kind == layer.name.prefix { $0.isLetter })
    }
    #expect(Scan(GRUCell(2)).kind == "Scan")
  }

  /// The backward pass against the numerical gradient of `Σ y · r` for random r, over every element of every input and
  /// of every weight, in mode eval and with the chances of mode train.
  @Test(arguments: LayerCase.all, [Mode.eval, .train])
  func theBackwardPassIsTheGradient(_ test: LayerCase, _ mode: Mode) throws {
    var layer = try test.layer()
    var inputs = test.inputs()
    let pass = Pass(mode, key: RandomKey(4))
    let forward = layer.forward(inputs, pass)
    let directions = forward.outputs.map { Tensor(RandomKey(3).normal($0.count), shape: $0.shape) }
    let gradients = forward.backward(directions)

    func objective(_ layer: Serial, _ inputs: [Tensor]) -> Double {
      zip(layer.forward(inputs, pass).outputs, directions).reduce(0) { sum, pair in
        pair.0.zip(pair.1, *).values.reduce(sum) { $0 + Double($1) }
      }
    }
    func check(_ analytic: Float, _ what: String, _ move: (Float) -> Double) {
      let step: Float = 1 / 128
      let numerical = (move(step) - move(-step)) / Double(2 * step)
      #expect(
        abs(numerical - Double(analytic)) < 2e-3 * max(1, abs(numerical)), "\(what): \(analytic), not \(numerical)")
    }
    #expect(gradients.inputs.map(\.shape) == test.shapes)
    for place in inputs.indices where test.ids == nil && place != test.fixed {
      for index in 0..<inputs[place].count {
        check(gradients.inputs[place].values[index], "input \(place) at \(index)") { step in
          let value = inputs[place].values[index]
          inputs[place].withMutableValues { $0[index] = value + step }
          defer { inputs[place].withMutableValues { $0[index] = value } }
          return objective(layer, inputs)
        }
      }
    }
    #expect(gradients.weights.count == layer.weights.count)
    for (place, (name, weight)) in layer.weights.enumerated() {
      let gradient = gradients.weights[place].dense(shape: weight.shape)
      #expect(gradient.shape == weight.shape)
      for index in 0..<weight.count {
        check(gradient.values[index], "\(name) \(index)") { step in
          layer.add(step, at: index, of: place)
          defer { layer.set(weight, at: place) }
          return objective(layer, inputs)
        }
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func initializeReturnsTheShapesOfTheOutputs(_ test: LayerCase) throws {
    var layer = try LayerExpression().model(test.expression)
    #expect(layer.inputCount == test.shapes.count)
    let shapes = try layer.initialize(test.shapes, key: RandomKey(1))
    #expect(shapes.count == layer.outputCount)
    for mode in Mode.allCases {
      #expect(layer.forward(test.inputs(), Pass(mode)).outputs.map(\.shape) == shapes)
      #expect(layer.forward(test.inputs(), Pass(mode)).state.count == layer.state.count)
    }
    #expect(try layer.outputShapes(test.shapes) == shapes)
    #expect(throws: LayerError.self) { try layer.outputShapes(test.shapes + [[1]]) }
  }

  @Test(arguments: LayerCase.all)
  func theSameKeyGivesTheSameWeights(_ test: LayerCase) throws {
    let (first, again, other) = (try test.layer(seed: 5), try test.layer(seed: 5), try test.layer(seed: 6))
    #expect(first.weights.map(\.value) == again.weights.map(\.value))
    #expect(first.weights.isEmpty || first.weights.map(\.value) != other.weights.map(\.value))
    #expect(Set(first.weights.map(\.name)).count == first.weights.count)
  }

  @Test(arguments: LayerCase.all)
  func aBatchIsItsItemsOneByOne(_ test: LayerCase) throws {
    let layer = try test.layer()
    let inputs = test.inputs()
    for mode in [Mode.eval, .train] where mode == .eval || !test.mixesInTraining {
      let whole = layer.forward(inputs, Pass(mode)).outputs
      for item in 0..<test.shapes[0][0] {
        let parts = layer.forward(inputs.map { $0.slice(axis: 0, item..<item + 1) }, Pass(mode)).outputs
        for (part, whole) in zip(parts, whole) {
          for (got, expected) in zip(part.values, whole.slice(axis: 0, item..<item + 1).values) {
            #expect(abs(got - expected) < 1e-5)
          }
        }
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func anExpressionComesBack(_ test: LayerCase) throws {
    let layer = try LayerExpression().model(test.expression)
    #expect(try LayerExpression().model(layer.expression).expression == layer.expression)
    // A printed name leaves options out, as in Trax.
    guard !layer.name.contains("Select["), !layer.expression.contains(":") else { return }
    #expect(try LayerExpression().model(layer.name).name == layer.name)
  }

  /// Weights and state that go through a file come back, bit for bit, into the layer of the expression.
  @Test(arguments: LayerCase.all)
  func whatIsSavedComesBack(_ test: LayerCase) throws {
    var layer = try test.layer()
    layer.setState(layer.forward(test.inputs(), Pass(.train)).state)
    try inTemporaryFolder { folder in
      let file = "\(folder)/file.safetensors"
      try SafeTensors(metadata: ["layers": layer.expression], tensors: layer.weights + layer.state).write(
        to: OutputFile(file))

      let contents = try SafeTensors(contentsOf: file)
      var back = try LayerExpression().model(try #require(contents.metadata["layers"]))
      back.visitWeights { name, weight in weight = contents.tensor(name) ?? weight }
      back.visitState { name, _, state in state = contents.tensor(name) ?? state }
      #expect(try back.outputShapes(test.shapes) == layer.outputShapes(test.shapes))
      for mode in Mode.allCases {
        #expect(back.forward(test.inputs(), Pass(mode)).outputs == layer.forward(test.inputs(), Pass(mode)).outputs)
      }
    }
  }

  /// A sequence in one pass, and step by step in mode predict with the state handed on, give the same.
  @Test(arguments: ["GRU(3)", "GRU(3, convention: lab)", "LSTM(2)", "RNN(4)", "ShiftRight GRU(3) LSTM(2) Dense(2)"])
  func stepsInModePredictAreTheWhole(_ expression: String) throws {
    let test = LayerCase(expression, [2, 6, 3])
    var layer = try test.layer()
    let x = test.inputs()[0]
    let whole = layer.forward([x], Pass(.eval)).outputs[0]
    // In mode predict the caller feeds what ShiftRight would have moved.
    let moved = expression.hasPrefix("ShiftRight") ? ShiftRight().forward([x], Pass(.eval)).outputs[0] : x
    for step in 0..<6 {
      let forward = layer.forward([moved.slice(axis: 1, step..<step + 1)], Pass(.predict))
      layer.setState(forward.state)
      for (got, expected) in zip(forward.outputs[0].values, whole.slice(axis: 1, step..<step + 1).values) {
        #expect(abs(got - expected) < 1e-5)
      }
    }
  }
}

extension Serial {
  /// Adds to one number of the weight at `place` in the order of `visitWeights`.
  mutating func add(_ step: Float, at index: Int, of place: Int) {
    var current = 0
    visitWeights { _, weight in
      if current == place { weight.withMutableValues { $0[index] += step } }
      current += 1
    }
  }

  /// Replaces the weight at `place`.
  mutating func set(_ value: Tensor, at place: Int) {
    var current = 0
    visitWeights { _, weight in
      if current == place { weight = value }
      current += 1
    }
  }
}
