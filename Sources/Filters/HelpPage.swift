import ArgumentParser
import JSONLines

/// The page of `--help`: what a program is for, the options that are used most, a clause each, and its example.
/// `--help-all` has all options, and all that is to be said of them.
enum HelpPage {
  /// The most characters of a line, and those before what is said of an option, as ArgumentParser has them.
  private static let (width, indent) = (80, 26)

  /// The page of a program.
  static func text(of program: (some Program).Type) -> String {
    let configuration = program.configuration
    let about = String(
      configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }.joined(
        separator: " "))
    var parts = [wrapped("OVERVIEW: \(configuration.abstract)"), wrapped(about), "USAGE: \(program.usageString())"]
    var sections: [(title: String, lines: [String])] = []
    for option in options(of: program) where option.names.contains(where: isShown(program)) {
      let title = (option.section ?? "options").uppercased()
      if let index = sections.firstIndex(where: { $0.title == title }) {
        sections[index].lines.append(option.text)
      } else {
        sections.append((title, [option.text]))
      }
    }
    // Those without a title come last.
    sections = sections.filter { $0.title != "OPTIONS" } + sections.filter { $0.title == "OPTIONS" }
    parts += sections.map { "\($0.title):\n\($0.lines.joined(separator: "\n"))" }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func isShown(_ program: (some Program).Type) -> (String) -> Bool {
    { program.commonOptions.isEmpty || (program.commonOptions + ["--version", "--help"]).contains($0) }
  }

  /// An option, and what is said of it.
  private struct Option {
    let section: String?
    let names: [String]
    let text: String
  }

  /// All options, as ArgumentParser describes them.
  private static func options(of program: (some Program).Type) -> [Option] {
    guard let document = try? JSONDocument(program._dumpHelp()),
      let arguments = document.root["command"]?["arguments"]?.items
    else { return [] }
    return arguments.compactMap { argument -> Option? in
      let names = (argument["names"]?.items.map(Array.init) ?? []).compactMap { name in
        name["name"]?.string.map { (name["kind"]?.string == "short" ? "-" : "--") + $0 }
      }
      guard let name = names.last else { return nil }
      let value = argument["kind"]?.string == "option" ? " <\(argument["valueName"]?.string ?? "")>" : ""
      let values = (argument["allValues"]?.items.map { $0.compactMap(\.string) } ?? []).joined(separator: ", ")
      let about =
        firstClause(of: argument["abstract"]?.string ?? "")
        + (values.isEmpty || values.count > width ? "" : " (\(values))")
      let call = "  " + (name == "--help" ? "-h, --help" : name + value)
      let lines = wrapped(name == "--help" ? "This page; --help-all shows every option." : about, from: indent)
      return Option(
        section: argument["sectionTitle"]?.string, names: names,
        text: call.count < indent - 1 ? padded(call) + lines.dropFirst(indent) : call + "\n" + lines)
    }
  }

  /// A text up to its first full stop, semicolon or colon.
  private static func firstClause(of text: String) -> String {
    let ends: Set<Character> = [".", ";", ":"]
    let words = text.split(separator: " ")
    let last = words.firstIndex { $0.last.map(ends.contains) ?? false } ?? words.count - 1
    var clause = words.prefix(last + 1).joined(separator: " ")
    if let end = clause.last, ends.contains(end) { clause.removeLast() }
    return clause.hasSuffix("…") ? clause : clause + "."
  }

  private static func padded(_ text: String) -> String { text + String(repeating: " ", count: indent - text.count) }

  /// A text in lines of at most `width` characters, each behind so many spaces.
  private static func wrapped(_ text: String, from indent: Int = 0) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, indent + last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
  }
}
