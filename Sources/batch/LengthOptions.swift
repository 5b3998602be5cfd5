import ArgumentParser
import Batches

/// How many ids a record may have.
struct LengthOptions: ParsableArguments {
  @Option(help: "Leave out records with fewer ids.")
  var minLength = 0

  @Option(help: "Leave out records with more ids.")
  var maxLength: Int?

  @Flag(help: "Cut records to --max-length ids instead of leaving them out.")
  var truncate = false

  func validate() throws {
    guard minLength >= 0, minLength <= maxLength ?? .max else {
      throw ValidationError("--min-length must be from 0 to --max-length.")
    }
    if truncate, maxLength == nil { throw ValidationError("--truncate needs --max-length.") }
  }

  /// What became of the records, for a message; nil where none is left out.
  func note(_ filter: LengthFilter) -> String? {
    guard filter.dropped > 0 else { return nil }
    let options = [("--min-length", minLength > 0), ("--max-length", maxLength != nil && !truncate)]
    let given = options.filter(\.1).map(\.0).joined(separator: ", ")
    return "\(filter.dropped) records left out for their length (\(given))"
  }

  /// Which examples are used, and what is cut off.
  var filter: LengthFilter { LengthFilter(lengths: minLength...(maxLength ?? .max), truncates: truncate) }
}
