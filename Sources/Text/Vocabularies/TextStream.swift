/// The text of ids that come one by one, in whole characters, up to a stop string.
///
/// What may still become a character, or the stop string, waits until that is clear. Bytes that are no characters
/// become U+FFFD.
public struct TextStream {
  private let characters: CharacterEncoding
  private let stop: StopString
  private var pending: [UInt8] = []
  /// How much of the stop string the text ends with.
  private var begun = 0
  /// Whether the stop string came. It is no part of the text.
  public private(set) var isStopped = false

  /// - Parameters:
  ///   - characters: How ids become bytes.
  ///   - stop: The text ends before this string; an empty one never comes.
  public init(_ characters: CharacterEncoding, stop: String) {
    self.characters = characters
    self.stop = StopString(stop)
  }

  /// Takes an id, and gives the text that is certain now.
  public mutating func push(_ id: Int) -> String {
    let old = pending.count
    characters.append(id, to: &pending)
    for index in old..<pending.count { begun = stop.next(begun, pending[index]) }
    if begun == stop.count, begun > 0 {
      isStopped = true
      pending.removeLast(stop.count)
      return finish()
    }
    return take(pending.count - max(unfinishedCharacter, begun))
  }

  /// Gives the rest, when no more ids come.
  public mutating func finish() -> String { take(pending.count) }

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
}

/// A string that is looked for in bytes as they come (D. E. Knuth, J. H. Morris and V. R. Pratt, Fast Pattern Matching
/// in Strings, 1977): the time is proportional to the bytes.
private struct StopString {
  private let bytes: [UInt8]
  /// For each beginning of the string the length of the longest shorter one that it ends with.
  private var shorter: [Int] = [0, 0]

  init(_ string: String) {
    bytes = Array(string.utf8)
    for length in bytes.indices.dropFirst() { shorter.append(next(shorter[length], bytes[length])) }
  }

  var count: Int { bytes.count }

  /// The length of the longest beginning that a text ends with, behind one that ended with `begun` bytes and one byte
  /// more.
  func next(_ begun: Int, _ byte: UInt8) -> Int {
    var begun = begun
    while begun > 0, begun == bytes.count || bytes[begun] != byte { begun = shorter[begun] }
    return begun < bytes.count && bytes[begun] == byte ? begun + 1 : 0
  }
}
