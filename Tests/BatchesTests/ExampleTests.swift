import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct ExampleTests {
  func example(_ line: String, labels: LabelField? = LabelField(), weightField: String? = nil) throws -> Example {
    var line = line
    return try line.withUTF8 { try Example(Record($0), labels: labels, weightField: weightField) }
  }

  @Test func fieldsAreRead() throws {
    #expect(try example(#"{"ids":[3,4],"label":1}"#) == Example(ids: [3, 4], label: 1))
    #expect(try example(#"{"ids":[],"weight":0.5}"#, labels: nil) == Example(ids: [], label: 0, weight: 0.5))
    let heavy = try example(#"{"ids":[1],"label":0,"weight":2,"w":3}"#, weightField: "w")
    #expect(heavy == Example(ids: [1], label: 0, weight: 3))
  }

  @Test(arguments: [
    (#"{"ids":[16777216],"label":1}"#, #"field "ids" holds 16777216; an id is from 0 to 16777215"#),
    (#"{"ids":[1],"label":-1}"#, #"field "label" holds -1; a class is from 0 to 16777215"#),
    (#"{"ids":[1]}"#, #"field "label" is missing (--label-field says where labels are)"#),
    (#"{"ids":[1],"label":1,"weight":-1}"#, #"field "weight" must be 0 or more"#),
  ])
  func whatIsNoExampleIsRefused(_ line: String, _ message: String) {
    #expect(performing { try example(line) } == message)
  }
}
