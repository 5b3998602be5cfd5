/// A sum of numbers from 0 that is the same in any order of them, and so for any number of threads and files: each is
/// cut to units of 2⁻⁶⁴, and whole numbers add up exactly.
public struct ExactSum: Sendable, Equatable {
  /// The sum in units of 2⁻⁶⁴.
  public private(set) var units: UInt128 = 0

  /// A sum of nothing.
  public init() {}

  /// The sum of so many units of 2⁻⁶⁴.
  public init(units: UInt128) { self.units = units }

  /// Adds a number; one below 0 counts as 0, as does what is no number.
  /// - Precondition: It is below 2⁴⁸, and so is the number of those added.
  public mutating func add(_ value: Double) { units += value > 0 ? UInt128(value * 0x1p64) : 0 }

  /// Adds another sum.
  public mutating func add(_ other: ExactSum) { units += other.units }

  /// The sum.
  public var value: Double { Double(units) * 0x1p-64 }
}
