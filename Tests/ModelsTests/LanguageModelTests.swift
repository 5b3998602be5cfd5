import Files
import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct LanguageModelTests {
  func model(_ expression: String, vocabulary: Int = 20) throws -> Model {
    var layers = try LayerExpression(vocabularySize: vocabulary).model(expression)
    _ = try layers.initialize([1, 1], key: RandomKey(3))
    layers.visitWeights { name, weight in
      if name.hasSuffix("gates") || name.hasSuffix("candidate") {
        weight = Tensor(RandomKey(9).normal(weight.count).map { $0 * 0.3 }, shape: weight.shape)
      }
    }
    return Model(layers: layers)
  }

  /// One id at a time, a whole sequence, and a sequence in pieces give the same log probabilities.
  @Test(arguments: [1, 3], ["GRU(48) GRU(48)", "GRU(48, convention: lab)", "LSTM(24)"])
  func stepsAreTheWhole(_ rows: Int, _ recurrent: String) throws {
    let model = try model("ShiftRight Embedding(32) \(recurrent) Dense(20) LogSoftmax")
    var whole = try LanguageModel(model, file: "m")
    let ids = Tensor(RandomKey(5).uniform(rows * 100, 1, 20).map { $0.rounded(.down) }, shape: [rows, 100])
    let y = whole.logProbabilities(of: ids)
    // Behind a small vocabulary, the first GRU looks its inputs' products up; that once took the wrong rows of its
    // kernels.
    #expect(largestDifference(y, model.layers.forward([ids], Pass()).outputs[0]) < 1e-5)
    var (steps, pieces) = (whole, whole)
    steps.restart()
    var last = Tensor(repeating: Float(LanguageModel.startID), shape: [rows, 1])
    for step in 0..<100 {
      let now = y.slice(axis: 1, step..<step + 1).reshaped([rows, 20])
      #expect(largestDifference(steps.logProbabilities(after: last), now) < 1e-5)
      last = ids.slice(axis: 1, step..<step + 1)
    }
    for start in stride(from: 0, to: 100, by: 30) {
      let range = start..<min(start + 30, 100)
      let piece = pieces.logProbabilities(of: ids.slice(axis: 1, range), continues: start > 0)
      #expect(largestDifference(piece, y.slice(axis: 1, range)) < 1e-5)
    }
  }

  /// Kernels of fewer bits give what kernels rounded to them give, for all sequences and sizes.
  @Test(
    arguments: [(LanguageModel.Weights.half, 1), (.half, 3), (.int8, 1), (.int8, 3)],
    [
      "Embedding(32) GRU(48) GRU(33)", "Embedding(7) GRU(70, convention: lab) Dense(5, bias: false) GRU(64)",
      "Embedding(3) GRU(1) LSTM(4)", "Embedding(9) Serial(GRU(12) Dense(7))",
    ])
  func reducedKernelsAreRoundedKernels(_ how: (weights: LanguageModel.Weights, rows: Int), _ layers: String) throws {
    let (weights, rows) = how
    let model = try model("ShiftRight \(layers) Dense(20) LogSoftmax")
    var rounded = model
    rounded.layers.visitWeights { name, weight in
      let isKernel = ["gates", "candidate", "kernel"].contains(where: name.hasSuffix)
      guard isKernel, !name.contains("LSTM") else { return }
      if weights == .half {
        weight = weight.map { Float(Float16($0)) }
        return
      }
      let units = name.hasSuffix("gates") ? weight.shape[1] / 2 : name.hasSuffix("candidate") ? weight.shape[1] : 0
      let isFirst = layers.contains("lab") && name.hasPrefix("2")  // the state's rows come first there
      weight = roundedToInt8(weight, partAt: isFirst ? units : weight.shape[0] - units)
    }
    var reduced = try LanguageModel(model, file: "m", weights: weights)
    var float = try LanguageModel(rounded, file: "m")
    let ids = Tensor(RandomKey(5).uniform(rows * 40, 1, 20).map { $0.rounded(.down) }, shape: [rows, 40])
    // Int8's vectors are rounded, too, to 16 bits.
    let bound: Float = weights == .half ? 1e-5 : 5e-4
    #expect(largestDifference(reduced.logProbabilities(of: ids), float.logProbabilities(of: ids)) < bound)
    let exact = model.layers.forward([ids], Pass()).outputs[0]
    #expect(largestDifference(reduced.logProbabilities(of: ids), exact) > 1e-6)
  }

  /// Every column of each part in whole multiples of a 127th of its largest number.
  private func roundedToInt8(_ kernel: Tensor, partAt row: Int) -> Tensor {
    let columns = kernel.shape[1]
    var values = kernel.values
    for part in [0..<row, row..<kernel.shape[0]] {
      for column in 0..<columns {
        let indices = part.map { $0 * columns + column }
        let step = (indices.map { abs(values[$0]) }.max() ?? 0) / 127
        for index in indices where step > 0 { values[index] = (values[index] / step).rounded() * step }
      }
    }
    return Tensor(values, shape: kernel.shape)
  }

  @Test func weightsTooLargeForHalfPrecisionAreAnError() throws {
    var model = try model("ShiftRight Embedding(4) GRU(4) Dense(20) LogSoftmax")
    model.layers.visitWeights { name, weight in
      if name.hasSuffix("candidate") { weight = weight.map { _ in 70_000 } }
    }
    _ = try LanguageModel(model, file: "m")
    let error = #expect(throws: FileError.self) { _ = try LanguageModel(model, file: "m", weights: .half) }
    #expect(
      error?.description
        == "m: a number of the tensor \"2.GRU.candidate\" has no half precision: it is too large, or no number")
  }

  @Test(arguments: [
    ("Embedding(4) Mean Dense(2) LogSoftmax", "gives no probabilities of the next id"),
    ("ShiftRight Embedding(4) GRU(4) Dense(7) LogSoftmax", "gives the probabilities of 7"),
    ("Embedding(4) GRU(4) Dense(20) LogSoftmax", "does not begin with ShiftRight"),
  ])
  func otherModelsAreRefused(_ expression: String, _ reason: String) throws {
    let model = try model(expression)
    let error = #expect(throws: FileError.self) { _ = try LanguageModel(model, file: "m") }
    #expect(error?.description.contains(reason) ?? false, "\(error?.description ?? "")")
  }

  /// Training on a running text in windows is training on the whole, as far as the outputs go: the state is carried.
  @Test func carriedStateReachesTheNextBatch() throws {
    let model = try model("ShiftRight Embedding(8) GRU(8) Dense(20) LogSoftmax")
    let ids = Tensor(RandomKey(5).uniform(40, 1, 20).map { $0.rounded(.down) }, shape: [2, 20])
    func batch(_ range: Range<Int>, continues: Bool) -> Batch {
      let part = ids.slice(axis: 1, range)
      return Batch(
        inputs: part, targets: part, weights: Tensor(repeating: 1, shape: part.shape), continues: continues)
    }
    func loss(_ batches: Batch...) throws -> Float { try EvalTask(batches).evaluate(model.layers).loss }
    let whole = try loss(batch(0..<20, continues: false))
    let parts = try loss(batch(0..<10, continues: false), batch(10..<20, continues: true))
    let apart = try loss(batch(0..<10, continues: false), batch(10..<20, continues: false))
    #expect(abs(whole - parts) < 1e-6 && abs(whole - apart) > 1e-4)
  }
}
