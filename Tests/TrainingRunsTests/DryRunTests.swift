import Models
import Neural
import Random
import TestSupport
import Testing
import TrainingRuns

@Suite struct DryRunTests {
  func text(_ batch: Batch?) throws -> String {
    try DryRun.text(of: Model(layers: SmallRun.layers()), TrainTask(optimizer: Adam(0.01)) { batch })
  }

  @Test func theBatchAndTheMemoryAreShown() throws {
    let batch = Batch(inputs: Tensor([[1, 2, 3], [4, 0, 0]]), targets: Tensor([1, 0]), weights: Tensor([1, 1]))
    let lines = try text(batch).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("first batch: inputs [2, 3], targets [2], loss 0."))
    #expect(lines[1].hasPrefix("a step: ") && lines[1].hasSuffix(" ms, the first one"))
    #expect(lines[2].hasPrefix("memory: weights 0.0 MB, slots 0.0 MB, in all ") && lines[2].hasSuffix(" MB"))
  }

  /// A model of words and 1,024 hashed runs: what is said of its file is what the file has, as its rows are no zeros.
  @Test(arguments: [(FilePrecision.single, 16), (.half, 16), (.int8, 16), (.int8, 4)])
  func theTableAndTheFileAreShown(_ precision: FilePrecision, depth: Int) throws {
    var layers = try LayerExpression().model("Embedding(1029, \(depth)) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 2], key: RandomKey(1))
    var model = Model(
      layers: layers, vocabulary: ["__PAD__", "__</e>__", "__UNK__", "a", "b"],
      tokenizer: "--char-ngrams 3-5 --hash-bits 10")
    model.precision = precision
    let batch = Batch(inputs: Tensor([[3, 4]]), targets: Tensor([1]), weights: Tensor([1]))
    let lines = try DryRun.text(of: model, TrainTask(optimizer: Adam(0.01)) { batch }).split(separator: "\n")
    let size = depth == 16 ? "0.1 MB" : "0.0 MB"
    #expect(
      lines[3] == "table: 1029 rows of \(depth) numbers, 5 of the vocabulary and 1024 of hashed runs, \(size)")
    let bytes = try inTemporaryFolder { folder in
      try model.write(to: "\(folder)/m")
      return try Model(contentsOf: "\(folder)/m").byteCount!
    }
    #expect(abs(model.largestByteCount - bytes) < 100, "\(model.largestByteCount) \(bytes)")
    let kilobytes = Double(model.largestByteCount) / 1000
    #expect(lines[4] == "model file: \((kilobytes * 10).rounded() / 10) kB at most, \(precision) precision")
  }

  @Test func aBatchThatSaysNothingIsAFailure() throws {
    #expect(performing { try text(nil) } == "there is no batch")
    let heavy = Batch(inputs: Tensor([[1], [1]]), targets: Tensor([1, 1]), weights: Tensor([3e38, 3e38]))
    #expect(performing { try text(heavy) } == "the loss of the first batch is not finite")
  }
}
