import Filters
import Models

/// What there is in a model's file beside its layers, as text: what `train --describe` shows of it.
public enum ModelFacts {
  /// A line for each of labels, vocabulary, tokenizer, steps, seed and figures of the run that the file has.
  public static func text(of model: Model) -> String {
    var lines: [(name: String, value: String)] = []
    let isTagger = (try? ModelSignature(model.layers))?.kind == .tagger
    if let labels = model.labels { lines.append((isTagger ? "tags" : "labels", labels.joined(separator: ", "))) }
    if let vocabulary = model.vocabulary { lines.append(("vocabulary", "\(vocabulary.count) entries")) }
    if let tokenizer = model.tokenizer { lines.append(("tokenizer", tokenizer)) }
    if let bias = model.entityBias { lines.append(("entity bias", fourDigits(bias))) }
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
