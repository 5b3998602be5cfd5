import Batches
import JSONLines
import Random
import TestSupport
import Testing

@Suite struct DataSplitTests {
  /// Which of the records a part takes.
  func part(_ rule: DataSplit.Rule, heldOut: Bool = true, seed: UInt64 = 1, _ lines: [String]) throws -> [Bool] {
    var split = DataSplit(rule, takesHeldOut: heldOut, key: RandomKey(seed))
    let taken = try lines.map { line in
      var line = line
      return try line.withUTF8 { try split.takes(Record($0)) }
    }
    #expect(split.seen == lines.count && split.taken == taken.count { $0 })
    return taken
  }

  /// 1,000 records of three labels, of which two are few.
  static let lines = (0..<1000).map { index in
    #"{"text":"text \#(index)","label":\#(index % 10 == 0 ? 1 : index % 143 == 0 ? 2 : 0)}"#
  }
  static let labels = [UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "2")]

  func counts(_ taken: [Bool]) -> [Int] {
    Self.labels.map { label in
      zip(Self.lines, taken).count { $0.0.utf8.dropLast().last == label && $0.1 }
    }
  }

  /// Every record is in one fold, and each label's folds are of one size, or one larger.
  @Test(arguments: [2, 3, 5, 7, 10]) func foldsAreStratified(_ folds: Int) throws {
    let all = counts([Bool](repeating: true, count: 1000))
    #expect(all.reduce(0, +) == 1000 && all.allSatisfy { $0 > 5 })
    var times = [Int](repeating: 0, count: 1000)
    for fold in 1...folds {
      let taken = try part(.fold(fold, of: folds), Self.lines)
      for (count, total) in zip(counts(taken), all) { #expect(total / folds...(total + folds - 1) / folds ~= count) }
      for index in times.indices where taken[index] { times[index] += 1 }
      #expect(try part(.fold(fold, of: folds), heldOut: false, Self.lines) == taken.map { !$0 })
    }
    #expect(times.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [0.05, 0.1, 0.15, 1.0 / 3, 0.5, 0.62, 0.9]) func sharesAreStratified(_ share: Double) throws {
    let all = counts([Bool](repeating: true, count: 1000))
    for seed in 0..<20 {
      let taken = try part(.share(share), seed: UInt64(seed), Self.lines)
      for (count, total) in zip(counts(taken), all) { #expect(abs(Double(count) - share * Double(total)) < 1 + 1e-9) }
    }
    #expect(try part(.share(share), heldOut: false, Self.lines) == part(.share(share), Self.lines).map { !$0 })
  }

  /// Which records they are is drawn: over many seeds each is held out as often as another.
  @Test func everyRecordMayBeHeldOut() throws {
    for rule in [DataSplit.Rule.fold(2, of: 5), .share(0.2), .share(0.8)] {
      var times = [Int](repeating: 0, count: 50)
      for seed in 0..<1000 {
        for (index, taken) in try part(rule, seed: UInt64(seed), Array(Self.lines.prefix(50))).enumerated() where taken
        {
          times[index] += 1
        }
      }
      let expected = rule == .share(0.8) ? 800 : 200
      // Six standard deviations of a binomial distribution, √(1000 · 0.2 · 0.8) = 12.6.
      #expect(times.allSatisfy { abs($0 - expected) < 76 }, "\(times)")
    }
    #expect(try part(.share(0.2), seed: 1, Self.lines) != part(.share(0.2), seed: 2, Self.lines))
  }

  /// The same text, the same tokens without a text, the same id: one part.
  @Test func duplicatesStayTogether() throws {
    let key = RandomKey(3)
    var lines: [String] = []
    for index in 0..<600 {
      let number = key.fold(in: UInt32(index)).integer(below: 100)
      switch index % 3 {
      case 0: lines.append(#"{"n":\#(index),"text":"t\#(number)","label":\#(index % 2)}"#)
      case 1: lines.append(#"{"n":\#(index),"tokens":["t\#(number)"],"label":\#(index % 2)}"#)
      default: lines.append(#"{"id":\#(number),"text":"only \#(index)","label":\#(index % 2)}"#)
      }
    }
    let taken = try part(.fold(1, of: 4), lines)
    var parts: [String: Set<Bool>] = [:]
    for (line, isTaken) in zip(lines, taken) {
      let fields = line.split(separator: ",", maxSplits: 1)
      let group = line.contains("\"id\"") ? fields[0] : fields[1].prefix { $0 != "," }
      parts[String(group), default: []].insert(isTaken)
    }
    #expect(parts.count > 250 && parts.values.allSatisfy { $0.count == 1 })
    #expect(taken.contains(true) && taken.contains(false))
    // The text decides before the id, and escapes are no difference.
    let same = [#"{"id":1,"text":"é"}"#, #"{"id":2,"text":"\u00e9"}"#, #"{"id":null,"text":"é","label":3}"#]
    for seed in 0..<20 { #expect(Set(try part(.share(0.5), seed: UInt64(seed), same)).count == 1) }
    // No id is no id of its own.
    let without = (0..<40).map { #"{"id":null,"text":"\#($0)"}"# }
    #expect(try part(.share(0.5), without).count { $0 } == 20)
  }

  @Test func whatHasNoTextCannotBeSplit() {
    #expect(
      performing { try part(.share(0.5), [#"{"label":1}"#]) }
        == #"there is no "text", "tokens", "ids" or "id" to tell duplicates by"#)
  }
}
