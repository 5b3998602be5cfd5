import Files
import JSONLines
import Neural

extension SafeTensors {
  /// The longest header that the format allows.
  static let longestHeader = 100_000_000

  /// Reads a file.
  /// - Throws: `FileError` when it can't be read, is cut off, or does not keep to the format.
  public init(contentsOf file: String) throws(FileError) {
    let bytes = try WholeFile.read(file)
    do throws(RecordError) {
      try self.init(bytes)
    } catch {
      throw FileError(file, "not a model file: \(error)")
    }
  }

  /// Reads the bytes of a file.
  init(_ bytes: [UInt8]) throws(RecordError) {
    self.init(metadata: [:], tensors: [])
    guard bytes.count >= 8 else { throw RecordError("it has \(bytes.count) bytes and no header") }
    let headerLength = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * $1) }
    guard headerLength <= bytes.count - 8 else {
      let isJSON = bytes[0] == UInt8(ascii: "{")
      throw RecordError(
        isJSON
          ? "it is JSON, like a vocabulary or records (train --model writes models)"
          : "its header of \(headerLength) bytes goes beyond its end")
    }
    guard headerLength <= Self.longestHeader else {
      throw RecordError("its header is longer than \(Self.longestHeader) bytes")
    }
    let dataStart = 8 + Int(headerLength)
    let failure = bytes.withUnsafeBufferPointer { bytes -> RecordError? in
      do throws(RecordError) {
        let header = try JSONDocument(Bytes(rebasing: bytes[8..<dataStart]))
        try read(header.root, Bytes(rebasing: bytes[dataStart...]))
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  private mutating func read(_ header: JSON, _ data: Bytes) throws(RecordError) {
    guard let members = header.members else { throw RecordError("its header is \(header.kind), no object") }
    var entries: [Entry] = []
    for (name, entry) in members {
      if name == "__metadata__" {
        metadata = try Self.strings(entry)
      } else {
        entries.append(try Entry(name, entry, data.count))
      }
    }
    // An empty tensor begins where the next one does.
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var expected = 0
    for entry in entries {
      guard entry.range.lowerBound == expected else {
        throw RecordError("the data has a gap or an overlap before tensor \"\(entry.name)\"")
      }
      expected = entry.range.upperBound
      if let tensor = entry.tensor(data) {
        tensors.append((entry.name, tensor))
      } else {
        otherTypes[entry.name] = entry.typeName
      }
    }
    guard expected == data.count else {
      throw RecordError("\(data.count - expected) bytes follow the last tensor")
    }
  }

  private static func strings(_ map: JSON) throws(RecordError) -> [String: String] {
    guard let members = map.members else { throw RecordError("its metadata is \(map.kind), no map of strings") }
    var strings: [String: String] = [:]
    for (key, value) in members {
      guard let text = value.string else {
        throw RecordError("its metadata is no map of strings: \"\(key)\" holds \(value.kind)")
      }
      strings[key] = text
    }
    return strings
  }
}

/// What a header says of a tensor.
private struct Entry {
  let name: String
  let typeName: String
  let range: Range<Int>
  private let shape: [Int]
  /// Nil where the type is not known.
  private let type: ElementType?

  /// Reads an entry, for data of so many bytes.
  init(_ name: String, _ entry: JSON, _ dataCount: Int) throws(RecordError) {
    guard let typeName = entry["dtype"]?.string else { throw RecordError("tensor \"\(name)\" has no type") }
    guard let shape = entry["shape"]?.integers, let offsets = entry["data_offsets"]?.integers, offsets.count == 2,
      shape.allSatisfy({ 0...1 << 40 ~= $0 }), 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= dataCount
    else {
      throw RecordError("tensor \"\(name)\" lies outside the file")
    }
    (self.name, self.typeName, self.shape, range) = (name, typeName, shape, offsets[0]..<offsets[1])
    type = ElementType(typeName)
    guard let type else { return }
    let count = shape.reduce(into: (1, false)) { product, length in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: length)
      product = (value, product.1 || overflow)
    }
    guard !count.1, count.0 <= dataCount, type.size * count.0 == range.count else {
      throw RecordError("tensor \"\(name)\" of shape \(shape) does not fill its \(range.count) bytes")
    }
  }

  /// The tensor in the data of the file; nil when its numbers are no weights.
  func tensor(_ data: Bytes) -> Tensor? {
    guard let type, let convert = type.number else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(data)[range])
    return Tensor(shape: shape) { values in
      if type.isFloat32 { return UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes) }
      for index in values.indices { values[index] = convert(bytes, index * type.size) }
    }
  }
}

/// A type of numbers in the file.
private struct ElementType {
  /// The bytes of a number.
  let size: Int
  /// Reads the number at an offset; nil for types that are no weights.
  let number: ((UnsafeRawBufferPointer, Int) -> Float)?

  /// Whether the bytes are those of a tensor.
  let isFloat32: Bool

  /// The type of a name in the header; nil when it is not known.
  init?(_ name: String) {
    isFloat32 = name == "F32"
    switch name {
    case "F64": (size, number) = (8, { Float($0.loadUnaligned(fromByteOffset: $1, as: Double.self)) })
    case "F32": (size, number) = (4, { $0.loadUnaligned(fromByteOffset: $1, as: Float.self) })
    case "F16": (size, number) = (2, { Float($0.loadUnaligned(fromByteOffset: $1, as: Float16.self)) })
    case "BF16":
      (size, number) = (2, { Float(bitPattern: UInt32($0.loadUnaligned(fromByteOffset: $1, as: UInt16.self)) << 16) })
    case "I64", "U64": (size, number) = (8, nil)
    case "I32", "U32": (size, number) = (4, nil)
    case "I16", "U16": (size, number) = (2, nil)
    case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2": (size, number) = (1, nil)
    default: return nil
    }
  }
}
