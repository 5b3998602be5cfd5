import Files
import JSONLines
import Neural

/// A `.safetensors` file: named tensors of float32 and a map of strings. Python's `safetensors` reads and writes the
/// same. Of other types, tensors of F64, F16 and BF16 are read as float32; those of integers and of types that are not
/// known here are passed over.
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
  /// The types of the tensors that were passed over since their numbers are no weights, by their names.
  public internal(set) var otherTypes: [String: String] = [:]

  /// The contents of a file, its tensors in their order.
  public init(metadata: [String: String], tensors: [(name: String, value: Tensor)]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of a name. For many, `byName` is faster.
  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.value }

  /// All tensors by their names.
  var byName: [String: Tensor] {
    Dictionary(tensors.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Why there is no tensor of a name.
  func absence(of name: String) -> String {
    guard let type = otherTypes[name] else { return "the tensor \"\(name)\" is missing" }
    return "the tensor \"\(name)\" is of the type \(type), which weights do not have"
  }

  /// The bytes of the file up to the data: the length and the header, filled up with spaces so that the data starts at
  /// a multiple of 8.
  private var head: [UInt8] {
    var header: [UInt8] = []
    header.appendObject { header in
      header.add("__metadata__", object: { $0.addSorted(metadata) })
      var offset = 0
      for (name, value) in tensors {
        let range = [offset, offset + 4 * value.count]
        header.add(
          name,
          object: { entry in
            entry.add("dtype", "F32")
            entry.add("shape") { $0.appendJSON(list: value.shape) { $0.appendJSON($1) } }
            entry.add("data_offsets") { $0.appendJSON(list: range) { $0.appendJSON($1) } }
          })
        offset = range[1]
      }
    }
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  /// Writes the file as one unit.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the file, a regular one as a unit: what was there stays until the new one is whole, and `isWhole` is called
  /// then.
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
}
