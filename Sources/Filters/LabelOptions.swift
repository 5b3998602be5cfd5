import ArgumentParser
import Batches
import Files
import JSONLines

/// The names of the classes.
public struct LabelOptions: ParsableArguments {
  /// Names separated by commas, or a file of them.
  @Option(
    help: ArgumentHelp(
      """
      The names of the classes 0, 1, …: two or more separated by commas, or a file with a JSON list of them, as \
      vocab-build --labels writes it.
      """, valueName: "a,b,…|file"), completion: .file())
  public var labels: String?

  public init() {}

  /// The names of the command line; nil when there is a file of them, or none at all.
  public var given: [String]? { Self.names(in: labels) }

  /// The names that an option holds; nil when it is the name of a file, or not given.
  static func names(in option: String?) -> [String]? {
    guard let option, option.utf8.contains(UInt8(ascii: ",")) else { return nil }
    return CommaList.items(of: option)
  }

  /// The file of the names, if that is what is given.
  public var file: String? { given == nil ? labels : nil }

  public func validate() throws { try Self.check(labels, of: "--labels") }

  /// - Throws: `ValidationError` for names that are not all different, and for none.
  static func check(_ value: String?, of option: String) throws {
    guard value != "" else {
      throw ValidationError("\(option) is empty; it takes names separated by commas, or a file of them.")
    }
    do { _ = try names(in: value).map(LabelNames.init) } catch { throw ValidationError("\(option): \(error)") }
  }

  /// The names, read from their file if there is one; nil without the option.
  /// - Throws: `FileError` for a file that can't be read or holds no such list.
  public func names() throws -> LabelNames? {
    guard let labels else { return nil }
    return try given.map(LabelNames.init) ?? LabelFile.read(labels)
  }
}

/// Where the label of a record is.
public struct LabelFieldOptions: ParsableArguments {
  /// The field's name, if it is given.
  @Option(help: ArgumentHelp("The field that holds the label; \"label\" if not given.", valueName: "field"))
  public var labelField: String?

  public init() {}
}
