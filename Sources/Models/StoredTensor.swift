import CKernels
import JSONLines
import Neural

/// A tensor as a `.safetensors` file has it.
struct StoredTensor {
  /// Its numbers, in one of the types that are written.
  enum Numbers {
    case single(Tensor)
    case half([UInt16])
    case int8([Int8])
    case truth([UInt8])
  }

  let name: String
  let shape: [Int]
  let numbers: Numbers

  /// The type as headers name it, and the bytes of a number.
  var type: (name: String, size: Int) {
    switch numbers {
    case .single: ("F32", 4)
    case .half: ("F16", 2)
    case .int8: ("I8", 1)
    case .truth: ("BOOL", 1)
    }
  }

  /// The number of bytes.
  var byteCount: Int { shape.reduce(1, *) * type.size }

  /// Appends the bytes, little-endian.
  func append(to output: inout [UInt8]) {
    switch numbers {
    case .single(let tensor): tensor.withValues { output.append(contentsOf: UnsafeRawBufferPointer($0)) }
    case .half(let numbers): numbers.withUnsafeBytes { output.append(contentsOf: $0) }
    case .int8(let numbers): numbers.withUnsafeBytes { output.append(contentsOf: $0) }
    case .truth(let numbers): output.append(contentsOf: numbers)
    }
  }
}

extension FilePrecision {
  /// The bytes of a tensor whose rows are all kept, with about those that the header has of it.
  func largestByteCount(_ name: String, shape: [Int]) -> Int {
    let (count, depth) = (shape.reduce(1, *), shape.last ?? 1)
    let entry = name.utf8.count + 70
    guard self != .single, shape.count >= 2, count > 0 else { return 4 * count + entry }
    guard self == .int8 else { return 2 * count + entry }
    return count + 4 * (depth >= Self.rowOfItsOwnScale ? count / depth : depth) + 2 * entry
  }

  /// What a file of this precision has of a tensor: the tensor, and what is needed to make sense of its numbers.
  /// - Throws: `RecordError` that names the tensor and a number that can't be kept.
  func stored(_ name: String, _ tensor: Tensor) throws(RecordError) -> [StoredTensor] {
    guard self != .single, tensor.count > 0 else {
      return [StoredTensor(name: name, shape: tensor.shape, numbers: .single(tensor))]
    }
    let rows = rowsThatAreNotZero(of: tensor)
    let kept = rows.map(tensor.keeping) ?? tensor
    let numbers =
      tensor.shape.count < 2
      ? [StoredTensor(name: name, shape: kept.shape, numbers: .single(kept))] : try rounded(name, kept)
    return numbers + (rows.map { [StoredTensor(name: "\(name).rows", shape: [$0.count], numbers: .truth($0))] } ?? [])
  }

  private func rounded(_ name: String, _ tensor: Tensor) throws(RecordError) -> [StoredTensor] {
    guard tensor.isFinite else {
      throw RecordError("the tensor \"\(name)\" holds a number that is not finite")
    }
    if self == .half {
      return [StoredTensor(name: name, shape: tensor.shape, numbers: .half(try halves(name, tensor)))]
    }
    let scales = tensor.depth >= Self.rowOfItsOwnScale ? rowScales(tensor) : columnScales(tensor)
    return [
      StoredTensor(name: name, shape: tensor.shape, numbers: .int8(wholeNumbers(tensor, scales))),
      StoredTensor(name: "\(name).scales", shape: scales.shape, numbers: .single(scales)),
    ]
  }

  private func halves(_ name: String, _ tensor: Tensor) throws(RecordError) -> [UInt16] {
    // From halfway to the next one, which is not finite.
    if let outside = tensor.withValues({ values in values.first { abs($0) >= Self.largestHalf + 16 } }) {
      throw RecordError(
        "the tensor \"\(name)\" holds \(outside), but half precision ends at \(Int(Self.largestHalf))")
    }
    return tensor.withValues { values in
      [UInt16](unsafeUninitializedCapacity: values.count) { halves, count in
        count = values.count
        if let start = halves.baseAddress { kernel_to_half(start, values.baseAddress!, count) }
      }
    }
  }

  /// A scale for each row, `[…, 1]`: the largest of its numbers is 127 of them.
  private func rowScales(_ tensor: Tensor) -> Tensor {
    let depth = tensor.depth
    return tensor.withValues { values in
      Tensor(shape: tensor.shape.dropLast() + [1]) { scales in
        for row in scales.indices {
          scales[row] = scale(values[row * depth..<(row + 1) * depth].reduce(0) { max($0, abs($1)) })
        }
      }
    }
  }

  /// A scale for each column, `[1, …, depth]`.
  private func columnScales(_ tensor: Tensor) -> Tensor {
    var largest = [Float](repeating: 0, count: tensor.depth)
    tensor.withValues { values in
      for start in stride(from: 0, to: values.count, by: tensor.depth) {
        for column in largest.indices { largest[column] = max(largest[column], abs(values[start + column])) }
      }
    }
    return Tensor(largest.map(scale), shape: tensor.shape.dropLast().map { _ in 1 } + [tensor.depth])
  }

  /// The scale of numbers of which the largest is given.
  private func scale(_ largest: Float) -> Float {
    let scale = largest / 127
    return (scale * 127).isFinite ? scale : scale.nextDown
  }

  /// The numbers in scales, to the nearest.
  private func wholeNumbers(_ tensor: Tensor, _ scales: Tensor) -> [Int8] {
    let depth = tensor.depth
    let ofRows = depth >= Self.rowOfItsOwnScale
    return tensor.withValues { values in
      scales.withValues { scales in
        [Int8](unsafeUninitializedCapacity: values.count) { numbers, count in
          count = values.count
          for index in 0..<count {
            let scale = scales[ofRows ? index / depth : index % depth]
            let ratio = scale > 0 ? (values[index] / scale).rounded(.toNearestOrEven) : 0
            numbers[index] = Int8(max(-127, min(127, ratio)))
          }
        }
      }
    }
  }

  /// Which rows of a matrix, or numbers of a vector, are something else than zeros, 1 or 0 each; nil where leaving those of
  /// zeros out takes no less room. Rows of hashed n-grams that no text of the training had are zeros.
  private func rowsThatAreNotZero(of tensor: Tensor) -> [UInt8]? {
    guard 1...2 ~= tensor.shape.count else { return nil }
    let (count, depth) = (tensor.shape[0], tensor.count / tensor.shape[0])
    guard depth <= Self.longestSparseRow else { return nil }
    let rows: [UInt8] = tensor.withValues { values in
      (0..<count).map { values[$0 * depth..<($0 + 1) * depth].contains { $0 != 0 } ? 1 : 0 }
    }
    let bytes =
      tensor.shape.count == 1 ? 4 : self == .half ? 2 * depth : depth + (depth >= Self.rowOfItsOwnScale ? 4 : 0)
    // The header says of them, too.
    return rows.count { $0 == 0 } * bytes > rows.count + 128 ? rows : nil
  }
}

extension Tensor {
  /// The rows of a matrix, or numbers of a vector, for which there is a 1.
  fileprivate func keeping(_ rows: [UInt8]) -> Tensor {
    let depth = count / rows.count
    return withValues { values in
      Tensor(shape: [rows.count { $0 != 0 }] + shape.dropFirst()) { kept in
        var next = 0
        for (row, isKept) in rows.enumerated() where isKept != 0 {
          for column in 0..<depth { kept[next * depth + column] = values[row * depth + column] }
          next += 1
        }
      }
    }
  }
}
