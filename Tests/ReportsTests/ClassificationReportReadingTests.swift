import Files
import JSONLines
import Reports
import Testing

@Suite struct ClassificationReportReadingTests {
  /// A report on the examples with these numbers, of two, three or sixty classes.
  static func report(_ classes: Int, _ numbers: some Sequence<Int>, worst: Int = 5) -> ClassificationReport {
    var report = ClassificationReport(labels: (0..<classes).map { "class <\($0)>" }, classes: classes, worst: worst)
    for number in numbers {
      let label = number * 7 % classes
      var probabilities = (0..<classes).map { 1 + Double((number * 31 + $0 * 17) % 23) }
      probabilities[label] += Double(number % 40)
      let sum = probabilities.reduce(0, +)
      probabilities = probabilities.map { $0 / sum }
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
      report.add(
        label: label, prediction: number % 9 == 0 ? nil : best, confidence: probabilities[best],
        probabilities: probabilities, text: { "text \(number % 50)" })
    }
    return report
  }

  static func read(_ json: [UInt8]) throws -> ClassificationReport {
    try json.withUnsafeBufferPointer { try ClassificationReport(json: $0) }
  }

  @Test(arguments: [2, 3, 60]) func reportsInPartsAddUpToTheWhole(_ classes: Int) throws {
    let whole = Self.report(classes, 0..<300)
    #expect(try Self.read(whole.json).json == whole.json)
    let parts = [0..<120, 120..<121, 121..<121, 121..<300].map { Self.report(classes, $0).json }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
      var sum = try Self.read(parts[order[0]])
      for index in order.dropFirst() { sum.add(try Self.read(parts[index])) }
      #expect(sum.json == whole.json && sum.html == whole.html && sum.text == whole.text)
    }
    #expect(whole.worst.errors.count == 5)
  }

  /// More of the worst errors than a part keeps are not known.
  @Test func noMoreOfTheWorstAreKeptThanEachPartHas() throws {
    var sum = Self.report(3, 0..<100, worst: 20)
    sum.add(Self.report(3, 100..<200, worst: 4))
    #expect(sum.worst.errors == Self.report(3, 0..<200, worst: 4).worst.errors && sum.worstLimit == 4)
    sum.keepWorst(0)
    #expect(sum.worst.errors.isEmpty && !sum.worst.has(roomFor: 1) && !sum.html.contains("Worst"))
  }

  @Test func otherFilesAreNoReports() {
    for text in ["{}", "[]", "{\"classes\":[],\"accuracy\":1}", "{\"counts\":3,\"classes\":[]}", "null", "{", ""] {
      #expect(throws: RecordError.self) { try Self.read(Array(text.utf8)) }
    }
  }

  /// Whatever number is changed: the report is refused, or read as it says; it never traps.
  @Test(arguments: [2, 60]) func damageIsFoundOrHarmless(_ classes: Int) throws {
    let text = String(decoding: Self.report(classes, 0..<30).json, as: UTF8.self)
    let named = [
      ("\"records\":", "\"records\":1"), ("\"abstentions\":4", "\"abstentions\":-1"),
      ("\"version\":1", "\"version\":7"),
      ("\"scored\":30", "\"scored\":31"), ("\"label\":", "\"label\":9"),
      ("\"log_losses\":\"", "\"log_losses\":\"-"), ("\"brier_scores\":\"", "\"brier_scores\":\"99999999999999"),
      ("\"right\":[", "\"right\":[1000000,"), ("\"text\":", "\"texts\":"), ("\"worst\":5", "\"worst\":1"),
      ("\"name\":\"class <1>\"", "\"name\":null"), (",\"counts\":", ",\"count\":"),
      ("\"reliability\":[", "\"reliability\":[3,"),
    ]
    // Of more than 50 classes there are no scores to be counted once more.
    let more = classes == 2 ? [("\"scored\":30", "\"scored\":29"), ("\"positives\":[", "\"positives\":[9,")] : []
    for (from, to) in named + more {
      let damaged = text.replacing(from, with: to, maxReplacements: 1)
      #expect(damaged != text, "\(from)")
      #expect(throws: RecordError.self, "\(to)") { try Self.read(Array(damaged.utf8)) }
    }
    let bytes = Array(text.utf8)
    let digits = bytes.indices.filter { 0x30...0x39 ~= bytes[$0] }
    for index in digits where index % 3 == 0 {
      for replacement in [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "\"")] {
        var damaged = bytes
        damaged[index] = replacement
        guard let report = try? Self.read(damaged) else { continue }
        #expect(!report.isEmpty)
      }
    }
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: RecordError.self) { try Self.read(Array(bytes.prefix(length))) }
    }
  }
}
