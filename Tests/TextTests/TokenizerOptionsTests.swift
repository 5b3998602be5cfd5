import Testing
import Text

@Suite struct TokenizerOptionsTests {
  @Test func optionsOfBothPrograms() throws {
    let tokens = try TokenizerOptions("--no-stem  --ngrams=3 --hash-bits 12 --links line --append-end")
    #expect(tokens.unit == .tokens && tokens.ngrams == HashedNGrams(longest: 3, bits: 12) && tokens.appendsEnd)
    #expect(tokens.tweets == TweetTokenizer.Options(links: .line, noStem: true))
    #expect("\(tokens)" == "--links line --no-stem --ngrams 3 --hash-bits 12 --append-end")
    let characters = try TokenizerOptions("--characters --lowercase --trim --max-length 9 --plain --field 'a b'")
    #expect(characters.unit == .characters && characters.lowercases && characters.trims && characters.maxLength == 9)
    #expect(try TokenizerOptions("--subwords \"my words\"").subwords == "my words")
    #expect(try TokenizerOptions(nil).unit == nil && TokenizerOptions(" ").unit == nil)
    #expect(try TokenizerOptions("--ngrams 2").ngrams?.count == 1 << 20)
  }

  /// What is typed in another way is the same value, and its description is read as itself.
  @Test(
    arguments: [
      ("", ""), ("--plain --field body", ""), ("--links url", "--links url"), ("--links=url --no-stem", "--no-stem"),
      ("--no-stem --raw --keep-punctuation --keep-case", "--raw --keep-case"),
      ("--hash-bits=20 --ngrams 2", "--ngrams 2"),
      ("--append-end --trim --characters", "--characters --trim --append-end"),
      (
        "--keep-stop-words --keep-punctuation --keep-lengthening --keep-handles --links keep",
        "--links keep --keep-handles --keep-lengthening --keep-stop-words --keep-punctuation"
      ),
      ("--keep-phone-numbers --stop-words 2020 --nltk 3.10", "--nltk 3.10 --stop-words 2020 --keep-phone-numbers"),
      ("--nltk 3.5", "--links url"),
      (
        "--replace-with=@user,http --links replace --handles replace --raw",
        "--handles replace --links replace --replace-with @user,http --raw"
      ),
      ("--handles keep", "--keep-handles"), ("--handles drop", "--links url"), ("--handles drop --keep-handles", nil),
      ("--handles replace --replace-with @USER,HTTPURL", "--handles replace"), ("--replace-with a,b", nil),
      ("--links replace --replace-with a", nil), ("--raw --links keep", nil),
      ("--nltk 3.10 --stop-words 2025", "--nltk 3.10"), ("--nltk 3.6", nil),
      ("--stop-words 2025 --raw", nil), ("--stop-words 2025 --keep-stop-words", nil),
      ("--stop-words \"b,it's,a\"", "--stop-words 'a,b,it'\"'\"'s'"), ("--stop-words=a,b", "--stop-words a,b"),
      ("--stop-words a", nil), ("--subwords my\\ words", nil),
      ("--subwords \"it's a 'file'\"", "--subwords 'it'\"'\"'s a '\"'\"'file'\"'\"''"),
      ("--subwords=--odd", "--subwords=--odd"),
      // A combining mark behind a quote, a separator or white space is a character of the word.
      ("--subwords '\u{64c}a b'", "--subwords '\u{64c}a b'"), ("--subwords=\u{301}", "--subwords \u{301}"),
      ("--subwords \u{301}'", nil), ("--subwords '\u{301}a'\"'\u{301}\"", "--subwords '\u{301}a'\"'\"'\u{301}'"),
      ("--links replace --replace-with a,\u{301}", "--links replace --replace-with a,\u{301}"),
      ("--links replace --replace-with a,'\u{301}", nil), ("--links replace --replace-with \"a,'\u{301}\"", nil),
    ] as [(String, String?)])
  func descriptionsAreCanonical(_ typed: String, _ canonical: String?) throws {
    guard let canonical else {
      #expect(throws: TokenizerOptionsError.self) { try TokenizerOptions(typed) }
      return
    }
    let options = try TokenizerOptions(typed)
    #expect("\(options)" == canonical)
    #expect(try TokenizerOptions(canonical) == options)
  }

