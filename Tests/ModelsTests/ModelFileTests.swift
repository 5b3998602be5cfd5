import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct ModelFileTests {
  func model() throws -> Model {
    var layers = try LayerExpression().model("Embedding(4, 3) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    return Model(
      layers: layers, vocabulary: ["__PAD__", "__</e>__", "__UNK__", "\"é\n"], labels: ["no", "yes"],
      tokenizer: "--links url", statistics: ["loss": 0.25])
  }

  @Test func aModelComesBack() throws {
    try inTemporaryFolder { folder in
      let model = try model()
      try model.write(to: "\(folder)/m.safetensors")
      let back = try Model(contentsOf: "\(folder)/m.safetensors")
      #expect(back.layers.expression == model.layers.expression)
      #expect(back.layers.weights.map(\.name) == ["0.Embedding.table", "2.Dense.kernel", "2.Dense.bias"])
      #expect(back.layers.weights.map(\.value) == model.layers.weights.map(\.value))
      #expect(back.vocabulary == model.vocabulary && back.labels == model.labels)
      #expect(back.tokenizer == model.tokenizer && back.statistics == model.statistics)
      try back.write(to: "\(folder)/n.safetensors")
      let bytes = try ["m", "n"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0).safetensors")) }
      #expect(bytes[0] == bytes[1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }

  /// A model's file once could hold the state of the texts that it was trained on.
  @Test func aModelForgetsTheSequencesThatItSaw() throws {
    try inTemporaryFolder { folder in
      var layers = try LayerExpression().model("ShiftRight Embedding(5, 3) GRU(4) Dense(5) LogSoftmax")
      _ = try layers.initialize([1, 1], key: RandomKey(1))
      let forward = layers.forward([Tensor([1, 2, 3], shape: [1, 3])], Pass(.train))
      layers.setState(forward.state)
      #expect(layers.state.contains { $0.value.count > 0 })
      try Model(layers: layers).write(to: "\(folder)/m")
      let tensors = try SafeTensors(contentsOf: "\(folder)/m").tensors.map(\.name)
      #expect(tensors == layers.weights.map(\.name))
    }
  }

  @Test(arguments: [
    (#"{"t":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}"#, "does not fill"),
    (#"{"t":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, "outside"),
    (#"{"t":{"dtype":"C64","shape":[1],"data_offsets":[0,3]}}"#, "bytes follow"),
    (#"{"t":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}"#, "no type"),
    (#"{"__metadata__":{"a":null},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "no map of strings"),
    (#"{"__metadata__":"a","t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "no map of strings"),
    (
      #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "a key stands in an object twice"
    ),
    (#"{"t":{"dtype":"F32","dtype":"I8","shape":[1],"data_offsets":[0,4]}}"#, "a key stands in an object twice"),
    (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "does not fill"),
    (#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,400]}}"#, "outside"),
    (#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "outside"),
    (#"{"t":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]}}"#, "does not fill"),
    (#"{"t":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, "outside"),
    (#"{"t":{"dtype":"F32","data_offsets":[0,4]}}"#, "outside"), (#"{}"#, "bytes follow"),
    (#"[]"#, "its header is a list, no object"),
    (#"7"#, "its header is a number, no object"),
    (
      #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "overlap"
    ),
  ])
  func headersThatLieAreRefused(_ header: String, _ reason: String) throws {
    try inTemporaryFolder { folder in
      let bytes =
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) } + header.utf8 + [0, 0, 0, 0]
      let file = URL(fileURLWithPath: "\(folder)/bad.safetensors")
      try Data(bytes).write(to: file)
      do {
        _ = try SafeTensors(contentsOf: file.path)
        Issue.record("\(header) was accepted")
      } catch { #expect("\(error)".contains(reason), "\(error)") }
    }
  }

  @Test func aWeightCanBeginWithATensorOfAFile() throws {
    try inTemporaryFolder { folder in
      let model = try model()
      try model.write(to: "\(folder)/m.safetensors")
      let initializer = try fromFile("\(folder)/m.safetensors", tensor: "2.Dense.kernel")
      var dense = Dense(2, kernelInitializer: initializer)
      _ = try dense.initialize([1, 3], key: RandomKey(9))
      #expect(dense.kernel == model.layers.weights[1].value)
      #expect(throws: (any Error).self) { try fromFile("\(folder)/m.safetensors", tensor: "none") }
      #expect(throws: (any Error).self) { try fromFile("\(folder)/none", tensor: "none") }
    }
  }

  /// What a layer carries without training it, such as running means, is in the file as well.
  @Test func stateComesBack() throws {
    try inTemporaryFolder { folder in
      var layers = try LayerExpression().model("Embedding(4, 3) Mean BatchNorm Dense(2) LogSoftmax")
      _ = try layers.initialize([1, 1], key: RandomKey(1))
      layers.setState(layers.forward([Tensor([[1, 2], [3, 0]])], Pass(.train)).state)
      try Model(layers: layers).write(to: "\(folder)/m")
      let back = try Model(contentsOf: "\(folder)/m").layers
      #expect(back.state.map(\.value) == layers.state.map(\.value) && back.state.count == 3)
      #expect(back.state.map(\.name).first == "2.BatchNorm.mean")
    }
  }

  @Test func aFileThatCannotBeWrittenLeavesNothingBehind() throws {
    try inTemporaryFolder { folder in
      let model = try model()
      #expect(throws: (any Error).self) { try model.write(to: "\(folder)/none/m.safetensors") }
      try FileManager.default.createDirectory(atPath: "\(folder)/m", withIntermediateDirectories: false)
      #expect(throws: (any Error).self) { try model.write(to: "\(folder)/m") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m"])
    }
  }

  /// Weights of other types than ours become float32; integers are passed over.
  @Test func weightsOfOtherTypesAreRead() throws {
    let header = #"""
      {"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},\
      "d":{"dtype":"F64","shape":[1],"data_offsets":[12,20]},"i":{"dtype":"I64","shape":[1],"data_offsets":[20,28]}}
      """#.replacingOccurrences(of: "\\\n", with: "")
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
    for half in [0x3c00, 0xc100, 0x0001, 0x7bff] as [UInt16] { bytes += [UInt8(half & 255), UInt8(half >> 8)] }
    for brain in [0x3fc0, 0xbf80] as [UInt16] { bytes += [UInt8(brain & 255), UInt8(brain >> 8)] }
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: (0.1 as Double).bitPattern >> (8 * UInt64($0))) }
    bytes += [UInt8](repeating: 7, count: 8)
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      let contents = try SafeTensors(contentsOf: file)
      #expect(contents.tensor("h")?.values == [1, -2.5, 5.9604645e-08, 65504])
      #expect(contents.tensor("b")?.values == [1.5, -1] && contents.tensor("d")?.values == [0.1])
      #expect(contents.tensor("i") == nil)
    }
  }
}
