/// The mark U+FEFF that some programs put before a text to tell its encoding.
enum ByteOrderMark {
  /// What is said of text in another encoding.
  static let otherEncoding = "the text is UTF-16 or UTF-32, but must be UTF-8 (iconv -f UTF-16 -t UTF-8)"

  /// The length of the mark of UTF-8 at the start of a file: 3, or 0 without one.
  /// - Throws: `FileError` for a mark of UTF-16 or UTF-32, and for what is no text.
  static func length(in bytes: Bytes, of file: String) throws(FileError) -> Int {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0, 0, 0xfe, 0xff]) {
      throw FileError(file, otherEncoding)
    }
    try ForeignFile.check(bytes, of: file)
    return bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }
}
