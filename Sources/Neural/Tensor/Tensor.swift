import CKernels
import Glibc

/// A row-major array of 32-bit floats.
///
/// A value: a copy shares its storage until one of the two is changed. The storage is aligned to 64 bytes, the width of
/// a cache line and of the widest vector registers.
public struct Tensor: Sendable {
  /// The length of every axis. A tensor of no axes holds one number.
  public private(set) var shape: [Int]
  private var storage: TensorStorage

  /// A tensor whose numbers `fill` sets; what it leaves out is undefined.
  public init(shape: [Int], _ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a shape has no negative axis: \(shape)")
    self.shape = shape
    storage = TensorStorage(count: shape.reduce(1, *))
    fill(storage.buffer)
  }

  /// A tensor with every number the same.
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

  /// A tensor of `values` in row-major order, which must be as many as the shape has; without a shape a vector.
  public init(_ values: [Float], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values don't fill the shape \(shape)")
    self.init(shape: shape) { _ = $0.update(fromContentsOf: values) }
  }

  /// A matrix of rows of equal length.
  public init(_ rows: [[Float]]) {
    self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }

  /// A tensor of one zero-length axis, the state of weights before `initialize`.
  public static let empty = Tensor([Float]())

  /// The number of numbers.
  public var count: Int { storage.buffer.count }

  /// The length of the last axis; 1 for a tensor of no axes.
  public var depth: Int { shape.last ?? 1 }

  /// The number of rows when all axes but the last are taken for one.
  public var rows: Int { shape.dropLast().reduce(1, *) }

  /// The numbers in row-major order.
  public var values: [Float] { Array(storage.buffer) }

  /// Gives the numbers to `body` for reading.
  @inline(__always)
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(storage.buffer)) }
  }

  /// Gives the numbers to `body` for changing; copies them first if another tensor shares them.
  @inline(__always)
  public mutating func withMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    return try withExtendedLifetime(storage) { try body(storage.buffer) }
  }

  /// The first number, for work on parts of several tensors at once. Valid as long as the tensor lives; whoever writes must
  /// have made the tensor and given it to nobody.
  var start: UnsafeMutablePointer<Float> { storage.buffer.baseAddress! }

  /// Whether every number is finite.
  public var isFinite: Bool {
    // Infinities and NaNs have the largest exponent there is; the largest of whole numbers is found many at a time.
    withValues { $0.reduce(0) { max($0, $1.bitPattern & 0x7fff_ffff) } } < Float.infinity.bitPattern
  }

  /// The number at a place of a row, when all axes but the last are taken for rows; nil where there is no such place.
  public func value(row: Int, place: Int) -> Float? {
    guard 0..<rows ~= row, 0..<depth ~= place else { return nil }
    return withValues { $0[row * depth + place] }
  }

  /// The same numbers under another shape of the same count.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) can't take the shape \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// The tensor of `transform` of every number.
  @inline(__always)
  public func map(_ transform: (Float) -> Float) -> Tensor {
    withValues { input in
      Tensor(shape: shape) { output in
        for index in 0..<input.count { output[index] = transform(input[index]) }
      }
    }
  }

  /// The tensor of `combine` of the numbers at the same places of two tensors of one shape.
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
  /// Whether two tensors have the same shape and equal numbers.
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
    guard let memory = malloc(MemoryLayout<Float>.stride * count + 64) else { endForWantOfMemory(count) }
    self.memory = memory
    let start = memory.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: count)
    buffer = UnsafeMutableBufferPointer(start: start, count: count)
  }

  deinit { free(memory) }

  func copy() -> TensorStorage {
    let copy = TensorStorage(count: buffer.count)
    _ = copy.buffer.update(fromContentsOf: buffer)
    return copy
  }
}

/// Says that there is no memory for a tensor, and ends the process as for failed input: there is nothing to go on with.
private func endForWantOfMemory(_ count: Int) -> Never {
  let program = CommandLine.arguments[0].split(separator: "/").last ?? ""
  let message = Array("\(program): no memory for \(count) numbers\n".utf8)
  write(2, message, message.count)
  exit(1)
}

/// Whether there is memory for so many numbers, for programs to ask before work that needs them.
public func hasMemory(forNumbers count: Int) -> Bool {
  let size = MemoryLayout<Float>.stride * max(count, 1)
  let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard memory != MAP_FAILED else { return false }
  munmap(memory, size)
  return true
}

/// Makes the memory of large tensors stay with the process when they go: a training step needs the same sizes again and
/// again, and 12 MB fresh from the system cost 3,000 page faults. For programs to call when they start.
public func keepLargeBuffers() { keep_large_arrays() }
