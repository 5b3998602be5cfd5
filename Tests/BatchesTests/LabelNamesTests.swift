import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct LabelNamesTests {
  static let names = try! LabelNames(["world", "sports", "é", "e\u{301}"])
  static let known = #"; the labels are "world", "sports", "é", "é""#

  func label(_ line: String, _ field: String = "label", names: LabelNames = names) throws -> Int {
    var line = line
    return try line.withUTF8 { try names.label(field, of: Record($0)) }
  }

  func labels(_ line: String, _ field: String = "labels") throws -> [Int] {
    var line = line
    return try line.withUTF8 { try Self.names.labels(field, of: Record($0)) }
  }

  @Test func aStringIsANameAndANumberAClass() throws {
    #expect(try label(#"{"label":"sports"}"#) == 1 && label(#"{"label":3}"#) == 3 && label(#"{"label":2.0}"#) == 2)
    #expect(try label(#"{"label":"é"}"#) == 2 && label("{\"label\":\"e\u{301}\"}") == 3)
    #expect(try label(#"{"label":"\u0077orld"}"#) == 0 && label(#"{"topic":"world"}"#, "topic") == 0)
    let numbers = try LabelNames(["1", "0"])
    #expect(try label(#"{"label":"1"}"#, names: numbers) == 0 && label(#"{"label":1}"#, names: numbers) == 1)
  }

  @Test func aListHoldsEachLabelOnce() throws {
    #expect(try labels(#"{"labels":["é","world","é",2,1]}"#) == [2, 0, 1] && labels(#"{"labels":[]}"#) == [])
    #expect(try labels(#"{"labels":"sports"}"#) == [1] && labels(#"{"labels":3}"#) == [3])
  }

  @Test(arguments: [
    (#"{"label":"Sports"}"#, #"field "label" is "Sports", which is no label"# + known),
    (#"{"label":4}"#, #"field "label" holds 4, but there are 4 classes: classes count from 0"# + known),
    (#"{"label":6}"#, #"field "label" holds 6, but there are 4 classes: they count from 0 to 3"# + known),
    (#"{"label":-1}"#, #"field "label" holds -1; a class is from 0 to 16777215"#),
    (
      #"{"label":1.5}"#,
      #"field "label" must be a name or an integer, not a number (a class is a whole number)"# + known
    ),
    (#"{"label":null}"#, #"field "label" must be a name or an integer, not null"# + known),
    (
      #"{"label":["world"]}"#,
      #"field "label" must be a name or an integer, not a list (several need --several-labels)"# + known
    ),
    (#"{"Label":"world"}"#, #"field "label" is missing (--label-field names another one: "Label")"# + known),
  ])
  func whatIsNoLabelIsRefused(_ line: String, _ message: String) { #expect(performing { try label(line) } == message) }

  @Test(arguments: [
    (#"{"labels":["world","x"]}"#, #"field "labels" is "x", which is no label"# + known),
    (
      #"{"labels":["world",null]}"#,
      #"field "labels" must be a list of names or integers, but an item is null"# + known
    ),
    (#"{"labels":[[0]]}"#, #"field "labels" must be a list of names or integers, but an item is a list"# + known),
    (#"{"labels":[4]}"#, #"field "labels" holds 4, but there are 4 classes: classes count from 0"# + known),
    (#"{"label":0}"#, #"field "labels" is missing (--label-field names another one: "label")"# + known),
  ])
  func aListOfOtherThingsIsRefused(_ line: String, _ message: String) {
    #expect(performing { try labels(line) } == message)
  }

  @Test func tenLabelsAreNamed() throws {
    let names = try LabelNames((1...13).map { "n\($0)" })
    let message = performing { try label(#"{"label":"n0"}"#, names: names) }
    #expect(message?.hasSuffix(#""n9", "n10" and 3 more"#) ?? false)
  }

  @Test(arguments: [
    ([], "there are no names of labels"), (["a", ""], "the name of label 1 is empty"),
    (["a", "b", "a"], #"the labels 0 and 2 have the same name, "a""#),
  ])
  func namesAreDifferent(_ names: [String], _ message: String) {
    #expect(performing { try LabelNames(names) } == message)
  }
}
