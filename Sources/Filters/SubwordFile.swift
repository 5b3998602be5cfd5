import Files
import JSONLines
import Text

/// A file of subwords on disk, a `.subword` file of Tensor2Tensor or of `vocab-build --subwords`.
public enum SubwordFile {
  /// Reads the subwords.
  /// - Throws: `FileError` when the file can't be read or is no such file.
  public static func read(_ file: String) throws(FileError) -> SubwordVocabulary {
    let text = try WholeFile.readText(file)
    if text.first == UInt8(ascii: "{"), (try? text.withUnsafeBufferPointer { try VocabularyFile($0) }) != nil {
      throw FileError(
        file, "no subwords but a vocabulary of vocab-build (--vocab); vocab-build --subwords N makes subwords")
    }
    guard let vocabulary = SubwordVocabulary(file: text) else {
      throw FileError(file, "no UTF-8 text with a subword of at most \(SubwordVocabulary.longestPiece) bytes a line")
    }
    return vocabulary
  }
}
