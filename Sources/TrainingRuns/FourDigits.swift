import Glibc
import Reports

/// A number with four digits, as people read a loss: 0.6931, 12.35, 0.001234, 1.235e-05. Records keep all digits.
package func fourDigits(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0.000" : "\(value)" }
  // The power of ten of the first digit, that of the rounded number: 9.9999 is 10.00.
  let power = Int(log10(value.magnitude * (1 + 5e-5)).rounded(.down))
  if power < -4 { return "\(fixed(value / pow(10, Double(power)), decimals: 3))e\(power)" }
  return fixed(value, decimals: max(3 - power, 0))
}
