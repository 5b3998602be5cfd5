import Batches
import JSONLines
import TestSupport
import Testing

struct RecordAdviceTests {
  private func tokens(_ line: String, _ field: String = "tokens", takesCharacters: Bool = false) -> String? {
    var line = line
    return performing {
      try line.withUTF8 { _ = try Record($0).tokens(field, takesCharacters: takesCharacters) }
    }
  }

  @Test func whatMakesTokensIsSaid() {
    #expect(tokens(#"{"tokens":["a"]}"#) == nil)
    #expect(tokens("{}") == #"field "tokens" is missing"#)
    #expect(tokens(#"{"text":"a"}"#, "t") == #"field "t" is missing (tweet-tokenize --into t makes them of a text)"#)
    #expect(
      tokens(#"{"text":"a"}"#, "text", takesCharacters: true)
        == #"field "text" must be a list of strings, not a string (tweet-tokenize makes tokens of a text; "#
        + "--characters takes characters of a text)")
    #expect(
      tokens(#"{"inputs":[[3]],"targets":[0]}"#)
        == #"field "tokens" is missing (these are batches already: train reads them)"#)
  }

  private func missing(_ line: String, isNamed: Bool) -> String? {
    var line = line
    return performing { try line.withUTF8 { throw try Record($0).missingLabel("label", isNamed: isNamed) } }
  }

  @Test func fieldsThatMayHoldLabelsAreNamed() {
    let line = #"{"id":7,"text":"x","stars":5,"share":0.5,"mood":"good","user":{"lang":"en"},"ids":[3]}"#
    #expect(
      missing(line, isNamed: true)
        == #"field "label" is missing (--label-field names another one: "mood", "user.lang", "stars")"#)
    #expect(missing(#"{"text":"x"}"#, isNamed: true) == #"field "label" is missing"#)
    #expect(
      missing(#"{"text":"x"}"#, isNamed: false)
        == #"field "label" is missing (--label-field says where labels are)"#)
  }
}
