/// Words that are spelt almost alike.
public enum Spelling {
  /// The word of a list that was probably meant: at most two letters of the one typed are wrong, missing or too many,
  /// and never more than half of them. Capitals do not matter.
  /// - Returns: The nearest word, the first of equals; nil where none is near.
  public static func nearest(to typed: String, among words: [String]) -> String? {
    let letters = Array(typed.lowercased().unicodeScalars)
    let distances = words.map { ($0, distance(letters, Array($0.lowercased().unicodeScalars))) }
    guard let (word, distance) = distances.min(by: { $0.1 < $1.1 }), distance <= min(2, letters.count / 2) else {
      return nil
    }
    return word
  }

  /// How many letters must be replaced, added or taken away to make one of the other.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
