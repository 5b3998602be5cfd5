import CJansson
import Files
import Foundation
import JSONLines
import TestSupport
import Testing

/// What the scanner takes for JSON, against Jansson: the same lines are accepted, and the same values come out of them.
///
/// Two differences are meant: Jansson takes a NUL behind a number or a word for the end of it and goes on, and it
/// refuses numbers beyond a Double, which the scanner lets pass through. `ROUNDS` is the number of lines tried.
@Suite struct JSONScannerTests {
  static let lines = [
    #"{"text":"RT @a: so \"happy\" :) \u00e9\ud83d\ude00 \\ \/","id":624495129303351296,"tokens":["so","happi",":)"],"label":1}"#,
    #"{"inputs":[[3,4,0],[5,0,0]],"targets":[1,0],"weights":[1.0,0.25]}"#,
    #"{ "ids" : [ 1 , -2,3.0 ] , "x":null,"y":{"a":[true,false,{}],"b":"é東🙂"},"z":[] }"#,
    #"{"a":1e5,"b":-0.0,"c":12345678901234567890,"d":1.7976931348623157e308,"e":0.1,"f":123456789.123456,"g":1E-7}"#,
    "{\"a\":\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\",\"ab\":\"12345678\\n\",\"ab\":\"1234567\"}", "{}",
    "{ }",
    #"{"k\u0065y":"v","":1,"deep":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"#,
    "{\"s\":\t[\r1\n,2\r\n]\t,\"t\":[\"a\" ,\r\"b\"\n] }\r",
    #"{"weights":[[1,2],[3]],"mixed":[1,"a",[2]],"strings":["",""]}"#,
  ]

  /// Bytes that turn one token into another, or into nonsense.
  static let bytes =
    Array("\"\\{}[]:,0123456789.eE+-tfnu \t\r\n/bdDcCfF8\u{1}".utf8) + [
      0, 0x7f, 0x80, 0xbf, 0xc1, 0xe0, 0xed, 0xf4, 0xff,
    ]

  @Test func whatIsAcceptedAndReadIsJanssons() {
    var state: UInt64 = 1
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let sources = Self.lines.map { Array($0.utf8) }
    var accepted = 0
    let rounds = ProcessInfo.processInfo.environment["ROUNDS"].flatMap { Int($0) } ?? 150_000
    for round in 0..<rounds {
      var line = sources[round % sources.count]
      for _ in 0..<(round < sources.count ? 0 : 1 + draw(3)) where !line.isEmpty {
        let place = draw(line.count)
        switch draw(5) {
        case 0: line[place] = Self.bytes[draw(Self.bytes.count)]
        case 1: line.insert(Self.bytes[draw(Self.bytes.count)], at: place)
        case 2: line.remove(at: place)
        case 3: line.removeSubrange(place..<min(line.count, place + draw(9)))
        default:
          let source = sources[draw(sources.count)]
          let start = draw(source.count)
          line.insert(contentsOf: source[start..<min(source.count, start + draw(12))], at: place)
        }
      }
      accepted += check(line) ? 1 : 0
    }
    // The mutations are neither all harmless nor all deadly.
    #expect(rounds / 10..<rounds / 10 * 9 ~= accepted, "\(accepted)")
  }

