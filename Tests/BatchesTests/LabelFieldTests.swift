import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct LabelFieldTests {
  func label(_ line: String, _ field: LabelField) throws -> Int {
    var line = line
    return try line.withUTF8 { try field.label(of: Record($0)) }
  }

  func labels(_ line: String, _ field: LabelField) throws -> [Int] {
    var line = line
    return try line.withUTF8 { try field.labels(of: Record($0)) }
  }

  @Test func withoutNamesLabelsAreClasses() throws {
    #expect(try label(#"{"label":7}"#, LabelField()) == 7 && label(#"{"stars":2}"#, LabelField("stars")) == 2)
    let several = LabelField(classes: 3, isSeveral: true)
    #expect(several.classCount == 3)
    #expect(try labels(#"{"labels":[2,0,2]}"#, several) == [2, 0] && labels(#"{"label":1}"#, several) == [1])
    #expect(try labels(#"{"label":1,"labels":[]}"#, several) == [])
    #expect(try labels(#"{"tags":[1],"labels":[0]}"#, LabelField("tags", classes: 3, isSeveral: true)) == [1])
  }

  @Test(arguments: [
    (
      #"{"label":"good"}"#,
      #"field "label" is the string "good", but the labels have no names: give --labels a,b,… or a file of vocab-build --labels"#
    ),
    (
      #"{"label":"1"}"#,
      #"field "label" is the string "1", but the labels have no names: give --labels a,b,… or a file of vocab-build --labels; as a number, a class has no quotes"#
    ),
    (#"{"label":0.5}"#, #"field "label" must be an integer, not a number (a class is a whole number)"#),
    (#"{"label":3}"#, #"field "label" holds 3, but there are 3 classes: classes count from 0"#),
    (#"{"text":"x"}"#, #"field "label" is missing (--label-field says where labels are)"#),
    (#"{"labels":[1]}"#, #"field "label" is missing, but there is "labels": several need --several-labels"#),
  ])
  func withoutNamesAStringIsRefused(_ line: String, _ message: String) {
    #expect(performing { try label(line, LabelField(classes: 3)) } == message)
  }

  @Test func adviceIsTheCallers() {
    let field = LabelField("topic", advice: "do this")
    #expect(
      performing { try label(#"{"topic":"x"}"#, field) }
        == #"field "topic" is the string "x", but the labels have no names: do this"#)
    #expect(performing { try label(#"{"text":"x"}"#, field) } == #"field "topic" is missing"#)
  }
}
