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

/// Text with the characters that SVG and HTML take for their own written out.
public func escaped(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
}
