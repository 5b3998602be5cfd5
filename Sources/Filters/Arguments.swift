import ArgumentParser
import Files
import JSONLines

/// The words of the command line.
enum Arguments {
  /// The words behind the program's name. Bytes that are no UTF-8 stand as `FileName` keeps them.
  static func words() -> [String] {
    (1..<max(Int(CommandLine.argc), 1)).compactMap { CommandLine.unsafeArgv[$0].map { FileName.string($0) } }
  }

  /// Refuses what ArgumentParser lets pass: an option given twice, of which only the last would count, and values that
  /// are no UTF-8 of options that name no file.
  /// - Throws: `ValidationError`.
  static func check(_ words: [String], of command: (some ParsableCommand).Type) throws {
    let words = words.prefix { $0 != "--" }
    let names = words.filter { $0.hasPrefix("--") }.map(name)
    let isStrange = Set(names).count < names.count || words.contains(where: hasStrayBytes)
    guard isStrange, let options = options(of: command) else { return }
    var given: Set<String> = []
    var next = words.startIndex
    while next < words.endIndex {
      let word = words[next]
      next += 1
      guard let option = options[name(word)] else { continue }
      let value = word.contains("=") ? word : next < words.endIndex ? words[next] : ""
      if !word.contains("=") { next += 1 }
      guard given.insert(name(word)).inserted || option.isRepeating else {
        throw ValidationError("The option \(name(word)) is given twice.")
      }
      if hasStrayBytes(value), !option.isFile { throw ValidationError("The value of \(name(word)) is not UTF-8.") }
    }
  }

  /// Refuses a file of bad lines, or of a summary, that another word of the command line names, too: what is there would be
  /// lost.
  /// - Throws: `Failure` that names both; `FileError` for a name that can't be written.
  static func checkOutputs(_ words: [String], of command: (some ParsableCommand).Type) throws {
    let outputs = ["--bad-lines", "--summary"]
    guard words.contains(where: { outputs.contains(name($0)) }), let options = options(of: command) else { return }
    var files = [(word: "the input", file: "-")]
    var rest = words[...]
    while let word = rest.popFirst(), word != "--" {
      guard word.hasPrefix("--") else {
        files.append(("the input", word))
        continue
      }
      guard let option = options[name(word)] else { continue }
      let value = word.contains("=") ? String(word.drop { $0 != "=" }.dropFirst()) : rest.popFirst() ?? ""
      if option.isFile { files.append((name(word), value)) }
    }
    files += rest.map { ("the input", $0) }
    for (option, file) in files where outputs.contains(option) {
      guard let path = try OutputFile(file).path else { continue }
      for (other, otherFile) in files where other != option {
        let isSame =
          otherFile == "-"
          ? Folder.isSame(path, descriptor: 0)
          : Folder.isSame(otherFile, path)
        if isSame { throw Failure("\(file): \(option) and \(other) are the same file") }
      }
    }
  }

  private struct Option {
    let isRepeating: Bool, isFile: Bool
  }

  /// The options with a value, as ArgumentParser describes them; nil when that can't be read.
  private static func options(of command: (some ParsableCommand).Type) -> [String: Option]? {
    guard let document = try? JSONDocument(command._dumpHelp()),
      let arguments = document.root["command"]?["arguments"]?.items
    else { return nil }
    var options: [String: Option] = [:]
    for argument in arguments where argument["kind"]?.string == "option" {
      let option = Option(
        isRepeating: argument["isRepeating"]?.truth ?? false,
        isFile: argument["valueName"]?.string?.hasSuffix("file") ?? false)
      for name in argument["names"]?.items.map(Array.init) ?? [] {
        if let name = name["name"]?.string { options["--\(name)"] = option }
      }
    }
    return options
  }

  private static func name(_ word: String) -> String { String(word.prefix { $0 != "=" }) }

  private static func hasStrayBytes(_ word: String) -> Bool {
    word.unicodeScalars.contains { FileName.byteCharacters.contains($0.value) }
  }
}
