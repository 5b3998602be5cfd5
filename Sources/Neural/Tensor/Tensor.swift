import CKernels
import Glibc
import Threads

/// A row-major array of 32-bit floats.
///
/// A value: a copy shares its storage until one of the two is changed. The storage is aligned to 64 bytes, the width of
/// a cache line and of the widest vector registers.
public struct Tensor: Sendable {
  /// The length of every axis. A tensor of no axes holds one number.
  public private(set) var shape: [Int]
  private var storage: TensorStorage

  /// A tensor whose numbers `fill` sets; what it leaves out is undefined.
  /// - Precondition: No axis is negative.
  public init(shape: [Int], _ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a shape has no negative axis: \(shape)")
    self.shape = shape
    storage = TensorStorage(count: shape.reduce(1, *))
    fill(storage.buffer)
  }

  /// A tensor with every element the same.
  public init(repeating value: Float, shape: [Int]) {
    self.init(shape: shape) { $0.update(repeating: value) }
  }

  /// A tensor of `row` again and again along its last axis.
  init(repeating row: Tensor, shape: [Int]) {
    precondition(row.count == shape.last, "a row of \(row.count) does not fit the shape \(shape)")
    self.init(shape: shape) { output in
      row.withValues { row in
        guard !row.isEmpty else { return }
        for start in stride(from: 0, to: output.count, by: row.count) {
          (output.baseAddress! + start).update(from: row.baseAddress!, count: row.count)
        }
      }
    }
  }

  /// A tensor of `values` in row-major order; without a shape a vector.
  /// - Precondition: There are as many values as the shape has elements.
  public init(_ values: [Float], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values don't fill the shape \(shape)")
    self.init(shape: shape) { _ = $0.update(fromContentsOf: values) }
  }

  /// A matrix of rows.
  /// - Precondition: The rows have equal lengths.
  public init(_ rows: [[Float]]) {
    self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }

  /// A tensor of one zero-length axis, the state of weights before `initialize`.
  public static let empty = Tensor([Float]())

  /// The number of elements.
  public var count: Int { storage.buffer.count }

  /// The length of the last axis; 1 for a tensor of no axes.
  public var depth: Int { shape.last ?? 1 }

  /// The number of rows when all axes but the last are taken for one.
  public var rows: Int { shape.dropLast().reduce(1, *) }

  /// The elements in row-major order.
  public var values: [Float] { Array(storage.buffer) }

  /// Gives the elements to `body` for reading.
  @inline(__always)
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(storage.buffer)) }
  }

  /// Gives the elements to `body` for changing; copies them first if another tensor shares them.
  @inline(__always)
  public mutating func withMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    return try withExtendedLifetime(storage) { try body(storage.buffer) }
  }

  /// The first element, for work on parts of several tensors at once. Valid as long as the tensor lives; to write, it
  /// must be uniquely referenced.
  var start: UnsafeMutablePointer<Float> { storage.buffer.baseAddress! }

  /// Whether every element is finite.
  public var isFinite: Bool {
    // Infinities and NaNs have the largest exponent there is; the largest of whole numbers is found many at a time.
    withValues { $0.reduce(0) { max($0, $1.bitPattern & 0x7fff_ffff) } } < Float.infinity.bitPattern
  }

  /// The element of a row and column, when all axes but the last are taken for rows; nil outside.
  public func value(row: Int, column: Int) -> Float? {
    guard 0..<rows ~= row, 0..<depth ~= column else { return nil }
    return withValues { $0[row * depth + column] }
  }

  /// The same elements under another shape.
  /// - Precondition: The shape has as many elements.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) can't take the shape \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// The tensor of `transform` of every element.
  @inline(__always)
  public func map(_ transform: (Float) -> Float) -> Tensor {
    withValues { input in
      Tensor(shape: shape) { output in
        for index in 0..<input.count { output[index] = transform(input[index]) }
      }
    }
  }

  /// The tensor of `combine` of the elements at the same indices of two tensors.
  /// - Precondition: The shapes are the same.
  @inline(__always)
  public func zip(_ other: Tensor, _ combine: (Float, Float) -> Float) -> Tensor {
    precondition(shape == other.shape, "the shapes \(shape) and \(other.shape) differ")
    return withValues { a in
      other.withValues { b in
        Tensor(shape: shape) { output in
          for index in 0..<a.count { output[index] = combine(a[index], b[index]) }
        }
      }
    }
  }

  /// A row vector added to every row: `self [..., depth] + row [depth]`.
  /// - Precondition: The row has `depth` elements.
  public func addingToRows(_ row: Tensor) -> Tensor {
    precondition(row.count == depth, "a row of \(row.count) does not fit the shape \(shape)")
    return withValues { input in
      row.withValues { row in
        Tensor(shape: shape) { output in
          for start in stride(from: 0, to: input.count, by: max(row.count, 1)) {
            for index in 0..<row.count { output[start + index] = input[start + index] + row[index] }
          }
        }
      }
    }
  }

  /// The sum of all rows: `[..., depth] → [depth]`.
  public func columnSums() -> Tensor {
    withValues { input in
      Tensor(shape: [depth]) { sums in
        sums.update(repeating: 0)
        for start in stride(from: 0, to: input.count, by: max(sums.count, 1)) {
          for index in 0..<sums.count { sums[index] += input[start + index] }
        }
      }
    }
  }
}

extension Tensor: Equatable {
  /// Whether two tensors have the same shape and equal elements.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.withValues { a in b.withValues { b in a.elementsEqual(b) } }
  }
}

/// The memory of a tensor.
private final class TensorStorage: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Float>
  private let memory: UnsafeMutableRawPointer

  init(count: Int) {
    // The C library's own aligned allocation does not find memory again that it has given out before.
    guard let memory = malloc(MemoryLayout<Float>.stride * count + 64) else {
      endProcess("no memory for \(count) numbers")
    }
    self.memory = memory
    count_array(1)
    let start = memory.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: count)
    buffer = UnsafeMutableBufferPointer(start: start, count: count)
  }

  deinit {
    count_array(-1)
    free(memory)
  }

  func copy() -> TensorStorage {
    let copy = TensorStorage(count: buffer.count)
    _ = copy.buffer.update(fromContentsOf: buffer)
    return copy
  }
}

/// Says why there is nothing to go on with, and ends the process as for failed input.
func endProcess(_ reason: String) -> Never {
  let program = CommandLine.arguments[0].split(separator: "/").last ?? ""
  let message = Array("\(program): \(reason)\n".utf8)
  write(2, message, message.count)
  exit(1)
}

/// Whether there is memory for so many elements, for programs to ask before work that needs them.
public func hasMemory(forNumbers count: Int) -> Bool { hasRoom(for: MemoryLayout<Float>.stride * max(count, 1)) }

/// Makes the memory of large tensors stay with the process when they go: a training step needs the same sizes again and
/// again, and 12 MB fresh from the system cost 3,000 page faults. For programs to call when they start.
public func keepLargeBuffers() { keep_large_arrays() }
