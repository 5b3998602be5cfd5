import Neural

/// A token or a label as the bytes that it is: strings that look alike, which Swift takes for equal, are not one name.
struct Name: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: Name, b: Name) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The first name that stands in a list a second time; nil when there is none.
func repeated(in names: [String]) -> String? {
  var seen: Set<Name> = []
  seen.reserveCapacity(names.count)
  return names.first { !seen.insert(Name($0)).inserted }
}

/// The indices of names in a list.
func indices(of names: [String]) -> [Name: Int] {
  Dictionary(names.enumerated().map { (Name($1), $0) }, uniquingKeysWith: { first, _ in first })
}
