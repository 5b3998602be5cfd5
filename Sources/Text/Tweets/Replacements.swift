/// What becomes of the @handles in a tweet.
public enum Handles: String, Sendable, CaseIterable {
  /// They are removed (NLTK's `strip_handles`).
  case drop
  /// They stay.
  case keep
  /// Each becomes one token, `TweetTokenizer.Options.replacements`.
  case replace
}

/// The tokens that stand for handles and links, as models of tweets expect them.
///
/// A handle is a token of `@` and word characters, a link one that begins with `http:`, `https:` or `www.`.
///
/// Source: BERTweet (D. Nguyen, T. Vu, A. Nguyen, 2020), whose tokens are those of NLTK's TweetTokenizer; TweetEval
/// (F. Barbieri and others, 2020) has `@user` and `http`.
public struct Replacements: Sendable, Equatable {
  /// The token for a handle.
  public let handle: String
  /// The token for a link.
  public let link: String

  /// Those of BERTweet.
  public static let bertweet = Replacements(handle: "@USER", link: "HTTPURL")

  private init(handle: String, link: String) { (self.handle, self.link) = (handle, link) }

  /// Both, with a comma between, as they are typed: `@user,http`. Nil when these are not two tokens without white space and quotes.
  public init?(_ text: String) {
    let parts = text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.utf8.starts(with: "--".utf8) }),
      !ShellWords.isSpecial(text)
    else { return nil }
    self.init(handle: parts[0], link: parts[1])
  }

  /// What stands for a token, where it is a handle or a link that is to be replaced.
  func token(for token: Bytes, _ options: TweetTokenizer.Options, _ rules: TweetRules) -> String? {
    if options.handles == .replace, Self.isHandle(token, rules) { return handle }
    if options.links == .replace, Self.isLink(token) { return link }
    return nil
  }

  private static func isHandle(_ token: Bytes, _ rules: TweetRules) -> Bool {
    token.first == UInt8(ascii: "@") && token.count > 1 && token.runEnd(of: .word, from: 1) == token.count
      && Emoticon.end(at: 0, in: token, heartMayBeBroken: rules.heartMayBeBroken) == nil
  }

  private static func isLink(_ token: Bytes) -> Bool {
    func begins(_ word: StaticString) -> Bool {
      let length = word.utf8CodeUnitCount
      guard token.count > length else { return false }
      return (0..<length).allSatisfy { token[$0] | 0x20 == word.utf8Start[$0] | 0x20 }
    }
    if begins("http:") || begins("https:") { return true }
    // A mail address has its @ before any slash.
    return begins("www.") && token.first { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "/") } != UInt8(ascii: "@")
  }
}

extension Replacements: CustomStringConvertible {
  public var description: String { "\(handle),\(link)" }
}
