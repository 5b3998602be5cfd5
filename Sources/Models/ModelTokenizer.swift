import Files
import Text

extension TokenizerOptions {
  /// The options that a model's file holds.
  /// - Throws: `FileError` naming the file for what is no such options.
  public init(_ text: String?, ofModel file: String) throws(FileError) {
    do throws(TokenizerOptionsError) {
      try self.init(text)
    } catch {
      throw FileError(file, "its tokenizer: \(error)")
    }
  }
}
