import ArgumentParser
import Files

/// The page of the program in section 1 of the manual, in mdoc, from the declarations that `--help` is made from.
enum ManualPage {
  /// The page of a program.
  /// - Parameter date: The day that the page bears.
  static func text(of program: (some Program).Type, date: String) -> String {
    let configuration = program.configuration
    let name = configuration.commandName ?? ""
    let abstract = configuration.abstract
    let options = ArgumentDescription.all(of: program) ?? []
    return """
      .Dd \(line(date))
      .Dt \(line(name.uppercased())) 1
      .Os "Rivulet \(rivuletVersion)"
      .Sh NAME
      .Nm \(line(name))
      .Nd \(line(abstract.prefix(1).lowercased() + abstract.dropFirst().dropLast()))
      .Sh SYNOPSIS
      .Nm
      .Op Ar option ...
      \(options.filter(\.names.isEmpty).map { ".Op Ar \(line($0.valueName)) ..." }.joined(separator: "\n"))
      .Sh DESCRIPTION
      \(paragraphs(of: configuration.discussion))
      \(sections(of: options))
      .Sh EXIT STATUS
      0 if all is done, 1 after bad data or failed input or output, 2 if the command line is wrong.
      .Sh EXAMPLES
      .Bd -literal
      \(program.example.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n"))
      .Ed
      .Sh SEE ALSO
      \(pages(alsoFor: program))

      """
  }

  /// The pages to read beside, by section and name.
  private static func pages(alsoFor program: (some Program).Type) -> String {
    let guides = program.guides.sorted().map { "rivulet-\($0) 7" }
    return (["rivulet-formats 5", "rivulet-records 5", "rivulet 7"] + guides).map { ".Xr \(line($0))" }
      .joined(separator: " ,\n")
  }

  /// The options in lists, those without a title last.
  private static func sections(of options: [ArgumentDescription]) -> String {
    var titles: [String] = []
    for title in options.compactMap(\.section) where !titles.contains(title) { titles.append(title) }
    return (titles.map(Optional.some) + [nil]).map { title in
      """
      .Ss \(line(title ?? "Other options"))
      .Bl -tag -width Ds
      \(options.filter { $0.section == title }.map(entry).joined(separator: "\n"))
      .El
      """
    }.joined(separator: "\n")
  }

  /// An option of a list with what is said of it.
  private static func entry(of option: ArgumentDescription) -> String {
    let argument = "\(option.mayLackValue ? "Op " : "")Ar \(line(option.valueName))"
    let value = option.isOption || option.names.isEmpty ? [argument] : []
    let names = option.names.map { "Fl \(line($0.dropFirst()))" }
    let calls = names.isEmpty ? value : names.map { ([$0] + value).joined(separator: " ") }
    let plain = option.values.isEmpty ? [] : ["One of \(line(option.values.joined(separator: ", ")))."]
    let values = option.valueDescriptions.isEmpty ? plain : list(of: option.values, option.valueDescriptions)
    return ([".It \(calls.joined(separator: " , "))", paragraphs(of: option.about)] + values).joined(separator: "\n")
  }

  /// Values with what is said of each.
  private static func list(of values: [String], _ descriptions: [String: String]) -> [String] {
    let entries = values.map { ".It Cm \(line($0))\n\(paragraphs(of: descriptions[$0] ?? ""))" }
    return [".Bl -tag -width Ds"] + entries + [".El"]
  }

  /// Paragraphs of plain text, which blank lines keep apart; each sentence begins a line.
  private static func paragraphs(of text: String) -> String {
    text.split(separator: "\n\n").map { paragraph in
      var sentences = [""]
      for word in paragraph.split(whereSeparator: \.isWhitespace) {
        sentences[sentences.count - 1] += (sentences.last!.isEmpty ? "" : " ") + word
        if word.hasSuffix(".") { sentences.append("") }
      }
      return sentences.filter { !$0.isEmpty }.flatMap { HelpPage.wrapped($0).split(separator: "\n") }.map(line)
        .joined(separator: "\n")
    }.joined(separator: "\n.Pp\n")
  }

  /// A line of text in which nothing means anything to roff.
  private static func line(_ text: some StringProtocol) -> String {
    var line = ""
    if text.first == "." || text.first == "'" { line = "\\&" }
    for character in text.unicodeScalars {
      switch character {
      case "\\": line += "\\e"
      case "-": line += "\\-"
      case "\n": line += " "
      case "…": line += "..."
      default: line.unicodeScalars.append(character)
      }
    }
    return line
  }
}
