import Batches
import Foundation
import JSONLines
import Reports
import TestSupport
import Testing

/// 500 pairs of random tag sequences, most of them broken, with seqeval's entities and figures
/// (`Tests/References/entities_golden.py`).
@Suite struct EntityReportTests {
  struct Golden: Decodable {
    let pairs: [[String]], entities: [[[Span]]], reports: [Report]

    struct Report: Decodable {
      let accuracy: Double, rows: [Row]
    }

    /// A row of seqeval's report: its name, and four numbers.
    struct Row: Decodable {
      let name: String, figures: [Double]

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        name = try list.decode(String.self)
        figures = try (0..<4).map { _ in try list.decode(Double.self) }
      }
    }

    /// An entity: its type, and its first and last token.
    struct Span: Decodable {
      let text: String

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        text = try "\(list.decode(String.self)) \(list.decode(Int.self)) \(list.decode(Int.self))"
      }
    }
  }

  static let golden: Golden = {
    let file = Bundle.module.url(forResource: "Golden/entities", withExtension: "json")!
    return try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }()

  static let pairs = golden.pairs.map { $0.map { $0.split(separator: " ").map(String.init) } }

  @Test func entitiesAreSeqevals() {
    #expect(Self.pairs.count == 500 && Self.golden.entities.count == 500)
    var broken = 0
    for (pair, lists) in zip(Self.pairs, Self.golden.entities) {
      for (tags, list) in zip(pair, lists) {
        let spans = EntitySpan.all(of: tags.map { Batches.Tag($0) }).map { "\($0.type) \($0.start) \($0.end - 1)" }
        #expect(spans == list.map(\.text), "\(tags)")
        if zip(["O"] + tags, tags).contains(where: { $1.hasPrefix("I-") && $0.dropFirst() != $1.dropFirst() }) {
          broken += 1
        }
      }
    }
    #expect(broken > 400)
  }

  static func report(_ pairs: some Sequence<[[String]]>) -> EntityReport {
    var report = EntityReport()
    for pair in pairs { report.add(tags: pair[0], predictions: pair[1]) }
    return report
  }

  /// The rows of a report: types, and averages.
  static func rows(_ report: EntityReport) -> [(name: String, figures: [Double])] {
    let micro = report.micro
    func macro(_ bySupport: Bool) -> [Double] {
      [
        report.macro({ $0.precision }, bySupport: bySupport), report.macro({ $0.recall }, bySupport: bySupport),
        report.macro({ $0.f1 }, bySupport: bySupport), Double(micro.actual),
      ]
    }
    return report.types.sorted { $0.key < $1.key }.map {
      ($0, [$1.precision, $1.recall, $1.f1, Double($1.actual)])
    } + [
      ("micro avg", [micro.precision, micro.recall, micro.f1, Double(micro.actual)]), ("macro avg", macro(false)),
      ("weighted avg", macro(true)),
    ]
  }

  /// Of every fifty pairs, and of all. Only sums are rounded in another order.
  @Test func figuresAreSeqevals() {
    #expect(Self.golden.reports.count == 11)
    for (index, wanted) in Self.golden.reports.enumerated() {
      let report = Self.report(index < 10 ? Self.pairs[index * 50..<index * 50 + 50] : Self.pairs[...])
      #expect(abs(report.tokenAccuracy - wanted.accuracy) < 1e-12)
      let rows = Self.rows(report)
      #expect(rows.map(\.name) == wanted.rows.map(\.name))
      for (row, wanted) in zip(rows, wanted.rows) {
        for (figure, number) in zip(row.figures, wanted.figures) {
          #expect(abs(figure - number) < 1e-12, "report \(index), \(row.name)")
        }
      }
    }
  }

  @Test func partsAddUpToTheWhole() throws {
    let whole = Self.report(Self.pairs)
    var sum = EntityReport()
    for start in [300, 0, 400, 100, 200] {
      let part = Self.report(Self.pairs[start..<start + 100]).contents(as: .json)
      sum.add(try part.withUnsafeBufferPointer { try EntityReport(json: $0) })
    }
    #expect(sum.json == whole.json && sum.text == whole.text && sum.html == whole.html && !sum.isEmpty)
    #expect(EntityReport().isEmpty && EntityReport().micro.f1 == 0 && EntityReport().tokenAccuracy == 0)
  }

  @Test func allFormatsTellTheSame() throws {
    let report = Self.report([
      [["B-<x>", "I-<x>", "O", "B-y"], ["B-<x>", "I-<x>", "O", "O"]], [["O", "B-y"], ["I-y", "B-y"]], [[], []],
    ])
    #expect(
      report.text == """
        F1 0.6667, precision 0.6667, recall 0.6667 of entities; accuracy 0.6667 (4 of 6 tokens)

        type                precision     recall         F1   entities
        <x>                    1.0000     1.0000     1.0000          1
        y                      0.5000     0.5000     0.5000          2

        average             precision     recall         F1   entities
        micro                  0.6667     0.6667     0.6667          3
        macro                  0.7500     0.7500     0.7500          3
        weighted               0.6667     0.6667     0.6667          3

        """)
    #expect(report.html.contains("&lt;x&gt;") && !report.html.contains("<x>") && report.html.contains("3 sentences"))
    let json = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    #expect(json.root["sentences"]?.integer == 3 && json.root["token_accuracy"]?.number == 4.0 / 6)
    #expect(json.root["types"]?.items?.count == 2 && json.root["averages"]?.items?.count == 3)
    #expect(EntityReport.isReport(json.root))
  }

  /// Of nothing there are no figures.
  @Test func whereNothingIsThereIsADash() throws {
    let outside = Self.report([[["O"], ["O"]]])
    #expect(outside.text.hasPrefix("F1 -, precision -, recall - of entities; accuracy 1.0000 (1 of 1 tokens)\n"))
    #expect(outside.text.contains("\nmicro                       -          -          -          0\n"))
    let empty = Self.report([[[], []]])
    #expect(empty.text.hasPrefix("F1 -, precision -, recall - of entities; accuracy - (0 of 0 tokens)\n"))
    let json = String(decoding: empty.json, as: UTF8.self)
    #expect(json.hasPrefix("{\"sentences\":1,\"tokens\":0,\"token_accuracy\":null,\"precision\":null,"))
  }

  @Test func aTypeThatIsCalledLikeAnAverageIsNone() throws {
    let report = Self.report([[["B-micro", "B-macro"], ["B-micro", "O"]]])
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.prefix { $0 != " " } }
    #expect(lines.dropFirst(2) == ["type", "macro", "micro", "", "average", "micro", "macro", "weighted", ""])
    let json = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    func names(_ field: String) -> [String]? { json.root[field]?.items?.compactMap { $0["name"]?.string } }
    #expect(names("types") == ["macro", "micro"] && names("averages") == ["micro", "macro", "weighted"])
  }

  /// Parts of speech, and tags of a scheme that is not known: precision, recall and F1 are scikit-learn's.
  @Test(arguments: [["NOUN", "VERB"], ["O", "U-x"], ["B-x", "L-x"]])
  func tagsOfNoSchemeAreCountedAsTokens(_ tags: [String]) throws {
    let (a, b) = (tags[0], tags[1])
    let report = Self.report([[[a, a, b, b], [a, b, b, b]], [[b], [a]]])
    #expect(report.strangeTag == (a == "NOUN" ? a : b) && report.tokens == 5 && report.rightTokens == 3)
    let lines = report.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      report.text.hasPrefix("accuracy 0.6000 (3 of 5 tokens); no entities, since \"\(report.strangeTag!)\" is no BIO"))
    #expect(
      lines.dropFirst() == [
        ["tag", "precision", "recall", "F1", "tokens"], [a, "0.5000", "0.5000", "0.5000", "2"],
        [b, "0.6667", "0.6667", "0.6667", "3"], ["average", "precision", "recall", "F1", "tokens"],
        ["macro", "0.5833", "0.5833", "0.5833", "5"], ["weighted", "0.6000", "0.6000", "0.6000", "5"],
      ])
    #expect(report.html.contains("Report on tags") && !report.html.contains("entities;"))
    let json = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    #expect(json.root["f1"] == nil && json.root["types"] == nil && json.root["tags"]?.items?.count == 2)
    let again = try report.json.withUnsafeBufferPointer { try EntityReport(json: $0) }
    #expect(again.json == report.json && again.text == report.text)
  }

  @Test(arguments: [
    ("\"right\":[1,1]", "\"right\":[1,3]", "counts"), ("\"right\":[1,1]", "\"right\":[1]", "right"),
    ("\"entities\":[1,2]", "\"entities\":[1,6]", "entities"), ("\"entities\":[1,2]", "\"entities\":[-1,2]", "entities"),
    ("\"sentences\":2", "\"sentences\":7", "sentences"), ("\"sentences\":2", "\"sentences\":-2", "sentences"),
    ("\"right_tokens\":[", "\"right_tokens\":[9,", "right_tokens"), ("\"tokens\":6", "\"tokens\":-6", "tokens"),
    ("\"tokens\":6", "\"tokens\":7", "tokens"), ("[\"x\",\"y\"]", "[\"x\",\"x\"]", "counts"),
  ])
  func damagedReportsAreRefused(_ part: String, _ damage: String, _ field: String) throws {
    let report = Self.report([
      [["B-x", "I-x", "O", "B-y"], ["B-x", "I-x", "O", "O"]], [["O", "B-y"], ["I-y", "B-y"]],
    ])
    let text = String(decoding: report.json, as: UTF8.self)
    let damaged = Array(text.replacing(part, with: damage, maxReplacements: 1).utf8)
    #expect(text.contains(part))
    #expect(
      performing { try damaged.withUnsafeBufferPointer { try EntityReport(json: $0) } }
        == "the report is damaged: its field \"\(field)\"")
  }
}
