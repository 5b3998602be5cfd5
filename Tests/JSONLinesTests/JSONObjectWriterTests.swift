import JSONLines
import Testing

@Suite struct JSONObjectWriterTests {
  func text(_ members: (inout JSONObjectWriter) -> Void) -> String {
    var output = Array("before ".utf8)
    output.appendObject(members)
    return String(decoding: output.dropFirst(7), as: UTF8.self)
  }

  @Test func fieldsOfEveryKind() {
    #expect(text { _ in } == "{}")
    #expect(text { $0.add("step", 3) } == #"{"step":3}"#)
    let all = text { object in
      object.add("a\"b", "é\n")
      object.add("none", nil as Int?)
      object.add("no name", nil as String?)
      object.add("x", Float(0.1))
      object.add("nan", Double.nan)
      object.add("list") { $0.appendJSON(list: [1, 2]) { $0.appendJSON($1) } }
      object.add("inner", object: { $0.addSorted(["b": 2.5, "a": 1]) })
      object.addSorted(["z": "1", "y": "2"])
      object.add("json", json: "[]".utf8)
    }
    #expect(
      all == #"{"a\"b":"é\n","none":null,"no name":null,"x":0.1,"nan":null,"list":[1,2],"inner":{"a":1.0,"b":2.5},"#
        + #""y":"2","z":"1","json":[]}"#)
  }

  /// What throws leaves the bytes in place, for who takes back what was written.
  @Test func anErrorLosesNoBytes() {
    struct Stop: Error {}
    var output = Array("before".utf8)
    #expect(throws: Stop.self) {
      try output.appendRecord { object throws(Stop) in
        object.add("a", 1)
        throw Stop()
      }
    }
    #expect(String(decoding: output, as: UTF8.self) == #"before{"a":1"#)
  }
}
