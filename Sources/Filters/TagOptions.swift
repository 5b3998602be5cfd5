import ArgumentParser
import Batches
import Files
import JSONLines

/// The names of the tags that tokens may have.
public struct TagOptions: ParsableArguments {
  /// Names separated by commas, or a file of them.
  @Option(
    help: ArgumentHelp(
      """
      Add "tag_ids", the classes of the record's "tags", one for each token: the names of the tags 0, 1, …, two or more \
      separated by commas, or a file with a JSON list of them, as vocab-build --labels --field tags writes it.
      """, valueName: "a,b,…|file"), completion: .file())
  public var tags: String?

  public init() {}

  /// The names of the command line; nil when there is a file of them, or none at all.
  private var given: [String]? { LabelOptions.names(in: tags) }

  public func validate() throws { try LabelOptions.check(tags, of: "--tags") }

  /// The names, read from their file if there is one; nil without the option.
  /// - Throws: `FileError` for a file that can't be read or holds no such list.
  public func names() throws -> LabelNames? {
    guard let tags else { return nil }
    return try given.map(LabelNames.init) ?? LabelFile.read(tags, option: "--tags")
  }
}