  @Test(arguments: lines) func theLinesThemselves(_ line: String) { #expect(check(Array(line.utf8))) }

  /// Numbers at the edges of what is read without Jansson.
  @Test func numbersAreJanssons() {
    var numbers = ["0", "-0", "9007199254740993", "999999999999999", "1000000000000000", "0.1", "0.30000000000000004"]
    numbers += [
      "1e22", "1e-22", "123456.789012345", "1e99", "1e100", "1e308", "1e309", "1e-400", "00", "1.", ".5", "+1", "1e",
      "--1",
    ]
    numbers += [300, 308, 309, 310, 400].flatMap {
      ["1" + String(repeating: "0", count: $0), "0." + String(repeating: "3", count: $0)]
    }
    numbers += [
      "1" + String(repeating: "0", count: 250) + "e99", "1e+5", "1e+05", "0.000001", "16777216", "16777217.0",
    ]
    for number in numbers {
      _ = check(Array("{\"a\":\(number),\"b\":[\(number), \(number)],\"c\":[[\(number)]]}".utf8))
    }
  }

  func message(_ line: String) -> String? {
    var line = line
    return performing { try line.withUTF8 { _ = try Record($0) } }
  }

  /// A NUL behind a number once ended it, and what stood behind it was never looked at.
  @Test(arguments: ["1\0", "true\0", "1\0,}", "[1\0]", "{\"b\":null\0}", "\"\0\"", "\0", "1.5e3\0 "])
  func aNULIsNoJSON(_ value: String) {
    #expect(message("{\"text\":\"a\",\"x\":\(value)}")?.hasPrefix("not JSON") == true)
    #expect(performing { _ = try JSONDocument(value) } != nil)
  }

  /// Fields of numbers that nothing here can hold pass through; only who reads them hears of it.
  @Test(arguments: ["1" + String(repeating: "0", count: 400), "1E400", "-1e99999999999999999999", "[[1e999]]"])
  func numbersOfAnySizePassThrough(_ number: String) throws {
    var line = "{\"id\":\(number),\"text\":\"a\"}"
    try line.withUTF8 { bytes in
      let record = try Record(bytes)
      #expect(try record.text("text").elementsEqual("a".utf8))
      let refusal = performing { _ = try record.value("id") }
      #expect(refusal == "field \"id\" holds a number that is too large")
    }
  }

  @Test func nestingHasALimit() {
    func nested(_ depth: Int) -> String {
      "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    #expect(message(nested(2047)) == nil && check(Array(nested(2047).utf8)))
    #expect(message(nested(2048))?.hasPrefix("not JSON") == true && !check(Array(nested(2048).utf8)))
    #expect(message(String(repeating: "{\"a\":", count: 1_000_000)) != nil)
  }

  /// Safetensors headers and vocabularies that name something twice were read with the last.
  @Test func documentsHaveNoKeyTwice() {
    #expect(performing { _ = try JSONDocument("{\"a\":0,\"\\u0061\":1}") } != nil)
    #expect(performing { _ = try JSONDocument("{\"a\":0,\"b\":{\"a\":1}}") } == nil)
  }

  /// Compares a line's record with Jansson's document. Returns whether it was accepted.
  private func check(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { line in
      func text(_ value: String = "") -> Comment { "\(String(decoding: line, as: UTF8.self)) \(value)" }
      let isAccepted = (try? Record(line)) != nil
      switch verdict(line) {
      case .numberTooLarge: return isAccepted
      case .refused:
        #expect(!isAccepted, text("is accepted"))
        return false
      case .accepted:
        #expect(isAccepted == !line.contains(0), text("is refused"))
      }
      guard let record = try? Record(line), let document = try? JSONDocument(line, allowsDuplicates: true) else {
        return isAccepted
      }
      for (key, value) in document.root.members ?? [] {
        let (isThere, read) = (record.has(key), try? record.value(key))
        #expect(isThere && read.map(written) == written(value), text(key))
        let string = (try? record.text(key)).map(Array.init)
        #expect(string == value.text.map(Array.init), text(key))
        let integer = try? record.integer(key)
        #expect(integer == value.integer, text(key))
        let items = value.items.map(Array.init)
        let texts = (try? record.texts(key))?.map(Array.init)
        #expect(texts == all(items?.map(\.text))?.map(Array.init), text(key))
        let integers = try? record.integers(key)
        #expect(integers == all(items?.map(\.integer)), text(key))
        if let rows = record.numberRows(key) {
          let isNested = items?.first?.items != nil
          let lists = isNested ? items!.map { $0.items.map(Array.init) ?? [] } : [items ?? []]
          #expect(rows.isNested == isNested && rows.lengths == lists.map(\.count), text(key))
          #expect(rows.values.map(\.bitPattern) == lists.joined().map { $0.number?.bitPattern }, text(key))
        }
      }
      let hasOther = record.has("no such key")
      #expect(!hasOther)
      return true
    }
  }

  private enum Verdict { case accepted, refused, numberTooLarge }

  /// What Jansson says of a line.
  private func verdict(_ line: Bytes) -> Verdict {
    var problem = json_error_t()
    let object = line.withMemoryRebound(to: CChar.self) {
      json_loadb($0.baseAddress, $0.count, Int(JSON_DECODE_INT_AS_REAL), &problem)
    }
    guard let object else {
      return withUnsafePointer(to: problem) { json_error_code($0) } == json_error_numeric_overflow
        ? .numberTooLarge : .refused
    }
    defer { json_decref(object) }
    return object.pointee.type == JSON_OBJECT ? .accepted : .refused
  }

  /// The items, if none is missing.
  private func all<Item>(_ items: [Item?]?) -> [Item]? {
    guard let items, !items.contains(where: { $0 == nil }) else { return nil }
    return items.compactMap { $0 }
  }

  /// A value with everything in it, as text.
  private func written(_ value: JSON) -> String {
    if let number = value.number { return "\(number.bitPattern)" }
    if let text = value.text { return "s\(Array(text))" }
    if let items = value.items { return "[\(items.map(written).joined(separator: ","))]" }
    let members = (value.members ?? []).map { "\($0.key):\(written($0.value))" }
    return "\(value.kind)\(value.truth ?? false)\(members.joined(separator: ","))"
  }
}
