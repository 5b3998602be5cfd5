import ArgumentParser
import JSONLines

/// An option, a flag or an argument of a program, as ArgumentParser describes it.
struct ArgumentDescription {
  /// How it is typed, the usual way last: `-h`, `--help`; none for an argument.
  let names: [String]
  /// Whether it has a value.
  let isOption: Bool
  let isRepeating: Bool
  /// Whether an option may stand without its value.
  let mayLackValue: Bool
  /// What stands for the value in the help.
  let valueName: String
  /// All values, where they can be listed.
  let values: [String]
  /// What is said of each value, where something is.
  let valueDescriptions: [String: String]
  /// The title of its part of the help, if it has one.
  let section: String?
  /// What is said of it.
  let about: String

  /// All of a program; nil when they can't be read.
  static func all(of command: (some ParsableCommand).Type) -> [ArgumentDescription]? {
    guard let document = try? JSONDocument(command._dumpHelp()),
      let arguments = document.root["command"]?["arguments"]?.items
    else { return nil }
    return arguments.map(Self.init)
  }

  /// How its value is typed, behind its name: ` <file>`, in brackets where it may be left out.
  var call: String {
    guard isOption else { return "" }
    return mayLackValue ? " [<\(valueName)>]" : " <\(valueName)>"
  }

  private init(_ argument: JSON) {
    names = (argument["names"]?.items.map(Array.init) ?? []).compactMap { name in
      name["name"]?.string.map { (name["kind"]?.string == "short" ? "-" : "--") + $0 }
    }
    isOption = argument["kind"]?.string == "option"
    isRepeating = argument["isRepeating"]?.truth ?? false
    mayLackValue = argument["parsingStrategy"]?.string == "scanningForValue"
    valueName = argument["valueName"]?.string ?? ""
    values = argument["allValues"]?.items.map { $0.compactMap(\.string) } ?? []
    let descriptions = argument["allValueDescriptions"]
    valueDescriptions = Dictionary(
      values.compactMap { value in descriptions?[value]?.string.map { (value, $0) } }, uniquingKeysWith: { $1 })
    section = argument["sectionTitle"]?.string
    about = argument["abstract"]?.string ?? ""
  }
}