  @Test func optionsAddUp() throws {
    func sum(_ a: String, _ b: String) throws -> String { "\(try TokenizerOptions(a).adding(TokenizerOptions(b)))" }
    #expect(try sum("--no-stem", "--ngrams 2 --append-end") == "--no-stem --ngrams 2 --append-end")
    #expect(try sum("--no-stem", "--links url --no-stem") == "--no-stem" && sum("", "--raw") == "--raw")
    #expect(try sum("--characters --lowercase", "--characters --trim") == "--characters --lowercase --trim")
    for (a, b) in [
      ("--no-stem", "--raw"), ("--no-stem", "--links url"), ("--no-stem", "--characters"), ("--ngrams 2", "--ngrams 3"),
      ("--max-length 2", "--max-length 3"), ("--subwords a", "--subwords b"),
    ] {
      #expect(throws: TokenizerOptionsError.self) { try sum(a, b) }
    }
    #expect { try sum("--no-stem", "--raw") } throws: {
      "\($0)" == "\"--no-stem\" and \"--raw\" contradict each other"
    }
  }

  /// A word misspelt once meant nothing, and `--ngrams=2` no n-grams.
  @Test(arguments: [
    "--no-stm", "no-stem", "--ngrams", "--ngrams 1", "--ngrams=9", "--ngrams two", "--ngrams --raw",
    "--ngrams 2 --ngrams 3",
    "--hash-bits 4", "--ngrams 2 --hash-bits 24", "--no-stem=yes", "--links uri", "--lowercase",
    "--characters --no-stem",
    "--characters --ngrams 2", "--characters --subwords f", "--max-length 0", "--subwords 'f", "--vocab v",
    "--max-length=", "--raw --links line",
  ])
  func whatIsNoSuchOptionIsRefused(_ text: String) {
    #expect(throws: TokenizerOptionsError.self) { try TokenizerOptions(text) }
  }

  /// N-grams of tokens that were cut off were ids all the same.
  @Test func nGramsAreThoseOfTheTokensThatStay() {
    let vocabulary = Vocabulary(tokens: Vocabulary.specialTokens + ["a", "b", "c"])!
    func ids(_ encoding: TokenEncoding, _ tokens: [StaticString]) -> [Int] {
      encoding.ids(of: tokens.map { UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount) })
    }
    let ngrams = HashedNGrams(longest: 3, bits: 4)
    let whole = TokenEncoding(vocabulary, ngrams: ngrams)
    let cut = TokenEncoding(vocabulary, ngrams: ngrams, maxLength: 2)
    #expect(ids(cut, ["a", "b", "c"]) == ids(whole, ["a", "b"]) && ids(whole, ["a", "b"]).count == 3)
    let ended = TokenEncoding(vocabulary, ngrams: ngrams, maxLength: 3, appendsEnd: true)
    #expect(ids(ended, ["a", "b", "c"]) == [3, 4, 1] + ids(whole, ["a", "b"]).suffix(1))
    #expect(ids(TokenEncoding(vocabulary, maxLength: 1, appendsEnd: true), ["a", "x"]) == [1] && whole.count == 22)
    #expect(ids(TokenEncoding(vocabulary), ["a", "x"]) == [3, 2])
  }

  /// Every id has a name: tokens that are unknown all the same one, n-grams the words as they were written.
  @Test func idsOfTokensHaveNames() {
    let vocabulary = Vocabulary(tokens: Vocabulary.specialTokens + ["a", "b"])!
    func names(_ encoding: TokenEncoding, _ tokens: [StaticString]) -> [String] {
      let tokens = tokens.map { UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount) }
      #expect(encoding.ids(of: tokens).count == encoding.names(of: tokens).count)
      return encoding.names(of: tokens)
    }
    let ngrams = HashedNGrams(longest: 3, bits: 4)
    #expect(names(TokenEncoding(vocabulary), ["b", "x", "a"]) == ["b", "__UNK__", "a"])
    let whole = ["a", "__UNK__", "b", "__</e>__", "a x", "a x b", "x b"]
    #expect(names(TokenEncoding(vocabulary, ngrams: ngrams, appendsEnd: true), ["a", "x", "b"]) == whole)
    #expect(
      names(TokenEncoding(vocabulary, ngrams: ngrams, maxLength: 2), ["a", "x", "b"]) == ["a", "__UNK__", "a x"])
    #expect(
      names(TokenEncoding(vocabulary, ngrams: ngrams), []) == []
        && names(TokenEncoding(vocabulary, ngrams: ngrams), ["a"]) == ["a"])
  }
}
