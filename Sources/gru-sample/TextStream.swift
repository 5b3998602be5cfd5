import Text

/// The text of ids that come one by one, in whole characters, up to a stop string.
///
/// What may still become a character, or the stop string, waits until that is clear. Bytes that are no characters become
/// U+FFFD.
struct TextStream {
  private let characters: CharacterEncoding
  private let stop: [UInt8]
  private var pending: [UInt8] = []
  /// Whether the stop string came. It is no part of the text.
  private(set) var isStopped = false

  init(_ characters: CharacterEncoding, stop: String) {
    self.characters = characters
    self.stop = Array(stop.utf8)
  }

  /// Takes an id, and gives the text that is certain now.
  mutating func push(_ id: Int) -> String {
    characters.append(id, to: &pending)
    if !stop.isEmpty, pending.count >= stop.count, pending.suffix(stop.count).elementsEqual(stop) {
      isStopped = true
      pending.removeLast(stop.count)
      return finish()
    }
    return take(pending.count - max(unfinishedCharacter, possibleStop))
  }

  /// Gives the rest, when no more ids come.
  mutating func finish() -> String { take(pending.count) }

  private mutating func take(_ count: Int) -> String {
    defer { pending.removeFirst(count) }
    return String(decoding: pending[..<count], as: UTF8.self)
  }

  /// The length of the end that is the beginning of a character.
  private var unfinishedCharacter: Int {
    for length in 1...3 where length <= pending.count {
      let byte = pending[pending.count - length]
      if byte & 0xc0 == 0x80 { continue }
      let whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
      return length < whole ? length : 0
    }
    return 0
  }

  /// The length of the longest end that is the beginning of the stop string.
  private var possibleStop: Int {
    for length in stride(from: min(stop.count - 1, pending.count), to: 0, by: -1)
    where pending.suffix(length).elementsEqual(stop.prefix(length)) {
      return length
    }
    return 0
  }
}
