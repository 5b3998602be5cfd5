import Glibc
import Records

/// A `.safetensors` file: named tensors of float32 and a map of strings. Python's `safetensors` reads and writes the
/// same. Of other types, tensors of F64, F16 and BF16 are read as float32, and those of integers are passed over.
///
///     8 bytes    the length of the header, little-endian
///     header     JSON: {"__metadata__": {name: text}, tensor: {"dtype", "shape", "data_offsets": [start, end]}, …}
///     data       the tensors one after the other
///
/// Source: the format's description at https://huggingface.co/docs/safetensors.
public struct SafeTensors {
  /// The strings of the header, written in the order of their names.
  public var metadata: [String: String]
  /// The tensors in the order of the file.
  public var tensors: [(name: String, value: Tensor)]

  public init(metadata: [String: String], tensors: [(name: String, value: Tensor)]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of a name.
  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.value }

  /// The bytes of the file up to the data: the length and the header, filled up with spaces so that the data starts at a
  /// multiple of 8.
  private var head: [UInt8] {
    var header: [UInt8] = []
    header.append("{\"__metadata__\":{")
    for (index, (name, text)) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { header.append(",") }
      header.appendJSON(name)
      header.append(":")
      header.appendJSON(text)
    }
    header.append("}")
    var offset = 0
    for (name, value) in tensors {
      header.append(",")
      header.appendJSON(name)
      header.append(":{\"dtype\":\"F32\",\"shape\":")
      header.appendJSON(list: value.shape) { $0.appendJSON($1) }
      header.append(",\"data_offsets\":")
      header.appendJSON(list: [offset, offset + 4 * value.count]) { $0.appendJSON($1) }
      header.append("}")
      offset += 4 * value.count
    }
    header.append("}")
    while header.count % 8 != 0 { header.append(0x20) }
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  /// Writes the file as one unit.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the file, a regular one as a unit: what was there stays until the new one is whole, and `isWhole` is called then.
  /// - Throws: `FileError`; nothing is left behind then.
  public func write(
    to file: OutputFile, isWhole: () throws(FileError) -> Void = { () throws(FileError) in }
  ) throws(FileError) {
    try file.write(isWhole: isWhole) { output throws(FileError) in
      output.bytes = head
      for (_, value) in tensors {
        value.withValues { output.bytes.append(contentsOf: UnsafeRawBufferPointer($0)) }
        try output.flushIfFull()
      }
    }
  }

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
    metadata = [:]
    tensors = []
    guard bytes.count >= 8 else { throw RecordError("it has \(bytes.count) bytes and no header") }
    let headerLength = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * $1) }
    guard headerLength <= bytes.count - 8 else {
      throw RecordError("its header of \(headerLength) bytes goes beyond its end")
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
    var expected = 0
    var entries: [(name: String, type: ElementType, shape: [Int], range: Range<Int>)] = []
    for (name, entry) in header.members {
      if name == "__metadata__" {
        for (key, text) in entry.members { metadata[key] = text.string }
        continue
      }
      guard let type = entry["dtype"]?.string.flatMap(ElementType.init) else {
        throw RecordError("tensor \"\(name)\" is of an unknown type")
      }
      guard let shape = entry["shape"]?.integers, let offsets = entry["data_offsets"]?.integers, offsets.count == 2,
        shape.allSatisfy({ 0...1 << 40 ~= $0 }), 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= data.count
      else {
        throw RecordError("tensor \"\(name)\" lies outside the file")
      }
      let count = shape.reduce(into: (1, false)) { product, length in
        let (value, overflow) = product.0.multipliedReportingOverflow(by: length)
        product = (value, product.1 || overflow)
      }
      guard !count.1, count.0 <= data.count, type.size * count.0 == offsets[1] - offsets[0] else {
        throw RecordError("tensor \"\(name)\" of shape \(shape) does not fill its \(offsets[1] - offsets[0]) bytes")
      }
      entries.append((name, type, shape, offsets[0]..<offsets[1]))
    }
    for (name, type, shape, range) in entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard range.lowerBound == expected else {
        throw RecordError("the data has a gap or an overlap before tensor \"\(name)\"")
      }
      expected = range.upperBound
      guard let convert = type.number else { continue }
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(data)[range])
      let tensor = Tensor(shape: shape) { values in
        if type.isFloat32 { return UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes) }
        for index in values.indices { values[index] = convert(bytes, index * type.size) }
      }
      tensors.append((name, tensor))
    }
    guard expected == data.count else {
      throw RecordError("\(data.count - expected) bytes follow the last tensor")
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

  /// The type of a name in the header; nil when the format has no such type.
  init?(_ name: String) {
    isFloat32 = name == "F32"
    switch name {
    case "F64": (size, number) = (8, { Float($0.loadUnaligned(fromByteOffset: $1, as: Double.self)) })
    case "F32": (size, number) = (4, { $0.loadUnaligned(fromByteOffset: $1, as: Float.self) })
    case "F16": (size, number) = (2, { half($0.loadUnaligned(fromByteOffset: $1, as: UInt16.self)) })
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

/// The number of a half-precision bit pattern: a sign, 5 bits of exponent, 10 of fraction.
private func half(_ bits: UInt16) -> Float {
  let sign: Float = bits >> 15 == 0 ? 1 : -1
  let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
  switch exponent {
  case 0: return sign * Float(sign: .plus, exponent: -14, significand: fraction)
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
  }
}

extension JSON {
  fileprivate var integers: [Int]? {
    guard let items else { return nil }
    let integers = items.compactMap(\.integer)
    return integers.count == items.count ? integers : nil
  }
}
