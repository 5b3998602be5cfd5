import Files
import JSONLines
import Neural

/// A `.safetensors` file: named tensors of float32 and a map of strings. Python's `safetensors` reads and writes the
/// same. Of other types, tensors of F64, F16 and BF16 are read as float32, and so are those of I8 with their scales, as
/// `FilePrecision` has them; other integers, and types that are not known here, are passed over.
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
  /// How the numbers are kept when they are written; of a file that was read, how they were.
  public var precision: FilePrecision = .single
  /// The bytes of the file that was read.
  public internal(set) var byteCount: Int?

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

  /// The tensors as the file has them: those of the longest numbers come first, so that each begins where a reader may
  /// take it from without copying.
  /// - Throws: `FileError` naming `file` when a number is too large for the precision.
  private func stored(_ file: String) throws(FileError) -> [StoredTensor] {
    var stored: [StoredTensor] = []
    do throws(RecordError) {
      for (name, value) in tensors { stored += try precision.stored(name, value) }
    } catch {
      throw FileError(file, "\(error)")
    }
    return [4, 2, 1].flatMap { size in stored.filter { $0.type.size == size } }
  }

  /// The bytes of the file up to the data: the length and the header, filled up with spaces so that the data starts at
  /// a multiple of 8.
  private func head(_ stored: [StoredTensor]) -> [UInt8] {
    var header: [UInt8] = []
    header.appendObject { header in
      header.add("__metadata__", object: { $0.addSorted(metadata) })
      var offset = 0
      for tensor in stored {
        let range = [offset, offset + tensor.byteCount]
        header.add(
          tensor.name,
          object: { entry in
            entry.add("dtype", tensor.type.name)
            entry.add("shape") { $0.appendJSON(list: tensor.shape) { $0.appendJSON($1) } }
            entry.add("data_offsets") { $0.appendJSON(list: range) { $0.appendJSON($1) } }
          })
        offset = range[1]
      }
    }
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  /// The bytes that the file may have: those of a file whose tensors have no rows of zeros.
  var largestByteCount: Int {
    let entries = tensors.reduce(0) { $0 + precision.largestByteCount($1.name, shape: $1.value.shape) }
    return head([]).count + entries
  }

  /// What a reader of the file makes of it: the tensors as they are when they have been rounded.
  /// - Throws: `FileError` naming `file` when a number is too large for the precision.
  func asRead(_ file: String) throws(FileError) -> SafeTensors {
    let stored = try stored(file)
    var bytes = head(stored)
    for tensor in stored { tensor.append(to: &bytes) }
    do { return try SafeTensors(bytes) } catch { throw FileError(file, "\(error)") }
  }

  /// Writes the file as one unit.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the file, a regular one as a unit: what was there stays until the new one is whole, and `isWhole` is called
  /// then.
  /// - Throws: `FileError`, as well for a number that is too large for the precision; nothing is left behind then.
  public func write(
    to file: OutputFile, isWhole: () throws(FileError) -> Void = { () throws(FileError) in }
  ) throws(FileError) {
    let stored = try stored(file.name)
    try file.write(isWhole: isWhole) { output throws(FileError) in
      output.bytes = head(stored)
      for tensor in stored {
        tensor.append(to: &output.bytes)
        try output.flushIfFull()
      }
    }
  }
}
