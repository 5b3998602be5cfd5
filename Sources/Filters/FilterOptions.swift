import ArgumentParser

/// What happens to a line that can't be processed.
public enum OnError: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// The program reports the line and stops with status 1.
  case fail
  /// The line is reported, counted and left out.
  case skip
  /// The line is reported, counted and written as it is.
  case pass
  /// The line is reported and counted, and a record that says what is wrong is written in its place.
  case answer
}

/// What every program reads.
public struct InputOptions: ParsableArguments {
  /// The files in their order; none, or `-`, is standard input.
  @Argument(help: ArgumentHelp("Files to read; none or - is standard input.", valueName: "file"), completion: .file())
  public var files: [String] = []

  /// The longest line accepted, in bytes without its end, if that is said.
  @Option(
    name: .customLong("max-line"),
    help: ArgumentHelp(
      "The longest line accepted, in bytes; K, M and G may follow. 16M if not given.", valueName: "bytes"),
    transform: byteCount)
  public var givenMaxLine: ByteCount?

  /// The longest line accepted, in bytes without its end.
  public var maxLine: ByteCount { givenMaxLine ?? ByteCount(16 << 20) }

  /// Whether nothing but errors goes to standard error.
  @Flag(help: "Print no progress, counts and seeds.")
  public var quiet = false

  public init() {}

  private static func byteCount(_ text: String) throws -> ByteCount {
    guard let count = ByteCount(argument: text) else {
      throw ValidationError("a number of bytes such as 65536, 64K, 16M or 1G.")
    }
    return count
  }
}

/// What filters do with bad lines and good ones.
public struct FilterOptions: ParsableArguments {
  /// What becomes of a bad line.
  @Option(
    help: ArgumentHelp(
      """
      What to do with a bad line: fail, skip, pass (write it unchanged), or answer (write {"error":…,"line":…} in its \
      place).
      """, valueName: "policy"))
  public var onError: OnError = .fail

  /// The file of the bad lines.
  @Option(
    help: ArgumentHelp(
      """
      Write a record for every bad line to this file: file, line, error and the line itself as text, or as base64 where \
      it is no UTF-8.
      """, valueName: "file"), completion: .file())
  public var badLines: String?

  /// The file of the counts.
  @Option(
    help: ArgumentHelp(
      """
      Write what was done to this file as a JSON object, also when the program fails: records, bad_lines, status and \
      error. /dev/fd/3 is descriptor 3.
      """, valueName: "file"), completion: .file())
  public var summary: String?

  /// Whether every record is written as soon as it is there.
  @Flag(help: "Write what was made of every block that is read at once, and not only when input idles.")
  public var unbuffered = false

  public init() {}

  public func validate() { RunSummary.request(summary) }

  /// - Throws: `ValidationError` for a policy that would put bad lines, or answers to them, among lines of another kind.
  /// - Parameter what: What is written.
  public func checkWritesNoLines(into what: String) throws {
    guard onError == .pass || onError == .answer else { return }
    throw ValidationError("--on-error \(onError) would put lines of the input into \(what); skip leaves them out.")
  }
}

/// A number of bytes on a command line: `65536`, `64K`, `16M`, `1G`.
public struct ByteCount: CustomStringConvertible, Sendable {
  /// The number of bytes.
  public let value: Int
  /// A number of bytes.
  public init(_ value: Int) { self.value = value }

  /// A number as it is typed; nil for what is none.
  public init?(argument: String) {
    let shift = ["K": 10, "M": 20, "G": 30][argument.suffix(1).uppercased()]
    guard let number = Int(shift == nil ? argument : String(argument.dropLast())), number > 0,
      number <= Int.max >> (shift ?? 0)
    else { return nil }
    value = number << (shift ?? 0)
  }

  public var description: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where value > 0 && value % (1 << shift) == 0 {
      return "\(value >> shift)\(unit)"
    }
    return "\(value)"
  }
}

/// Which fields a filter writes.
public struct FieldOptions: ParsableArguments {
  /// The fields to write, in their order; none for all.
  @Option(
    help: ArgumentHelp(
      "Write only these fields, in this order; a record without one is a bad line.", valueName: "a,b,…"))
  public var only: CommaList = CommaList([])

  public init() {}

  public func validate() throws {
    var names: Set<String> = []
    for name in only.items where !names.insert(name).inserted {
      throw ValidationError("--only names the field \"\(name)\" twice.")
    }
  }

  /// - Throws: `ValidationError` when an option that adds a field is given and --only leaves the field out.
  public func checkOnlyKeeps(_ added: [(field: String, option: String, isGiven: Bool)]) throws {
    guard !only.items.isEmpty else { return }
    for (field, option, isGiven) in added where isGiven && !only.items.contains(field) {
      throw ValidationError("\(option) adds \"\(field)\", which --only leaves out.")
    }
  }
}

/// Words separated by commas on a command line.
public struct CommaList: ExpressibleByArgument, CustomStringConvertible, Sendable {
  /// The words.
  public let items: [String]
  /// A list of words.
  public init(_ items: [String]) { self.items = items }
  public init?(argument: String) {
    items = Self.items(of: argument)
    if items.contains("") { return nil }
  }
  /// The words of a text, empty ones among them. A combining mark behind a comma begins a word.
  public static func items(of text: String) -> [String] {
    text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  public var description: String { items.joined(separator: ",") }
  public var defaultValueDescription: String { description }
}
