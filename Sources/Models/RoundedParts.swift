import Files
import JSONLines
import Neural

/// The tensors of a file that are rounded, and what stands beside them, as `FilePrecision` says.
struct RoundedParts {
  private let entries: [String: SafeTensorsEntry]

  init(_ entries: [SafeTensorsEntry]) {
    self.entries = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// How the numbers are kept.
  var precision: FilePrecision {
    let rounded = entries.values.filter { $0.shape.count >= 2 }
    if rounded.contains(where: { scales(of: $0) != nil }) { return .int8 }
    return rounded.contains { $0.typeName == "F16" } ? .half : .single
  }

  /// Whether a tensor is the scales or the rows of another.
  func belongsToAnother(_ entry: SafeTensorsEntry) -> Bool {
    for (ending, part) in [(".scales", scales), (".rows", rows)] where entry.name.hasSuffix(ending) {
      guard let other = entries[String(entry.name.dropLast(ending.count))] else { continue }
      if part(other) != nil { return true }
    }
    return false
  }

  private func scales(of entry: SafeTensorsEntry) -> SafeTensorsEntry? {
    entry.typeName == "I8" ? entries["\(entry.name).scales"] : nil
  }

  private func rows(of entry: SafeTensorsEntry) -> SafeTensorsEntry? {
    guard let rows = entries["\(entry.name).rows"], rows.typeName == "BOOL", rows.shape.count == 1,
      1...2 ~= entry.shape.count
    else { return nil }
    return rows
  }

  /// The tensor of an entry, whole; nil when its numbers are no weights.
  /// - Throws: `RecordError` when its scales or its rows do not fit it.
  func tensor(of entry: SafeTensorsEntry, _ data: Bytes) throws(RecordError) -> Tensor? {
    guard
      let tensor = try scales(of: entry).map({ scales throws(RecordError) in try scaled(entry, scales, data) })
        ?? entry.tensor(data)
    else { return nil }
    guard let rows = rows(of: entry) else { return tensor }
    return try spread(tensor, rows, data)
  }

  private func scaled(
    _ entry: SafeTensorsEntry, _ scales: SafeTensorsEntry, _ data: Bytes
  ) throws(RecordError) -> Tensor {
    let (rows, depth) = (Array(entry.shape.dropLast()), entry.shape.last ?? 1)
    let ofRows = scales.shape == rows + [1]
    guard !entry.shape.isEmpty, let factors = scales.tensor(data),
      ofRows || scales.shape == rows.map({ _ in 1 }) + [depth]
    else {
      throw RecordError(
        "the tensor \"\(scales.name)\" of shape \(scales.shape) and type \(scales.typeName) has no scale for every row, "
          + "or every column, of \(entry.shape)")
    }
    let numbers = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(data)[entry.range])
    return factors.withValues { factors in
      Tensor(shape: entry.shape) { values in
        for start in stride(from: 0, to: values.count, by: max(depth, 1)) {
          for column in 0..<depth {
            let scale = factors[ofRows ? start / depth : column]
            values[start + column] = Float(Int8(bitPattern: numbers[start + column])) * scale
          }
        }
      }
    }
  }

  /// The rows of a matrix, or numbers of a vector, at the places where there is a 1, and zeros where there is a 0.
  private func spread(_ tensor: Tensor, _ rows: SafeTensorsEntry, _ data: Bytes) throws(RecordError) -> Tensor {
    let places = data[rows.range]
    let (count, depth) = (tensor.shape[0], tensor.shape.count == 1 ? 1 : tensor.depth)
    guard places.allSatisfy({ $0 <= 1 }), places.reduce(0, { $0 + Int($1) }) == count else {
      throw RecordError("the tensor \"\(rows.name)\" is not 0 or 1 for each row, with as many 1 as there are rows")
    }
    guard depth <= FilePrecision.longestSparseRow, hasMemory(forNumbers: places.count * depth) else {
      throw RecordError("there is no memory for the \(places.count) rows of \(depth) numbers of \"\(rows.name)\"")
    }
    return tensor.withValues { source in
      Tensor(shape: [places.count] + tensor.shape.dropFirst()) { target in
        target.update(repeating: 0)
        var next = 0
        for (row, place) in places.enumerated() where place == 1 {
          for column in 0..<depth { target[row * depth + column] = source[next * depth + column] }
          next += 1
        }
      }
    }
  }
}
