import Files

/// A list of numbers, or a list of lists of them.
public struct NumberRows {
  /// The numbers, one list after the other.
  public let values: [Double]
  /// How many each list has.
  public let lengths: [Int]
  /// Whether it is a list of lists.
  public let isNested: Bool
}

extension Record {
  /// The numbers of a field that holds a list of them or a list of lists; nil where they must be read one by one.
  public func numberRows(_ field: String) -> NumberRows? { plainValue(field)?.numberRows }
}

/// Reading simple values out of JSON text that is known to be valid; nil where Jansson must read it.
extension Bytes {
  /// The strings of a list of strings without escapes.
  var strings: [Bytes]? {
    var strings: [Bytes] = []
    strings.reserveCapacity(count / 8)
    let isRead = forEachItem { start in
      guard self[start] == UInt8(ascii: "\"") else { return nil }
      var end = start + 1
      while self[end] != UInt8(ascii: "\"") { end += 1 }
      strings.append(Bytes(rebasing: self[start + 1..<end]))
      return end + 1
    }
    return isRead ? strings : nil
  }

  /// The numbers of a list of whole numbers.
  var wholeNumbers: [Int]? {
    var numbers: [Int] = []
    let isRead = forEachItem { start in
      guard let (number, end) = wholeNumber(at: start) else { return nil }
      numbers.append(number)
      return end
    }
    return isRead ? numbers : nil
  }

  /// The numbers of a list of numbers, or of a list of lists of them.
  var numberRows: NumberRows? {
    var (values, lengths, isNested) = ([Double](), [Int](), false)
    let isRead = forEachItem { start in
      if values.isEmpty, lengths.isEmpty { isNested = self[start] == UInt8(ascii: "[") }
      guard isNested else {
        guard let (number, end) = number(at: start) else { return nil }
        values.append(number)
        return end
      }
      guard self[start] == UInt8(ascii: "[") else { return nil }
      let before = values.count
      var end = start
      let row = Bytes(rebasing: self[start...])
      let isRow = row.forEachItem { start in
        guard let (number, end) = row.number(at: start) else { return nil }
        values.append(number)
        return end
      } end: {
        end = start + $0
      }
      guard isRow else { return nil }
      lengths.append(values.count - before)
      return end
    }
    return isRead ? NumberRows(values: values, lengths: isNested ? lengths : [values.count], isNested: isNested) : nil
  }

  /// Calls `read` with the index of every item of the list that begins here; it returns the index behind the item, or
  /// nil to end. Returns whether all of a list was read.
  private func forEachItem(_ read: (Int) -> Int?, end: (Int) -> Void = { _ in }) -> Bool {
    guard first == UInt8(ascii: "[") else { return false }
    var index = skippingSpace(1)
    if self[index] == UInt8(ascii: "]") {
      end(index + 1)
      return true
    }
    while true {
      guard let next = read(index) else { return false }
      index = skippingSpace(next)
      if self[index] != UInt8(ascii: ",") {
        end(index + 1)
        return true
      }
      index = skippingSpace(index + 1)
    }
  }

  private func skippingSpace(_ start: Int) -> Int {
    var index = start
    while index < count, self[index] == UInt8(ascii: " ") || 0x09...0x0d ~= self[index] { index += 1 }
    return index
  }

  /// A whole number of at most 15 digits and nothing behind it, with the index behind it.
  func wholeNumber(at start: Int) -> (Int, end: Int)? {
    guard let (number, end) = number(at: start), number.rounded() == number else { return nil }
    return (Int(number), end)
  }

  /// A number of at most 15 digits, without exponent. Such a number divided by a power of ten rounds as the decimal
  /// does.
  private func number(at start: Int) -> (Double, end: Int)? {
    var index = start
    let isNegative = self[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var (digits, decimals, value, isFraction) = (0, 0, 0, false)
    while index < count {
      let byte = self[index]
      if byte &- UInt8(ascii: "0") < 10 {
        value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        digits += 1
        if isFraction { decimals += 1 }
      } else if byte == UInt8(ascii: ".") {
        isFraction = true
      } else {
        break
      }
      index += 1
    }
    guard 1...15 ~= digits, index == count || self[index] | 0x20 != UInt8(ascii: "e") else { return nil }
    let magnitude = decimals == 0 ? Double(value) : Double(value) / powersOfTen[decimals]
    return (isNegative ? -magnitude : magnitude, index)
  }
}

/// 1, 10, … 10¹⁵, which a Double holds exactly.
private let powersOfTen: [Double] = (0...15).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }
