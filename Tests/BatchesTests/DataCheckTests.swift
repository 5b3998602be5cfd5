import Batches
import JSONLines
import TestSupport
import Testing
import Text

@Suite struct DataCheckTests {
  func check(
    _ lines: [String], against others: [String]? = nil, vocabulary: Vocabulary? = nil, labelField: String? = nil
  ) throws -> DataCheck {
    var check = DataCheck(labelField: labelField, vocabulary: vocabulary)
    if let others {
      check.beginOther()
      for var line in others { try line.withUTF8 { try check.addOther(Record($0)) } }
    }
    for var line in lines { try line.withUTF8 { try check.add(Record($0)) } }
    return check
  }

  static let lines = [
    #"{"text":"a","label":"x"}"#, #"{"text":" \t","label":"y"}"#, #"{"text":"a","label":"x"}"#,
    #"{"text":"a","label":"y"}"#, #"{"text":"a","label":"z"}"#, #"{"text":"b"}"#, #"{"text":"\u0061","label":"x"}"#,
  ]

  @Test func findingsAreCounted() throws {
    let check = try check(Self.lines, against: [#"{"text":"b"}"#, #"{"text":"c"}"#])
    #expect(check.records == 7 && check.differentTexts == 3 && check.otherRecords == 2)
    #expect(check.blank.count == 1 && check.blank.examples == [2])
    #expect(check.repeats.count == 4 && check.repeats.examples == [3, 4, 5, 7] && check.repeatedTexts == 1)
    #expect(check.contradictions.count == 1 && check.contradictions.examples == [4])
    #expect(check.overlap.count == 1 && check.overlap.examples == [6])
    #expect(check.unlabelled.count == 1 && check.unlabelled.examples == [6])
    #expect(check.labels.map { String(decoding: $0.name, as: UTF8.self) } == [#""x""#, #""y""#, #""z""#])
    #expect(check.labels.map(\.count) == [3, 2, 1])
  }

  @Test func tokensAreHeldAgainstAVocabulary() throws {
    var vocabulary = Vocabulary()
    vocabulary.add("a")
    let lines = [#"{"tokens":["a","b","a"],"labels":["x","y"]}"#, #"{"text":"t","tokens":[],"labels":["y"]}"#]
    let check = try check(lines, vocabulary: vocabulary)
    #expect(check.tokens == 3 && check.unknownTokens == 1 && check.hasVocabulary)
    #expect(check.withoutTokens.examples == [2] && check.labels.map(\.count) == [1, 2])
    #expect(
      performing { try self.check([#"{"text":"t"}"#], vocabulary: vocabulary) }
        == #"field "tokens" is missing (tweet-tokenize makes them of a text)"#)
    #expect(performing { try self.check(["{}"]) } == #"field "text" is missing"#)
  }

  @Test func textsWithoutTextAreTheirTokens() throws {
    let lines = [#"{"tokens":["a","b"]}"#, #"{"tokens":["ab"]}"#, #"{"tokens":["a", "b"]}"#]
    let check = try check(lines)
    #expect(check.differentTexts == 2 && check.repeats.examples == [3])
  }

  @Test func reportsSayWhatWasFound() throws {
    let check = try check(Self.lines, against: [#"{"text":"b"}"#])
    #expect(
      check.text(other: "other.jsonl") == """
        7 records, 3 different texts
        empty texts: 1 (record 2)
        texts that occur again: 1
        records whose text occurred before: 4 (record 3, 4, 5, 7)
        texts that occur with another label, too: 1 (record 4)
        records whose text is in other.jsonl, too: 1 (record 6); other.jsonl has 1 records
        records without a label: 1 (record 6)
        labels: 3
          "x"  3  42.9%  rare: fewer than 10 records
          "y"  2  28.6%  rare: fewer than 10 records
          "z"  1  14.3%  rare: fewer than 10 records

        """)
    let json = try JSONDocument(String(decoding: check.json, as: UTF8.self))
    #expect(json.root["repeats"]?.integer == 4 && json.root["repeats_first"]?.integers == [3, 4, 5, 7])
    #expect(json.root["overlap"]?.integer == 1 && json.root["without_tokens"]?.integer == 0)
    #expect(json.root["labels"]?.items?[1]["label"]?.string == "y" && json.root["tokens"] == nil)
  }
}
