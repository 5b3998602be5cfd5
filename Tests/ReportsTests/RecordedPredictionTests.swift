import Batches
import Files
import Foundation
import JSONLines
import Reports
import Testing

@Suite struct RecordedPredictionTests {
  static func read(_ line: String, _ names: String...) throws -> RecordedPrediction {
    let classes = try LabelNames(names)
    var result: Result<RecordedPrediction, RecordError>?
    Array(line.utf8).withUnsafeBufferPointer { bytes in
      result = Result { () throws(RecordError) in try RecordedPrediction(Record(bytes), classes) }
    }
    return try result!.get()
  }

  @Test func logProbabilitiesSayAll() throws {
    let line = "{\"log_probabilities\":[-0.6931472,-1.3862944,-1.3862944]"
    let all = try Self.read("\(line)}", "a", "b", "c")
    #expect(
      all.prediction == 0 && all.probabilities == [-0.6931472, -1.3862944, -1.3862944].map { exp(Double(Float($0))) })
    #expect(try Self.read("\(line),\"prediction\":\"c\"}", "a", "b", "c").prediction == 2)
    let open = try Self.read("\(line),\"prediction\":null}", "a", "b", "c")
    #expect(open.prediction == nil && open.probabilities != nil && open.confidence == all.confidence)
  }

  @Test func aProbabilityTellsTheOtherOfTwoClasses() throws {
    let one = try Self.read("{\"prediction\":0,\"probability\":0.75}", "a", "b")
    #expect(one.prediction == 0 && one.confidence == 0.75 && one.probabilities == [0.75, 0.25])
    #expect(try Self.read("{\"prediction\":\"b\",\"probability\":0.75}", "a", "b").probabilities == [0.25, 0.75])
    let ofThree = try Self.read("{\"prediction\":2,\"probability\":0.5}", "a", "b", "c")
    #expect(ofThree.confidence == 0.5 && ofThree.probabilities == nil)
    let open = try Self.read("{\"prediction\":null,\"probability\":0.5}", "a", "b")
    #expect(open.prediction == nil && open.probabilities == nil)
  }

  @Test(arguments: [
    ("{\"label\":1}", "--model"), ("{\"prediction\":1}", "stands without \"probability\""),
    ("{\"probability\":1}", "\"prediction\" is missing"),
    ("{\"prediction\":2,\"probability\":1}", "classes count from 0"),
    ("{\"prediction\":\"x\",\"probability\":1}", "\"a\", \"b\""),
    ("{\"prediction\":1,\"probability\":1.5}", "not from 0 to 1"),
    ("{\"prediction\":1,\"probability\":\"high\"}", "a number"),
    ("{\"log_probabilities\":[-1]}", "1 numbers"), ("{\"log_probabilities\":[0.5,0.5]}", "no natural logarithms"),
    ("{\"log_probabilities\":3}", "a list of numbers"), ("{\"log_probabilities\":[null,0]}", "a list of numbers"),
  ])
  func otherRecordsAreRefused(_ line: String, _ reason: String) {
    let error = #expect(throws: RecordError.self) { try Self.read(line, "a", "b") }
    #expect(error?.description.contains(reason) ?? false, "\(error?.description ?? "")")
  }

  @Test func whatIsShownOfARecord() throws {
    func text(_ line: String) throws -> String {
      try Array(line.utf8).withUnsafeBufferPointer { RecordedPrediction.text(of: try Record($0)) }
    }
    #expect(try text("{\"text\":\"a b\",\"tokens\":[\"c\"]}") == "a b" && text("{\"tokens\":[\"c\",\"d\"]}") == "c d")
    #expect(try text("{\"ids\":[3,4]}") == "3 4" && text("{}") == "")
    #expect(
      try text("{\"text\":\"\(String(repeating: "é", count: 5000))\"}") == String(repeating: "é", count: 1000) + "…")
  }

  @Test func namesOfClassesAreNotEmptyAndDiffer() {
    for names in [[], ["a", ""], ["a", "b", "a"]] { #expect(throws: RecordError.self) { try LabelNames(names) } }
  }
}
