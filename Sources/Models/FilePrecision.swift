/// How the numbers of a model file are kept: `train --precision`. Programs read all of them, as float32.
///
/// Tables and kernels, tensors of two axes or more, are rounded; vectors and scalars stay F32, which are few numbers.
/// `FileFormats.md` says how a reader of safetensors that is not ours makes the weights of what is there.
///
/// Rounding is that of the same numbers on every machine, so the same weights give the same bytes.
public enum FilePrecision: String, Sendable, CaseIterable {
  /// F32, as they were trained.
  case single
  /// F16, rounded to the nearest, of two the even one: 11 bits of every number, which may not be beyond 65,504.
  case half
  /// I8, whole numbers from −127 to 127, beside `NAME.scales` in F32: a number is the whole number times its scale, and
  /// off by half a scale at most. Rows of 16 numbers and more have a scale each, `[…, 1]`; of shorter ones, where that
  /// would take as much room as the numbers, every column has one, `[1, …, depth]`.
  case int8

  /// From how many numbers on a row has a scale of its own.
  static let rowOfItsOwnScale = 16

  /// The largest finite number of half precision.
  static let largestHalf: Float = 65_504

  /// The longest rows of which those of zeros may be left out. It bounds what a small file can ask memory for.
  static let longestSparseRow = 1024
}
