/// Telephone numbers of ten digits or seven, with the groups separated as people do: `+1 (800) 123-4567`.
///
/// Source: nltk.tokenize.casual (NLTK 3.5), the second of `REGEXPS`:
/// `(?:(?:\+?[01][ *\-.\)]*)?(?:[\(]?\d{3}[ *\-.\)]*)?\d{3}[ *\-.\)]*\d{4})`
enum PhoneNumber {
  /// Where the phone number that starts at `start` ends, or nil.
  static func end(at start: Int, in text: Bytes) -> Int? {
    // Greedy first: with the country's digit, then without it.
    if let afterCountry = countryEnd(at: start, in: text), let end = localEnd(at: afterCountry, in: text) {
      return end
    }
    return localEnd(at: start, in: text)
  }

  private static func countryEnd(at start: Int, in text: Bytes) -> Int? {
    let digit = text[start] == UInt8(ascii: "+") ? start + 1 : start
    guard digit < text.count, text[digit] == UInt8(ascii: "0") || text[digit] == UInt8(ascii: "1") else { return nil }
    return text.runEnd(of: .phoneSeparator, from: digit + 1)
  }

  private static func localEnd(at start: Int, in text: Bytes) -> Int? {
    let area = start < text.count && text[start] == UInt8(ascii: "(") ? start + 1 : start
    if let end = digitsEnd(3, at: area, in: text),
      let number = numberEnd(at: text.runEnd(of: .phoneSeparator, from: end), in: text)
    {
      return number
    }
    return numberEnd(at: start, in: text)
  }

  private static func numberEnd(at start: Int, in text: Bytes) -> Int? {
    guard let exchange = digitsEnd(3, at: start, in: text) else { return nil }
    return digitsEnd(4, at: text.runEnd(of: .phoneSeparator, from: exchange), in: text)
  }

  private static func digitsEnd(_ count: Int, at start: Int, in text: Bytes) -> Int? {
    var index = start
    for _ in 0..<count {
      guard index < text.count else { return nil }
      let (sets, length) = text.sets(at: index)
      guard sets.contains(.digit) else { return nil }
      index += length
    }
    return index
  }
}
