/// A number with so many decimals.
public func fixed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let whole = Int((value.magnitude * scale).rounded())
  var digits = "\(whole)"
  while digits.count <= decimals { digits = "0" + digits }
  let sign = value < 0 && whole != 0 ? "-" : ""
  return sign + (decimals == 0 ? digits : "\(digits.dropLast(decimals)).\(digits.suffix(decimals))")
}

/// Text on one line: control characters, and those that turn the direction of writing, stand as `\u{a}`.
func oneLine(_ text: String) -> String {
  func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    case .format: scalar.properties.isJoinControl || scalar.value >= 0xe0000
    default: true
    }
  }
  guard !text.unicodeScalars.allSatisfy(isPlain) else { return text }
  return text.unicodeScalars.reduce(into: "") { result, scalar in
    if isPlain(scalar) {
      result.unicodeScalars.append(scalar)
    } else {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
}

/// Text with the characters that SVG and HTML take for their own written out, on one line.
public func escaped(_ text: String) -> String {
  oneLine(text).reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
}
