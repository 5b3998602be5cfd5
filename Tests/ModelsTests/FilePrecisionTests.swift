import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct FilePrecisionTests {
  /// What comes back of a tensor.
  static func back(_ tensor: Tensor, _ precision: FilePrecision) throws -> Tensor {
    try inTemporaryFolder { folder in
      var file = SafeTensors(metadata: [:], tensors: [("x", tensor)])
      file.precision = precision
      try file.write(to: "\(folder)/file")
      let back = try SafeTensors(contentsOf: "\(folder)/file")
      #expect(back.tensors.map(\.name) == ["x"] && back.otherTypes.isEmpty && back.precision == precision)
      return try #require(back.tensor("x"))
    }
  }

  static func random(_ shape: [Int], seed: Int = 1) -> Tensor {
    Tensor(RandomKey(UInt64(seed)).uniform(shape.reduce(1, *), -3, 3), shape: shape)
  }

  /// The entries of the header of a file, with their types and shapes, in the order of the data.
  static func header(_ file: String) throws -> [String] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try #require(
      JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]])
    return try header.filter { $0.key != "__metadata__" }.map { name, entry in
      (try #require((entry["data_offsets"] as? [Int])?[0]), "\(name) \(entry["dtype"]!) \(entry["shape"] as! [Int])")
    }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A matrix of one column once read scales of rows that it does not have.
  @Test(arguments: [[1, 16], [7, 64], [3, 5, 17], [40, 3], [1, 1], [300, 1], [2, 3, 4], [200, 2]])
  func wholeNumbersAreOffByHalfAScale(_ shape: [Int]) throws {
    let tensor = Self.random(shape)
    let (before, after) = (tensor.values, try Self.back(tensor, .int8).values)
    let depth = shape.last!
    for index in before.indices {
      let same = before.indices.filter { depth >= 16 ? $0 / depth == index / depth : $0 % depth == index % depth }
      let scale = same.map { abs(before[$0]) }.max()! / 127
      #expect(abs(before[index] - after[index]) <= scale * 0.50001)
    }
    #expect(try Self.back(tensor, .int8).shape == shape)
    #expect(try before != Self.back(tensor, .int8).values || shape == [1, 1])
  }

  @Test(arguments: [[7, 64], [2, 3, 4], [40, 3]]) func halvesAreTheNearest(_ shape: [Int]) throws {
    let tensor = Self.random(shape)
    #expect(try Self.back(tensor, .half) == tensor.map { Float(Float16($0)) })
  }

  /// Of two that are as near, the even one.
  @Test func halfwayIsRoundedToTheEvenOne() throws {
    let tensor = Tensor([[1 + 0x1p-11, 1 + 3 * 0x1p-11, 65_519, 0x1p-25, 3 * 0x1p-25, -0.0]])
    #expect(try Self.back(tensor, .half).values == [1, 1 + 0x1p-9, 65_504, 0, 0x1p-23, 0])
    // 127 is 127 scales of 1, so that these are in the middle.
    let whole = Tensor([[127, 0.5, 1.5, 2.5, -0.5, -1.5] + [Float](repeating: 0, count: 10)])
    #expect(try Self.back(whole, .int8).values.prefix(6) == [127, 0, 2, 2, 0, -2])
  }

  @Test(arguments: FilePrecision.allCases) func vectorsAndNumbersStay(_ precision: FilePrecision) throws {
    for shape in [[], [1], [50], [0], [0, 3], [3, 0]] {
      try inTemporaryFolder { folder in
        var file = SafeTensors(metadata: [:], tensors: [("x", Self.random(shape))])
        file.precision = precision
        try file.write(to: "\(folder)/file")
        #expect(try SafeTensors(contentsOf: "\(folder)/file").tensor("x") == Self.random(shape))
      }
    }
  }

  /// The smallest and largest numbers there are, zeros, and numbers of very different sizes.
  @Test func extremesComeBackFinite() throws {
    let most = Float.greatestFiniteMagnitude
    for row in [[most, -most, 1], [0, 0, 0], [Float.leastNonzeroMagnitude, 0, -0.0], [1e-40, 1e38, -3]] {
      for repeats in [1, 6] {
        let values = Array(repeatElement(row, count: repeats).joined())
        let back = try Self.back(Tensor([values]), .int8).values
        #expect(Tensor(back).isFinite)
        let bound = row.map(abs).max()! / 253 + .leastNonzeroMagnitude
        #expect(zip(values, back).allSatisfy { abs($0 - $1) <= bound }, "\(values) \(back)")
      }
    }
  }

  @Test(arguments: [Float(65_520), -70_000, .infinity, .nan]) func whatHalfCannotHoldIsRefused(_ value: Float) throws {
    try inTemporaryFolder { folder in
      var file = SafeTensors(metadata: [:], tensors: [("a", Tensor([[1, value]]))])
      file.precision = .half
      let error = #expect(throws: (any Error).self) { try file.write(to: "\(folder)/file") }
      let reason =
        value.isFinite ? "holds \(value), but half precision ends at 65504" : "holds a number that is not finite"
      #expect("\(error!)" == "\(folder)/file: the tensor \"a\" \(reason)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      file.tensors[0].value = Tensor([value])
      try file.write(to: "\(folder)/file")
    }
  }

  /// What other readers find, as the documentation says.
  @Test func theFileHasTheNamesThatAreDocumented() throws {
    try inTemporaryFolder { folder in
      var table = Tensor(repeating: 0, shape: [300, 2])
      table.withMutableValues { for row in [0, 7, 299] { $0[2 * row] = Float(row + 1) } }
      var file = SafeTensors(
        metadata: [:], tensors: [("table", table), ("kernel", Self.random([4, 20])), ("bias", Tensor([1, 2]))])
      file.precision = .int8
      try file.write(to: "\(folder)/file")
      #expect(
        try Self.header("\(folder)/file") == [
          "table.scales F32 [1, 2]", "kernel.scales F32 [4, 1]", "bias F32 [2]", "table I8 [3, 2]",
          "table.rows BOOL [300]", "kernel I8 [4, 20]",
        ])
      let back = try SafeTensors(contentsOf: "\(folder)/file")
      #expect(back.tensor("table")!.value(row: 299, column: 0) == 300 && back.tensor("bias") == Tensor([1, 2]))
      file.precision = .half
      try file.write(to: "\(folder)/file")
      #expect(
        try Self.header("\(folder)/file") == [
          "bias F32 [2]", "table F16 [3, 2]", "kernel F16 [4, 20]", "table.rows BOOL [300]",
        ])
    }
  }

  /// Rows of zeros are left out where that saves room, and come back.
  @Test(arguments: [FilePrecision.half, .int8], [[1000, 2], [400, 30], [300, 1], [9, 2], [2000, 1025]])
  func rowsOfZerosComeBack(_ precision: FilePrecision, _ shape: [Int]) throws {
    for share in [1, 2, 50, 10_000] {
      var table = Self.random(shape, seed: share)
      let depth = table.depth
      table.withMutableValues { values in
        for index in values.indices where index / depth % share != 0 { values[index] = 0 }
        if share == 10_000 { values.update(repeating: 0) }
      }
      let back = try Self.back(table, precision)
      #expect(back.shape == shape)
      for row in 0..<shape[0] {
        let isNothing = (0..<depth).allSatisfy { back.value(row: row, column: $0) == 0 }
        #expect(isNothing == (share == 10_000 || row % share != 0) || depth == 1)
      }
    }
  }

  /// So are the zeros of a vector, whose other numbers are kept as they are.
  @Test(arguments: [FilePrecision.half, .int8]) func zerosOfAVectorComeBack(_ precision: FilePrecision) throws {
    try inTemporaryFolder { folder in
      var counts = Tensor(repeating: 0, shape: [4000])
      counts.withMutableValues { for place in stride(from: 0, to: 4000, by: 7) { $0[place] = Float(place) + 0.125 } }
      let others = [("few", Tensor([1, 0, 0])), ("none", Tensor(repeating: 0, shape: [500]))]
      var file = SafeTensors(metadata: [:], tensors: [("counts", counts)] + others)
      file.precision = precision
      try file.write(to: "\(folder)/file")
      // Nothing is left of "none", so that what follows begins at the same place.
      let expected = [
        "counts F32 [572]", "counts.rows BOOL [4000]", "few F32 [3]", "none F32 [0]", "none.rows BOOL [500]",
      ]
      #expect(try Self.header("\(folder)/file").sorted() == expected)
      let back = try SafeTensors(contentsOf: "\(folder)/file")
      for (name, tensor) in [("counts", counts)] + others { #expect(back.tensor(name) == tensor) }
    }
  }

  /// A model of each precision is the model of its own rounded weights, and the same bytes every time.
  @Test(arguments: FilePrecision.allCases) func aModelComesBackAsItIsRead(_ precision: FilePrecision) throws {
    try inTemporaryFolder { folder in
      var model = try DamagedFileTests.model()
      model.precision = precision
      try model.write(to: "\(folder)/m")
      try model.write(to: "\(folder)/n")
      let (back, read) = (try Model(contentsOf: "\(folder)/m"), try model.asRead(file: "m"))
      #expect(back.precision == precision && back.layers.weights.map(\.value) == read.layers.weights.map(\.value))
      #expect(back.layers.state.map(\.value) == model.layers.state.map(\.value) && back.vocabulary == model.vocabulary)
      let bytes = try ["m", "n"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
      #expect(bytes[0] == bytes[1] && back.byteCount == bytes[0].count)
      // Other models begin with what the file says.
      var other = try LayerExpression().model(model.layers.expression)
      _ = try other.initialize([1, 1], key: RandomKey(5))
      let taken = try WarmStart(vocabulary: model.vocabulary).load(from: "\(folder)/m", into: &other)
      #expect(taken.weights == 5 && other.weights.map(\.value) == back.layers.weights.map(\.value))
    }
  }

  /// Scales and rows that do not fit.
  @Test(
    arguments: [
      (
        #""x.scales":{"dtype":"F32","shape":[3,1]"#, #""x.scales":{"dtype":"F32","shape":[3]"#, "no scale for every row"
      ),
      (
        #""x.scales":{"dtype":"F32","shape":[3,1]"#, #""x.scales":{"dtype":"F32","shape":[1,3]"#,
        "no scale for every row"
      ),
      (#""x.scales":{"dtype":"F32","shape":[3,1]"#, #""x.scales":{"dtype":"I32","shape":[3,1]"#, "type I32"),
      (
        #""x.scales":{"dtype":"F32","shape":[3,1]"#, #""x.scales":{"dtype":"F16","shape":[3,2]"#,
        "no scale for every row"
      ),
      (#""x.scales":{"dtype":"F32","shape":[3,1]"#, #""x.scales":{"dtype":"F32","shape":[4,1]"#, "does not fill"),
      (#""x.rows":{"dtype":"BOOL","shape":[300]"#, #""x.rows":{"dtype":"BOOL","shape":[299]"#, "does not fill"),
      (#""x.rows":{"dtype":"BOOL","shape":[300]"#, #""x.rows":{"dtype":"BOOL","shape":[30,10]"#, nil),
      (#""x":{"dtype":"I8","shape":[3,20]"#, #""x":{"dtype":"I8","shape":[20,3]"#, "no scale for every row"),
      (#""x":{"dtype":"I8","shape":[3,20]"#, #""x":{"dtype":"U8","shape":[3,20]"#, nil),
      (#""x":{"dtype":"I8","shape":[3,20]"#, #""x":{"dtype":"I8","shape":[60]"#, "no scale for every row"),
    ] as [(String, String, String?)])
  func partsThatDoNotFitAreRefused(_ original: String, _ change: String, _ reason: String?) throws {
    let whole = try Self.sparseFile()
    try DamagedFileTests.withFile(DamagedFileTests.changed(whole, original, change)) { file in
      guard let reason else {
        // What is not of the kind that is documented is a tensor like others.
        _ = try SafeTensors(contentsOf: file)
        return
      }
      let error = #expect(throws: (any Error).self) { try SafeTensors(contentsOf: file) }
      #expect(error.map { "\($0)".hasPrefix(file) && "\($0)".contains(reason) } ?? false, "\(error as Any)")
    }
  }

  /// A table of 300 rows of which three are not zero.
  static func sparseFile() throws -> [UInt8] {
    var table = Tensor(repeating: 0, shape: [300, 20])
    table.withMutableValues { for row in [0, 7, 299] { $0[20 * row] = 1 } }
    var file = SafeTensors(metadata: [:], tensors: [("x", table)])
    file.precision = .int8
    return try DamagedFileTests.bytes(file.write)
  }

  @Test func rowsAreAsManyAsTheMarks() throws {
    let whole = try Self.sparseFile()
    for byte in [0, 2, 255] as [UInt8] {
      var bytes = whole
      bytes[whole.count - 1] = byte
      try DamagedFileTests.withFile(bytes) { file in
        let error = #expect(throws: (any Error).self) { try SafeTensors(contentsOf: file) }
        #expect("\(error!)".contains("\"x.rows\" is not 0 or 1 for each row, with as many 1 as there are rows"))
      }
    }
  }

  /// The rows of an empty table may not ask for more memory than a file of that size is worth.
  @Test func marksCannotAskForAnyMemory() throws {
    let header = #"""
      {"x":{"dtype":"F16","shape":[0,1099511627776],"data_offsets":[0,0]},\#
      "x.rows":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]}}
      """#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    try DamagedFileTests.withFile(length + Array(header.utf8) + [UInt8](repeating: 0, count: 8)) { file in
      let error = #expect(throws: (any Error).self) { try SafeTensors(contentsOf: file) }
      #expect("\(error!)".contains("there is no memory for the 8 rows of 1099511627776 numbers"))
    }
  }
}
