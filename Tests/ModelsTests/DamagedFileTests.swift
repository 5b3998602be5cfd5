import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

/// Files that are damaged, and files that are no models: each is refused with its name, or harmless, and none traps.
@Suite struct DamagedFileTests {
  /// A model with all that a file can hold: a table, kernels, running means.
  static func model() throws -> Model {
    var layers = try LayerExpression().model("Embedding(4, 3) Mean BatchNorm Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    return Model(
      layers: layers, vocabulary: ["__PAD__", "__</e>__", "__UNK__", "\"é\n"], labels: ["no", "yes"],
      tokenizer: "--links url", statistics: ["loss": 0.25])
  }

  /// A run with evaluations, late rows and a history, at a step.
  static func loop(_ model: Model) throws -> Loop {
    var batches = 3
    let batch = Batch(
      inputs: Tensor([[1, 2], [3, 0]]), targets: Tensor([0, 1]), weights: Tensor(repeating: 1, shape: [2]))
    let task = TrainTask(optimizer: Adam(0.01), metrics: []) {
      batches -= 1
      return batches >= 0 ? batch : nil
    }
    return Loop(model.layers, task, evalTasks: [try EvalTask([batch], metrics: [])], timing: .init(reportEvery: 1))
  }

  static func bytes(_ write: (String) throws -> Void) throws -> [UInt8] {
    return try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try write(file)
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    }
  }

  /// Gives a file of bytes to `body`.
  static func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      try body(file)
    }
  }

  /// Cuts the file everywhere, and changes every byte of it in several ways.
  static func damage(_ whole: [UInt8], _ read: (String) throws -> Void) throws {
    try withFile(whole, read)
    for length in stride(from: 0, to: whole.count, by: 5) {
      try withFile(Array(whole[..<length])) { file in
        let error = #expect(throws: (any Error).self) { try read(file) }
        #expect(error.map { "\($0)".hasPrefix(file) } ?? false)
      }
    }
    try withFile(whole) { file in
      let handle = try #require(FileHandle(forUpdatingAtPath: file))
      func put(_ byte: UInt8, at index: Int) throws {
        try handle.seek(toOffset: UInt64(index))
        try handle.write(contentsOf: [byte])
      }
      for index in whole.indices {
        for byte in [0x00, 0x39, 0x7f, 0xff, whole[index] ^ 1] where byte != whole[index] {
          try put(byte, at: index)
          do { try read(file) } catch { #expect("\(error)".hasPrefix(file), "byte \(index): \(error)") }
        }
        try put(whole[index], at: index)
      }
    }
  }

  @Test(arguments: FilePrecision.allCases) func aDamagedModelIsRefusedOrHarmless(_ precision: FilePrecision) throws {
    var model = try Self.model()
    model.precision = precision
    try Self.damage(Self.bytes(model.write)) { file in
      let model = try Model(contentsOf: file)
      _ = try model.signature(file: file)
      _ = model.layers.forward(Tensor([[1, 3]]))
      #expect(model.layers.firstNonFiniteWeight == nil)
    }
  }

  @Test func aDamagedCheckpointIsRefusedOrHarmless() throws {
    let model = try Self.model()
    var loop = try Self.loop(model)
    _ = try loop.run(steps: 3)
    let file = try Self.bytes { try Checkpoint(loop, model: model, settings: ["--seed": "1"]).write(to: $0) }
    try Self.damage(file) { file in
      let checkpoint = try Checkpoint(contentsOf: file)
      var loop = try Self.loop(model)
      try checkpoint.restore(&loop, file: file)
      _ = try? loop.run(steps: checkpoint.step < 1000 ? checkpoint.step + 1 : 0)
    }
  }

  /// Numbers of a run that are no steps, counts or figures; `"best":[1e300,0]` was a trap.
  @Test(arguments: [
    (
      #""step":3"#,
      [#""step":0"#, #""step":-1"#, #""step":1e300"#, #""step":4294967296"#, #""step":1.5"#, #""step":"3""#]
    ),
    (
      #""best":["#,
      [
        #""best":[1e300,0],"x":["#, #""best":[1.5,0],"x":["#, #""best":[0,0],"x":["#, #""best":[1],"x":["#,
        #""best":[1,1e300],"x":["#, #""best":["1","2"],"x":["#, #""best":[1,2,3],"x":["#, #""best":null,"x":["#,
      ]
    ),
    (
      #""evaluations_since_best":0"#,
      [#""evaluations_since_best":-1"#, #""evaluations_since_best":1e99"#, #""evaluations_since_best":null"#]
    ),
    (#""recent":["#, [#""recent":[null,"#, #""recent":["1","#, #""recent":[1,"#]),
    (#""settings":{"#, [#""settings":{"a":1,"#, #""settings":{"--seed":"2","#, #""settings":[],"y":{"#]),
    (#"[3,"#, [#"[-3,"#, #"[3e300,"#, #"[null,"#]),
  ])
  func runsThatAreNoneAreRefused(_ original: String, _ changes: [String]) throws {
    let model = try Self.model()
    var loop = try Self.loop(model)
    _ = try loop.run(steps: 3)
    let whole = try Self.bytes { try Checkpoint(loop, model: model, settings: ["--seed": "1"]).write(to: $0) }
    for change in changes {
      try Self.withFile(Self.metadata(of: whole, original, change)) { file in
        let error = #expect(throws: (any Error).self) {
          var loop = try Self.loop(model)
          try Checkpoint(contentsOf: file).restore(&loop, file: file)
        }
        #expect(error.map { "\($0)".hasPrefix(file) } ?? false, "\(change)")
      }
    }
  }

  /// The file with another text in its header, which is escaped as the header's strings are.
  static func metadata(of whole: [UInt8], _ original: String, _ change: String) throws -> [UInt8] {
    func escaped(_ text: String) -> String { text.replacingOccurrences(of: "\"", with: "\\\"") }
    return try changed(whole, escaped(original), escaped(change))
  }

  /// The file with another text in its header.
  static func changed(_ whole: [UInt8], _ original: String, _ change: String) throws -> [UInt8] {
    let length = (0..<8).reduce(0) { $0 | Int(whole[$1]) << (8 * $1) }
    let header = String(decoding: whole[8..<8 + length], as: UTF8.self)
    let place = try #require(header.range(of: original), "\(original) in \(header)")
    let new = Array(header.replacingCharacters(in: place, with: change).utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: new.count >> (8 * $0)) } + new + whole[(8 + length)...]
  }

  @Test(arguments: [
    (#"\"__</e>__\""#, #"\"__PAD__\""#, "the token \"__PAD__\" stands in its vocabulary twice"),
    (#"[\"no\",\"yes\"]"#, #"[\"no\",\"no\"]"#, "the label \"no\" stands in its labels twice"),
    (#"[\"no\",\"yes\"]"#, #"[\"no\"]"#, "it has 1 labels, but its layers give 2 classes"),
    (#"[\"no\",\"yes\"]"#, #"[\"no\",2]"#, "its labels is no list of strings"),
    (#"[\"no\",\"yes\"]"#, #"{\"no\":1}"#, "its labels is no list of strings"),
    (#"\"__UNK__\""#, #"\"__UNK__\",\"a\",\"b\""#, "its vocabulary has 6 entries, but its layers take 4 ids"),
    (#"{\"loss\":0.25}"#, #"{\"loss\":\"x\"}"#, "its figures are no map of numbers"),
    (#"{\"loss\":0.25}"#, "[]", "its figures are no map of numbers"),
    (#"{\"loss\":0.25}"#, #"{\"a\":1,\"a\":2}"#, "a key stands in an object twice"),
    ("Dense(2)", "Dense(3)", "but its layers need [3, 3]"),
    ("Embedding(4, 3)", "Embedding(5, 3)", "has the shape [4, 3], but its layers need [5, 3]"),
    ("Mean BatchNorm", "Mean GRU(1073741824)", "its layers can't be used"),
    ("Mean BatchNorm", "Mean Dense(1073741824) BatchNorm", "more than 2147483647"),
    ("Mean BatchNorm", "Mean(axis: 2) BatchNorm", "depending on the batch"),
    ("Mean BatchNorm", "Mean \(String(repeating: "Serial(", count: 10_000))", "its layers can't be read"),
    ("\"2.BatchNorm.mean\":", "\"2.BatchNorm.meaning\":", "the tensor \"2.BatchNorm.mean\" is missing"),
    (
      "\"3.Dense.bias\":{\"dtype\":\"F32\"", "\"3.Dense.bias\":{\"dtype\":\"I32\"",
      "is of the type I32, which weights do not have"
    ),
    (
      "\"3.Dense.bias\":{\"dtype\":\"F32\"", "\"3.Dense.bias\":{\"dtype\":\"C64\"",
      "is of the type C64, which weights do not have"
    ),
    ("\"3.Dense.bias\":", "\"3.Dense.kernel\":", "a key stands in an object twice"),
    ("\"format\":\"rivulet\"", "\"format\":\"rivulet\",\"format\":\"rivulet\"", "a key stands in an object twice"),
    (
      "\"format\":\"rivulet\"", "\"format\":\"rivulet\",\"x\":1",
      "its metadata is no map of strings: \"x\" holds a number"
    ),
    ("\"__metadata__\":{", "\"__metadata__\":[], \"other\":{", "its metadata is a list, no map of strings"),
  ])
  func modelsThatLieAreRefused(_ original: String, _ change: String, _ reason: String) throws {
    let whole = try Self.bytes(Self.model().write)
    try Self.withFile(Self.changed(whole, original, change)) { file in
      let error = #expect(throws: (any Error).self) { try Model(contentsOf: file) }
      let message = error.map { "\($0)" } ?? ""
      #expect(message.hasPrefix(file) && message.contains(reason), "\(message)")
    }
  }

  /// A number that is none, in any tensor.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func weightsThatAreNotFiniteAreRefused(_ value: Float) throws {
    let model = try Self.model()
    let names = (model.layers.weights + model.layers.state).map(\.name)
    for name in names {
      var changed = model
      changed.layers.visitWeights { if $0 == name { $1.withMutableValues { $0[0] = value } } }
      changed.layers.visitState { if $0 == name { $2.withMutableValues { $0[0] = value } } }
      try Self.withFile(Self.bytes(changed.write)) { file in
        let error = #expect(throws: (any Error).self) { try Model(contentsOf: file) }
        #expect("\(error!)" == "\(file): the tensor \"\(name)\" holds a number that is not finite")
      }
    }
  }

  /// Tensors of types that nobody asked for do not keep the others from being read.
  @Test func tensorsOfUnknownTypesArePassedOver() throws {
    let header = #"""
      {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"C64","shape":[3],"data_offsets":[4,6]},\#
      "z":{"dtype":"F32","shape":[0],"data_offsets":[6,6]},"e":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}
      """#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    let file = length + Array(header.utf8) + [0, 0, 0x80, 0x3f, 1, 2, 0, 0, 0, 0x40]
    try Self.withFile(file) { file in
      let contents = try SafeTensors(contentsOf: file)
      #expect(contents.tensors.map(\.name) == ["a", "z", "e"] && contents.otherTypes == ["c": "C64"])
      #expect(contents.tensor("e") == Tensor([2]))
    }
  }
}
