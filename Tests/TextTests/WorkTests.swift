import CWork
import CountedText
import Testing

/// How much there is to do for text of a kind that makes an engine look at the same characters over and over. The
/// module is built a second time so that it counts the comparisons it makes: their number depends neither on the
/// machine nor on what else that does.
@Suite struct WorkTests {
  /// Twenty times the text may be a little more than twenty times the work; quadratic work would be four hundred times.
  @Test(arguments: [
    "@", "(", "1", "http://", "a(", "http://a(b", "(a)", "e\u{301}", "<a", "a.", "1.1-", "a@", "a@b.", "#a'-", "&",
    "&a",
    ".\u{2003} ", "http:/;:", "-.", "$a", ":(8", "y", "\u{3a3}\u{301}", "a'-_", "(((a)", "http://((a):", "1 (", "RT ",
    "http:(:(", "a.co/(:):", "http:a(:):(::)", "a.com-", "1.co@", "\u{1f3fb}", "\u{200d}", "a\u{200d}", "\u{1f1e6}",
    "ab.co.1",
  ])
  func workIsProportionalToLength(_ piece: String) {
    func work(_ characters: Int) -> UInt64 {
      let text = String(repeating: piece, count: characters / piece.utf8.count)
      var new = TweetTokenizer.Options.raw
      new.release = .v310
      var (all, raw, newest) = (TweetTokenizer(), TweetTokenizer(.raw), TweetTokenizer(new))
      let start = work_done()
      _ = all.tokens(in: text)
      _ = raw.tokens(in: text)
      _ = newest.tokens(in: text)
      return work_done() - start
    }
    let (small, large) = (work(5000), work(100_000))
    #expect(
      small > 5000 && large < 20 * small * 5 / 4, "\(piece): 20 times the text, \(small) and \(large) comparisons")
  }
}
