/// Words that are dropped: a list of English ones that NLTK had, or others.
public struct StopWords: Sendable, Equatable, CustomStringConvertible {
  /// The words, all different.
  public let words: [String]
  /// How they are typed: a year, or the words with commas between; a single one has a comma behind it.
  public let description: String

  /// The 179 words of 2020.
  public static let of2020 = StopWords(words: englishStopWords, description: "2020")
  /// The 198 words of 2025: those, and pronouns joined with verbs.
  public static let of2025 = StopWords(words: englishStopWords2025, description: "2025")

  private init(words: [String], description: String) { (self.words, self.description) = (words, description) }

  /// What `description` gives back; nil for anything else.
  public init?(_ text: String) {
    if let list = [Self.of2020, .of2025].first(where: { $0.description == text }) {
      self = list
      return
    }
    var words = text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1 else { return nil }
    if words.last == "" { words.removeLast() }
    self.init(words: words)
  }

  /// Words in any order. Nil for none, and for what can't be typed among others: empty ones, those with commas or white
  /// space in them, and those that begin like an option.
  public init?(words: [String]) {
    var words = words
    words.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let isList = words.allSatisfy { word in
      !word.isEmpty && !word.utf8.starts(with: "--".utf8)
        && !word.unicodeScalars.contains { $0 == "," || $0.properties.isWhitespace }
    }
    guard isList, !words.isEmpty else { return nil }
    var different: [String] = []
    for word in words where !(different.last.map { $0.utf8.elementsEqual(word.utf8) } ?? false) {
      different.append(word)
    }
    self.words = different
    description = different.count == 1 ? different[0] + "," : different.joined(separator: ",")
  }

  public static func == (one: StopWords, other: StopWords) -> Bool {
    one.description.utf8.elementsEqual(other.description.utf8)
  }

  /// The words, for looking tokens up.
  var table: TokenTable {
    var table = TokenTable()
    for var word in words { word.withUTF8 { _ = table.add($0) } }
    return table
  }
}

private let englishStopWords2025 =
  englishStopWords + [
    "he'd", "he'll", "he's", "i'd", "i'll", "i'm", "i've", "it'd", "it'll", "she'd", "she'll", "they'd", "they'll",
    "they're", "they've", "we'd", "we'll", "we're", "we've",
  ]

private let englishStopWords = [
  "i", "me", "my", "myself", "we", "our", "ours", "ourselves", "you", "you're", "you've", "you'll",
  "you'd", "your", "yours", "yourself", "yourselves", "he", "him", "his", "himself", "she", "she's",
  "her", "hers", "herself", "it", "it's", "its", "itself", "they", "them", "their", "theirs",
  "themselves", "what", "which", "who", "whom", "this", "that", "that'll", "these", "those", "am", "is",
  "are", "was", "were", "be", "been", "being", "have", "has", "had", "having", "do", "does", "did",
  "doing", "a", "an", "the", "and", "but", "if", "or", "because", "as", "until", "while", "of", "at",
  "by", "for", "with", "about", "against", "between", "into", "through", "during", "before", "after",
  "above", "below", "to", "from", "up", "down", "in", "out", "on", "off", "over", "under", "again",
  "further", "then", "once", "here", "there", "when", "where", "why", "how", "all", "any", "both", "each",
  "few", "more", "most", "other", "some", "such", "no", "nor", "not", "only", "own", "same", "so", "than",
  "too", "very", "s", "t", "can", "will", "just", "don", "don't", "should", "should've", "now", "d", "ll",
  "m", "o", "re", "ve", "y", "ain", "aren", "aren't", "couldn", "couldn't", "didn", "didn't", "doesn",
  "doesn't", "hadn", "hadn't", "hasn", "hasn't", "haven", "haven't", "isn", "isn't", "ma", "mightn",
  "mightn't", "mustn", "mustn't", "needn", "needn't", "shan", "shan't", "shouldn", "shouldn't", "wasn",
  "wasn't", "weren", "weren't", "won", "won't", "wouldn", "wouldn't",
]
