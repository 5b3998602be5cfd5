import ArgumentParser

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
    for option in ArgumentDescription.all(of: program) ?? [] {
      guard let name = option.names.last, isShown(name, program) else { continue }
      let (title, line) = ((option.section ?? "options").uppercased(), text(of: option, name))
      if let index = sections.firstIndex(where: { $0.title == title }) {
        sections[index].lines.append(line)
      } else {
        sections.append((title, [line]))
      }
    }
    // Those without a title come last.
    sections = sections.filter { $0.title != "OPTIONS" } + sections.filter { $0.title == "OPTIONS" }
    parts += sections.map { "\($0.title):\n\($0.lines.joined(separator: "\n"))" }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func isShown(_ name: String, _ program: (some Program).Type) -> Bool {
    program.commonOptions.isEmpty || (program.commonOptions + ["--version", "--help"]).contains(name)
  }

  /// What is said of an option.
  private static func text(of option: ArgumentDescription, _ name: String) -> String {
    let values = option.values.joined(separator: ", ")
    let isHelp = name == "--help"
    let about = isHelp ? "This page; --help-all shows every option." : firstClause(of: option.about)
    let call =
      "  " + (isHelp ? option.names.joined(separator: ", ") : name) + option.call
    let lines = wrapped(about + (values.isEmpty || values.count > width ? "" : " (\(values))"), from: indent)
    return call.count < indent - 1 ? padded(call) + lines.dropFirst(indent) : call + "\n" + lines
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
  static func wrapped(_ text: String, from indent: Int = 0) -> String {
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
