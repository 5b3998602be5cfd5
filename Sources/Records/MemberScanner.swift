/// Finds where the members of a JSON object stand in its text, which is known to be valid.
enum MemberScanner {
  /// A key, unescaped, and the place of its value.
  struct Member {
    let key: String
    let value: Range<Int>
  }

  /// The members of the object that `line` holds, in their order.
  static func members(of line: Bytes) -> [Member] {
    var members: [Member] = []
    var index = line.firstIndex(of: 0x7b)! + 1
    while true {
      while line[index] != 0x22 {  // white space and commas up to the next key
        if line[index] == 0x7d { return members }
        index += 1
      }
      let keyEnd = stringEnd(at: index, in: line)
      let key = key(Bytes(rebasing: line[index..<keyEnd]))
      index = keyEnd
      while line[index] != 0x3a { index += 1 }
      index += 1
      while isSpace(line[index]) { index += 1 }
      let end = valueEnd(at: index, in: line)
      members.append(Member(key: key, value: index..<end))
      index = end
    }
  }

  private static func key(_ quoted: Bytes) -> String {
    if !quoted.contains(0x5c) { return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self) }
    // A valid JSON string, so that reading it can't fail.
    guard let document = try? JSONDocument(quoted) else { return "" }
    return document.root.string ?? ""
  }

  private static func stringEnd(at start: Int, in line: Bytes) -> Int {
    var index = start + 1
    while line[index] != 0x22 { index += line[index] == 0x5c ? 2 : 1 }
    return index + 1
  }

  private static func valueEnd(at start: Int, in line: Bytes) -> Int {
    var depth = 0
    var index = start
    while true {
      switch line[index] {
      case 0x22:
        index = stringEnd(at: index, in: line)
        if depth == 0 { return index }
        continue
      case 0x7b, 0x5b: depth += 1
      case 0x7d, 0x5d:
        if depth == 0 { return index }  // a number or word that the object's end follows
        depth -= 1
        if depth == 0 { return index + 1 }
      case 0x2c where depth == 0, 0x20 where depth == 0, 0x09 where depth == 0: return index
      default: break
      }
      index += 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
}
