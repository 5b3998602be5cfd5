import Filters
import Models

/// What there is in a model's file beside its layers, as text: what `train --describe` shows of it.
public enum ModelFacts {
  /// A line for each of labels, vocabulary, tokenizer, precision, size, steps, seed and figures of the run that the
  /// file has.
  public static func text(of model: Model) -> String {
    var lines: [(name: String, value: String)] = []
    let isTagger = (try? ModelSignature(model.layers))?.kind == .tagger
    if let labels = model.labels { lines.append((isTagger ? "tags" : "labels", labels.joined(separator: ", "))) }
    if let vocabulary = model.vocabulary { lines.append(("vocabulary", "\(vocabulary.count) entries")) }
    if let tokenizer = model.tokenizer { lines.append(("tokenizer", tokenizer)) }
    if let bias = model.entityBias { lines.append(("entity bias", fourDigits(bias))) }
    if let bytes = model.byteCount {
      lines += [("precision", model.precision.rawValue), ("file size", fileSize(bytes))]
    }
    var statistics = model.statistics
    for name in ["steps", "seed"] {
      guard let value = statistics.removeValue(forKey: name) else { continue }
      lines.append((name, Int(exactly: value).map { "\($0)" } ?? "\(value)"))
    }
    for (name, value) in statistics.sorted(by: { $0.key < $1.key }) { lines.append((name, fourDigits(value))) }
    let width = lines.map(\.name.count).max() ?? 0
    return lines.map { name, value in
      "\(visible(name))\(String(repeating: " ", count: width - name.count))  \(visible(value))\n"
    }.joined()
  }
}

/// A number of bytes in kB, MB or GB, one digit behind the point.
func fileSize(_ bytes: Int) -> String {
  var (number, unit) = (Double(bytes) / 1000, "kB")
  for next in ["MB", "GB"] where number >= 1000 { (number, unit) = (number / 1000, next) }
  return "\((number * 10).rounded() / 10) \(unit)"
}
