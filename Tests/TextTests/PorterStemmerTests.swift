import Foundation
import Testing
import Text

@Suite struct PorterStemmerTests {
  /// Words that show every rule, as NLTK 3.5 stems them (`Tests/References/porter.py`).
  @Test func stemsEqualNLTKs() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/porter.tsv")
    let pairs = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(pairs.count > 5000)
    var stemmer = PorterStemmer()
    for pair in pairs { #expect(isSame([stemmer.stem(pair[0])], [pair[1]]), "\(pair[0])") }
  }

  @Test(arguments: [
    ("dying", "die"), ("flies", "fli"), ("dies", "die"), ("happily", "happili"), ("geology", "geolog"), ("sky", "sky"),
    ("a*ding", "ad"), ("OK", "OK"), ("Ties", "tie"), ("syzygy", "syzygi"), ("", ""), ("İİs", "i̇i̇"),
  ])
  func particularRules(_ word: String, _ stem: String) {
    var stemmer = PorterStemmer()
    #expect(isSame([stemmer.stem(word)], [stem]))
  }

  /// NLTK 3.10 lowers short words, and knows irregular ones in capitals.
  @Test(arguments: [
    ("OK", "ok"), (":D", ":d"), ("SKIES", "sky"), ("Dying", "die"), ("Ties", "tie"), ("", ""), ("İİs", "i̇i̇"),
    ("Kİ", "ki̇"),
  ])
  func rulesOfNLTK310(_ word: String, _ stem: String) {
    var stemmer = PorterStemmer(.v310)
    #expect(isSame([stemmer.stem(word)], [stem]))
  }
}
