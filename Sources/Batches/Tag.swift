/// What a tag says of its token, by its name: `O`, `B-person`, `I-person`, and of the IOBES scheme `E-…` and `S-…`.
///
/// `B` without more is of the type `_`, as in seqeval. A name of another form is taken for an entity of one token, of a
/// type of this name, so that parts of speech are counted like entities.
public struct Tag: Sendable, Hashable {
  /// The place of a token in an entity.
  public enum Place: UInt8, Sendable {
    /// In no entity.
    case outside = 0x4f
    /// The first token of an entity.
    case begin = 0x42
    /// A token behind the first.
    case inside = 0x49
    /// The last token.
    case end = 0x45
    /// The only token.
    case single = 0x53
  }

  /// The place of the token.
  public let place: Place
  /// The type of the entity; empty outside.
  public let type: String
  /// Whether the name has one of the forms above, and is not one of another kind.
  public let isOfEntities: Bool

  /// The tag of a name.
  public init(_ name: String) {
    let bytes = name.utf8
    guard let first = bytes.first, let place = Place(rawValue: first),
      bytes.count == 1 || place != .outside && bytes.dropFirst().first == UInt8(ascii: "-")
    else {
      (self.place, type, isOfEntities) = (.single, name, false)
      return
    }
    let rest = String(name.unicodeScalars.dropFirst(2))
    (self.place, isOfEntities) = (place, true)
    type = place == .outside ? "" : rest.isEmpty ? "_" : rest
  }
}
