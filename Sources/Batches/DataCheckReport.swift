import JSONLines

/// What a check of data found, for people and for programs.
extension DataCheck {
  /// The most labels that are listed for people.
  private static let mostLabels = 50

  /// A line a finding.
  /// - Parameter other: The name of the other set.
  public func text(other: String) -> String {
    var lines = ["\(records) records, \(differentTexts) different texts"]
    lines.append("empty texts: \(list(blank))")
    if tokens > 0 || withoutTokens.count > 0 { lines.append("records without tokens: \(list(withoutTokens))") }
    lines.append("texts that occur again: \(repeatedTexts)")
    lines.append("records whose text occurred before: \(list(repeats))")
    lines.append("texts that occur with another label, too: \(list(contradictions))")
    if let otherRecords {
      lines.append("records whose text is in \(other), too: \(list(overlap)); \(other) has \(otherRecords) records")
    }
    if hasVocabulary {
      lines.append("tokens: \(tokens), unknown: \(unknownTokens) (\(percent(unknownTokens, tokens)))")
    }
    lines.append("records without a label: \(list(unlabelled))")
    lines.append("labels: \(labels.count)")
    let shown = labels.prefix(Self.mostLabels).map { label in
      (String(decoding: label.name, as: UTF8.self), label.count)
    }
    let width = shown.reduce(0) { max($0, $1.0.count) }
    let digits = "\(shown.reduce(0) { max($0, $1.1) })".count
    for (name, count) in shown {
      let rarity = count < Self.rare ? "  rare: fewer than \(Self.rare) records" : ""
      let (gap, before) = (spaces(width - name.count), spaces(digits - "\(count)".count))
      lines.append("  \(name)\(gap)  \(before)\(count)  \(percent(count, records))\(rarity)")
    }
    let more = labels.dropFirst(Self.mostLabels)
    if !more.isEmpty {
      lines.append("  and \(more.count) more, \(more.count { $0.count < Self.rare }) of them rare")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One JSON object, with the numbers of the first records of each finding.
  public var json: [UInt8] {
    var output: [UInt8] = []
    output.appendRecord { object in
      object.add("records", records)
      object.add("different_texts", differentTexts)
      add("empty_texts", blank, to: &object)
      add("without_tokens", withoutTokens, to: &object)
      object.add("repeated_texts", repeatedTexts)
      add("repeats", repeats, to: &object)
      add("contradictions", contradictions, to: &object)
      if let otherRecords {
        object.add("against_records", otherRecords)
        add("overlap", overlap, to: &object)
      }
      if hasVocabulary {
        object.add("tokens", tokens)
        object.add("unknown_tokens", unknownTokens)
      }
      add("unlabelled", unlabelled, to: &object)
      object.add("labels") { output in
        output.appendJSON(list: labels) { output, label in
          output.appendObject { object in
            object.add("label", json: label.name)
            object.add("records", label.count)
            object.add("rare") { $0.append(label.count < Self.rare ? "true" : "false") }
          }
        }
      }
    }
    return output
  }

  private func add(_ name: String, _ finding: Finding, to object: inout JSONObjectWriter) {
    object.add(name, finding.count)
    if finding.count > 0 { object.add("\(name)_first") { $0.appendJSON(list: finding.examples) { $0.appendJSON($1) } } }
  }

  /// How many there are, and which ones.
  private func list(_ finding: Finding) -> String {
    guard finding.count > 0 else { return "0" }
    let numbers = finding.examples.map { "\($0)" }.joined(separator: ", ")
    return "\(finding.count) (record \(numbers)\(finding.count > finding.examples.count ? ", …" : ""))"
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

  private func percent(_ part: Int, _ whole: Int) -> String {
    guard whole > 0 else { return "0%" }
    return "\((1000 * Double(part) / Double(whole)).rounded() / 10)%"
  }
}
