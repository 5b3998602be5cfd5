import Batches
import Files
import JSONLines

/// The names of labels on disk: a JSON list of strings, in the order of the classes.
public enum LabelFile {
  /// Reads the names.
  /// - Parameter option: The option that names the file, for a message.
  /// - Throws: `FileError` when the file can't be read or holds no list of names, all different.
  public static func read(_ file: String, option: String = "--labels") throws(FileError) -> LabelNames {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.readText(file)
    } catch {
      throw FileError(error.description, "\(option) takes names separated by commas, or a file of them")
    }
    do throws(RecordError) {
      return try bytes.withUnsafeBufferPointer { text throws(RecordError) in try names(in: text) }
    } catch {
      throw FileError(file, error.description)
    }
  }

  /// The names in the JSON text of a list.
  /// - Throws: `RecordError` for what is no list of names, all different.
  public static func names(in text: Bytes) throws(RecordError) -> LabelNames {
    let what = "not a JSON list of names, as vocab-build --labels writes it"
    let document: JSONDocument
    do throws(RecordError) { document = try JSONDocument(text) } catch {
      throw RecordError("\(what) (\(error))")
    }
    guard let items = document.root.items else { throw RecordError("\(what), but \(document.root.kind)") }
    var names: [String] = []
    for item in items {
      guard let name = item.string else { throw RecordError("\(what): an item is \(item.kind)") }
      names.append(name)
    }
    return try LabelNames(names)
  }

  /// Appends the list of `names` as a line of JSON.
  public static func write(_ names: [String], to output: inout [UInt8]) {
    output.appendJSON(list: names) { $0.appendJSON($1) }
    output.append("\n")
  }
}
