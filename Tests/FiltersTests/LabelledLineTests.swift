import Filters
import TestSupport
import Testing

@Suite struct LabelledLineTests {
  func record(_ line: String, prefix: String = "__label__") throws -> String {
    var line = line
    var output: [UInt8] = []
    try line.withUTF8 { try LabelledLine($0, prefix: Array(prefix.utf8)).append(field: "text", to: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  @Test(arguments: [
    ("__label__spam buy now", #"{"text":"buy now","label":"spam"}"#),
    ("__label__a __label__b  two  spaces ", #"{"text":"two  spaces ","labels":["a","b"]}"#),
    ("__label__a __label__a x", #"{"text":"x","label":"a"}"#),
    ("  x __label__a\ty", #"{"text":"  x y","label":"a"}"#), ("x y __label__a", #"{"text":"x y","label":"a"}"#),
    ("x __label__b __label__a ", #"{"text":"x","labels":["b","a"]}"#), ("__label__a", #"{"text":"","label":"a"}"#),
    (#"__label__"q" say "hi""#, #"{"text":"say \"hi\"","label":"\"q\""}"#),
    ("__label__x a__label__b", #"{"text":"a__label__b","label":"x"}"#),
  ])
  func labelsAreTakenOutOfTheText(_ line: String, _ expected: String) throws {
    #expect(try record(line) == expected)
  }

  @Test(arguments: [
    ("no label", #"the line has no label that begins with "__label__""#),
    ("", #"the line has no label that begins with "__label__""#),
    ("__label__ x", #"a label has no name behind "__label__""#),
    ("__label__a\u{0}b x", "the line holds a NUL character"),
  ])
  func aLineWithoutLabelsIsRefused(_ line: String, _ message: String) {
    #expect(performing { try record(line) } == message)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let line: [UInt8] = Array("__label__".utf8) + [0xff] + Array(" x".utf8)
    var output: [UInt8] = []
    #expect(
      performing {
        try line.withUnsafeBufferPointer {
          try LabelledLine($0, prefix: Array("__label__".utf8)).append(field: "text", to: &output)
        }
      } == "the line is not UTF-8")
  }
}
