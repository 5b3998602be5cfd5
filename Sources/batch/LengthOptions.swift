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

  /// Which examples are used, and what is cut off.
  var filter: LengthFilter { LengthFilter(lengths: minLength...(maxLength ?? .max), truncates: truncate) }
}
