import Filters
import Models
import Reports

extension TopTokens {
  /// A line for each class, and under it a line for each of its tokens, with what it adds before it.
  func text(labels: [String]?) -> String {
    let how = method == .mean ? "what each token adds to" : "tokens that are predicted alone:"
    var lines = ["\(how) the log odds of a class, in nats"]
    for (label, tokens) in classes.enumerated() {
      lines.append(visible(labels?[label] ?? "\(label)"))
      let numbers = tokens.map { fixed($0.nats, decimals: 4) }
      let width = numbers.map(\.count).max() ?? 0
      for (token, number) in zip(tokens, numbers) {
        let padding = String(repeating: " ", count: width - number.count)
        lines.append("  \(padding)\(number)  \(visible(token.name.description))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
