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
    byteCount = bytes.count
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
    var entries: [SafeTensorsEntry] = []
    for (name, entry) in members {
      if name == "__metadata__" {
        metadata = try Self.strings(entry)
      } else {
        entries.append(try SafeTensorsEntry(name, entry, data.count))
      }
    }
    // An empty tensor begins where the next one does.
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    let parts = RoundedParts(entries)
    var expected = 0
    for entry in entries {
      guard entry.range.lowerBound == expected else {
        throw RecordError("the data has a gap or an overlap before tensor \"\(entry.name)\"")
      }
      expected = entry.range.upperBound
      if parts.belongsToAnother(entry) { continue }
      if let tensor = try parts.tensor(of: entry, data) {
        tensors.append((entry.name, tensor))
      } else {
        otherTypes[entry.name] = entry.typeName
      }
    }
    precision = parts.precision
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
