import ArgumentParser
import Files
import Text

/// The words of the command line.
enum Arguments {
  /// The words behind the program's name. Bytes that are no UTF-8 stand as `FileName` keeps them.
  static func words() -> [String] {
    (1..<max(Int(CommandLine.argc), 1)).compactMap { CommandLine.unsafeArgv[$0].map { FileName.string($0) } }
  }

  /// The words with a negative number joined to the option whose value it is, `--temperature=-1`: ArgumentParser takes
  /// it for an option, and the value for missing.
  static func joiningNegativeNumbers(_ words: [String], of command: (some ParsableCommand).Type) -> [String] {
    func isNegative(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") && Double(word) != nil }
    let typed = words.prefix { $0 != "--" }
    guard typed.contains(where: isNegative), let options = options(of: command) else { return words }
    var joined: [String] = []
    for word in typed {
      if isNegative(word), let last = joined.last, let option = options[last], !option.mayLackValue {
        joined[joined.count - 1] = "\(last)=\(word)"
      } else {
        joined.append(word)
      }
    }
    return joined + words[typed.endIndex...]
  }

  /// What the value of an option was probably meant to be, of those that it may have; nil where no value is misspelt.
  static func meantValue(_ words: [String], of command: (some ParsableCommand).Type) -> String? {
    guard let options = options(of: command) else { return nil }
    for case (let name?, let value?) in values(words[...], options) {
      let known = options[name]!.values
      let words = known.filter { $0.allSatisfy { $0.isLetter || $0 == "-" } }
      if !known.contains(value), let meant = Spelling.nearest(to: value, among: words) { return meant }
    }
    return nil
  }

  /// What is said of a file that can't be used: the option that names it, or before it one that takes other values; nil
  /// where it is the input.
  static func advice(on file: String, _ words: [String], of command: (some ParsableCommand).Type) -> String? {
    guard let options = options(of: command) else { return nil }
    for (word, next) in zip(words, words.dropFirst()) where next == file {
      if let option = options[word], option.mayLackValue {
        return "\(word) takes \(option.values.joined(separator: ", "))"
      }
    }
    // NAME=FILE, and the folder of a file, are the file, too.
    let uses = values(words[...], options).filter { _, value in
      guard let value else { return false }
      return value == file || value.hasSuffix("=\(file)") || file.hasSuffix("/") && value.hasPrefix(file)
    }
    return uses.contains { $0.name == nil } ? nil : uses.first?.name
  }

  /// Refuses what ArgumentParser lets pass: an option given twice, of which only the last would count, values that are no
  /// UTF-8 of options that name no file, and unknown ones behind `=` of options that need none.
  /// - Throws: `ValidationError`.
  static func check(_ words: [String], of command: (some ParsableCommand).Type) throws {
    let words = words.prefix { $0 != "--" }
    let names = words.filter(isOption).map(name)
    let isStrange =
      Set(names).count < names.count || words.contains { hasStrayBytes($0) || isOption($0) && hasValue($0) }
    guard isStrange, let options = options(of: command) else { return }
    var given: Set<String> = []
    for case (let name?, let value) in values(words, options) {
      let option = options[name]!
      guard given.insert(name).inserted || option.isRepeating else {
        throw ValidationError("The option \(name) is given twice.")
      }
      // ArgumentParser takes an option that needs no value for one without where it does not know the value.
      if option.mayLackValue, let value, !option.values.contains(value) {
        let known = option.values.joined(separator: ", ")
        throw ValidationError("The value '\(value)' is invalid for '\(name)'. It takes \(known), or no value.")
      }
      if let value, hasStrayBytes(value), !option.isFile { throw ValidationError("The value of \(name) is not UTF-8.") }
    }
  }

  /// Refuses a file of bad lines, or of a summary, that another word of the command line names, too: what is there would be
  /// lost.
  /// - Throws: `Failure` that names both; `FileError` for a name that can't be written.
  static func checkOutputs(_ words: [String], of command: (some ParsableCommand).Type) throws {
    let outputs = ["--bad-lines", "--summary"]
    guard words.contains(where: { outputs.contains(name($0)) }), let options = options(of: command) else { return }
    var files = [(word: "the input", file: "-")]
    for (name, value) in values(words[...], options) where name.map({ options[$0]!.isFile }) ?? true {
      files.append((name ?? "the input", value ?? ""))
    }
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

  /// The options of a command line with their values, nil where there is none, and its other words without a name; flags
  /// are left out.
  private static func values(
    _ words: ArraySlice<String>, _ options: [String: ArgumentDescription]
  ) -> [(name: String?, value: String?)] {
    var (all, rest): ([(String?, String?)], _) = ([], words)
    while let word = rest.popFirst(), word != "--" {
      guard isOption(word) else {
        all.append((nil, word))
        continue
      }
      guard let option = options[name(word)] else { continue }
      if hasValue(word) {
        all.append((name(word), String(word.unicodeScalars.drop { $0 != "=" }.dropFirst())))
      } else {
        let isValue = rest.first.map { !option.mayLackValue || option.values.contains($0) } ?? false
        all.append((name(word), isValue ? rest.removeFirst() : nil))
      }
    }
    return all + rest.map { (nil, $0) }
  }

  /// The options with a value, by their names; nil when they can't be read.
  private static func options(of command: (some ParsableCommand).Type) -> [String: ArgumentDescription]? {
    ArgumentDescription.all(of: command).map { all in
      Dictionary(
        all.filter(\.isOption).flatMap { option in option.names.map { ($0, option) } }, uniquingKeysWith: { $1 })
    }
  }

  private static func name(_ word: String) -> String { String(word.unicodeScalars.prefix { $0 != "=" }) }

  private static func isOption(_ word: String) -> Bool { word.utf8.starts(with: "--".utf8) }

  private static func hasValue(_ word: String) -> Bool { word.utf8.contains(UInt8(ascii: "=")) }

  private static func hasStrayBytes(_ word: String) -> Bool {
    word.unicodeScalars.contains { FileName.byteCharacters.contains($0.value) }
  }
}

extension ArgumentDescription {
  /// Whether its value is the name of a file.
  fileprivate var isFile: Bool { valueName.hasSuffix("file") }
}
