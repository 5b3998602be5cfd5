import Filters
import Models
import Reports

extension Neighbours {
  /// How many are shown.
  private static let count = 10

  /// A line for each word, and under it a line for each of its neighbours, with the cosine before it.
  func text(of words: [String]) throws -> String {
    var lines = ["nearest to each word, by the cosine of their vectors"]
    for word in words {
      lines.append(visible(word))
      for neighbour in try nearest(to: word, count: Self.count) {
        let number = fixed(Double(neighbour.cosine), decimals: 4)
        let padding = String(repeating: " ", count: max(7 - number.count, 0))
        lines.append("  \(padding)\(number)  \(visible(neighbour.token))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
