/// The form of a report in a file.
public enum ReportFormat: Sendable {
  /// Tables for a terminal.
  case text
  /// One JSON object.
  case json
  /// A page with pictures.
  case html

  /// The format of a file by the end of its name: `.html`, `.json`, or anything else for text.
  public init(ofFile name: String) {
    self = name.hasSuffix(".html") ? .html : name.hasSuffix(".json") ? .json : .text
  }
}
