import CKernels
import Files
import JSONLines
import Neural

/// What a header says of a tensor.
struct SafeTensorsEntry {
  let name: String
  let typeName: String
  let range: Range<Int>
  let shape: [Int]
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
      if type.isHalf, !values.isEmpty, Int(bitPattern: bytes.baseAddress!) % 2 == 0 {
        return kernel_from_half(
          values.baseAddress!, bytes.assumingMemoryBound(to: UInt16.self).baseAddress!, values.count)
      }
      for index in values.indices { values[index] = convert(bytes, index * type.size) }
    }
  }
}

/// A type of numbers in the file.
struct ElementType {
  /// The bytes of a number.
  let size: Int
  /// Reads the number at an offset; nil for types that are no weights.
  let number: ((UnsafeRawBufferPointer, Int) -> Float)?

  /// Whether the bytes are those of a tensor.
  let isFloat32: Bool
  /// Whether there is a kernel for them.
  let isHalf: Bool

  /// The type of a name in the header; nil when it is not known.
  init?(_ name: String) {
    (isFloat32, isHalf) = (name == "F32", name == "F16")
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
