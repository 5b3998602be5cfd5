import Files
import Glibc

/// Fields of objects within a record.
extension Record {
  /// A field of the record or, behind dots, one of the object that stands in another: `user.text`. Places are those of the
  /// line; a field of the record itself that is called so goes before.
  func member(_ path: String) -> JSONScanner.Member? {
    var name = path
    return name.withUTF8 { name in
      if let member = ownMember(name) { return member }
      return name.contains(UInt8(ascii: ".")) ? nestedMember(path) : nil
    }
  }

  private func nestedMember(_ path: String) -> JSONScanner.Member? {
    let names = path.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard var member = ownMember(names[0]) else { return nil }
    let outermost = member.value.lowerBound
    for var name in names.dropFirst() {
      let start = member.value.lowerBound
      let object = Bytes(rebasing: line[member.value])
      var scanner = JSONScanner(object)
      guard object.first == UInt8(ascii: "{"), let members = scanner.members(),
        let inner = name.withUTF8({ name in members.last { $0.hasKey(name, in: object) } })
      else { return nil }
      member = inner.shifted(by: start)
    }
    values.searchedObjects.append(outermost)
    return member
  }
}

extension JSONScanner.Member {
  /// Whether it has the key, in the text that it stands in.
  func hasKey(_ key: Bytes, in text: Bytes) -> Bool {
    if keyHasEscapes { return hasEscapedKey(key, in: text) }
    return self.key.count == key.count
      && (key.isEmpty || memcmp(text.baseAddress! + self.key.lowerBound, key.baseAddress!, key.count) == 0)
  }

  private func hasEscapedKey(_ key: Bytes, in text: Bytes) -> Bool {
    let quoted = Bytes(rebasing: text[self.key.lowerBound - 1...self.key.upperBound])
    guard let document = try? JSONDocument(quoted), let name = document.root.text else { return false }
    return name.elementsEqual(key)
  }

  /// The same in a text that begins so many bytes earlier.
  func shifted(by count: Int) -> Self {
    Self(
      key: key.lowerBound + count..<key.upperBound + count, value: value.lowerBound + count..<value.upperBound + count,
      keyHasEscapes: keyHasEscapes, hasEscapes: hasEscapes)
  }
}
