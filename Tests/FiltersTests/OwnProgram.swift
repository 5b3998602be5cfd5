import ArgumentParser
import Files
import Filters
import JSONLines

/// Records in, records with the length of their text out.
struct TextLength: Program {
  static let configuration = CommandConfiguration(
    commandName: "text-length",
    abstract: "Add the number of bytes of a record's text.",
    version: versionAndCommit)

  static let example = """
    echo '{"text":"hello"}' | text-length
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup var threading: ThreadOptions

  func run() throws {
    let only = fields.only.items
    try LineFilter(input, filter).run(threads: threading.threads) { Worker(only: only) }
  }

  /// Measures one line after the other.
  struct Worker: LineWorker {
    let only: [String]
    var fields = NewFields()

    mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
      let record = try Record(line)
      let length = try record.text("text").count
      fields.removeAll()
      fields.add("bytes") { $0.appendJSON(length) }
      try record.write(adding: fields, only: only, to: &output)
    }
  }
}
