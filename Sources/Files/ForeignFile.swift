/// Files that are none of text, by how they begin: what is read as lines would be reported byte by byte.
enum ForeignFile {
  private static let compressed: [(beginning: [UInt8], kind: String, reader: String)] = [
    ([0x1f, 0x8b], "gzip", "zcat"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "zstdcat"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "xzcat"), ([0x42, 0x5a, 0x68, 0x39], "bzip2", "bzcat"),
    ([0x50, 0x4b, 0x03, 0x04], "zip", "unzip -p"),
  ]

  /// - Throws: `FileError` that says what the file is, for the beginning of one that is compressed, UTF-16 without a
  ///   mark, or a model.
  static func check(_ bytes: Bytes, of file: String) throws(FileError) {
    for format in compressed where bytes.starts(with: format.beginning) {
      throw FileError(file, "the file is compressed by \(format.kind): pipe it through \(format.reader)")
    }
    guard bytes.count >= 9 else { return }
    let zeros = bytes.prefix(8).map { $0 == 0 }
    if zeros == [true, false, true, false, true, false, true, false]
      || zeros == [false, true, false, true, false, true, false, true]
    {
      throw FileError(file, ByteOrderMark.otherEncoding)
    }
    // The length of the header, then the header, a JSON object.
    if zeros.suffix(4).allSatisfy({ $0 }), bytes[8] == UInt8(ascii: "{") {
      throw FileError(file, "the file is a .safetensors file, like a model, and no text")
    }
  }

  /// How a vocabulary begins, with how its tokens were made or with its first token.
  private static let vocabularies = ["{\n\"__TOKENIZER__\": \"", "{\n\"__PAD__\": 0"]

  /// - Throws: `FileError` for the beginning of a vocabulary where records are read.
  static func checkRecords(_ bytes: Bytes, of file: String) throws(FileError) {
    guard vocabularies.contains(where: { bytes.starts(with: $0.utf8) }) else { return }
    throw FileError(
      file, "the file is a vocabulary (--vocab takes it), not records; vocab-build --merge reads those of --counts")
  }
}
