import Files
import Text

/// A file of subwords on disk, a `.subword` file of Tensor2Tensor or of `vocab-build --subwords`.
public enum SubwordFile {
  /// Reads the subwords.
  /// - Throws: `FileError` when the file can't be read or is no such file.
  public static func read(_ file: String) throws(FileError) -> SubwordVocabulary {
    guard let vocabulary = SubwordVocabulary(file: try WholeFile.readText(file)) else {
      throw FileError(file, "no UTF-8 text with a subword of at most \(SubwordVocabulary.longestPiece) bytes a line")
    }
    return vocabulary
  }
}
