import Files
import JSONLines
import Text

/// What may be wrong with a set of records before anything is learned from them: texts that are empty or occur again,
/// or again with another label, or in another set, too; labels that are rare; tokens that a vocabulary lacks.
///
/// A record's text is its field of texts or, without one, its tokens. Two texts are the same if all bytes are, which
/// 64-bit hashes tell; memory grows with the different texts only.
public struct DataCheck {
  /// The numbers of some records, from 1, and of how many there are in all.
  public struct Finding: Equatable, Sendable {
    /// How many records, or texts, it is about.
    public internal(set) var count = 0
    /// The first of them.
    public internal(set) var examples: [Int] = []

    mutating func add(_ record: Int) {
      count += 1
      if examples.count < 5 { examples.append(record) }
    }
  }

  /// A label that fewer records have is rare.
  public static let rare = 10

  private let field: String
  private let labelField: String?
  private let vocabulary: Vocabulary?
  private var texts: [UInt64: Occurrence] = [:]
  private var others: Set<UInt64> = []
  private var labelIndices: [[UInt8]: Int] = [:]

  /// The records so far.
  public private(set) var records = 0
  /// The records of the other set, if there is one.
  public private(set) var otherRecords: Int?
  /// Records whose text is blank, and those whose list of tokens is empty.
  public private(set) var blank = Finding(), withoutTokens = Finding()
  /// Records whose text occurred before, and how many texts these are.
  public private(set) var repeats = Finding(), repeatedTexts = 0
  /// Records that are the first to give a text another label than before: one a text.
  public private(set) var contradictions = Finding()
  /// Records whose text is in the other set, too.
  public private(set) var overlap = Finding()
  /// Records without a label.
  public private(set) var unlabelled = Finding()
  /// The labels, as JSON has them, and how many records have each; in the order in which they came.
  public private(set) var labels: [(name: [UInt8], count: Int)] = []
  /// The tokens, and those that the vocabulary lacks.
  public private(set) var tokens = 0, unknownTokens = 0
  /// Whether there is a vocabulary to tell unknown tokens.
  public var hasVocabulary: Bool { vocabulary != nil }
  /// The number of different texts.
  public var differentTexts: Int { texts.count }

  private struct Occurrence {
    let label: UInt64
    var isRepeated = false, isContradicted = false
  }

  /// No records yet.
  /// - Parameters:
  ///   - field: The field of texts.
  ///   - labelField: The field of the label; nil for `label`, or `labels` where that is not there.
  ///   - vocabulary: What tokens are known.
  public init(field: String = "text", labelField: String? = nil, vocabulary: Vocabulary? = nil) {
    (self.field, self.labelField, self.vocabulary) = (field, labelField, vocabulary)
  }

  /// Takes a record of the other set, with which those to be checked are compared. All of it comes before them.
  /// - Throws: `RecordError` for a record without text and tokens.
  public mutating func addOther(_ record: borrowing Record) throws(RecordError) {
    others.insert(try text(of: record).hash)
    otherRecords = (otherRecords ?? 0) + 1
  }

  /// Says that there is another set, though it may have no records.
  public mutating func beginOther() { otherRecords = otherRecords ?? 0 }

  /// Takes a record that is to be checked.
  /// - Throws: `RecordError` for a record without text and tokens, or with no tokens where there is a vocabulary.
  public mutating func add(_ record: borrowing Record) throws(RecordError) {
    let text = try text(of: record)
    if vocabulary != nil || record.has("tokens") { try count(record.tokens()) }
    records += 1
    if text.isBlank { blank.add(records) }
    if record.json("tokens")?.elementsEqual("[]".utf8) ?? false { withoutTokens.add(records) }
    let label = countLabels(of: record)
    if others.contains(text.hash) { overlap.add(records) }
    guard var before = texts[text.hash] else {
      texts[text.hash] = Occurrence(label: label)
      return
    }
    repeats.add(records)
    if !before.isRepeated { repeatedTexts += 1 }
    before.isRepeated = true
    if before.label != label, !before.isContradicted {
      before.isContradicted = true
      contradictions.add(records)
    }
    texts[text.hash] = before
  }

  private mutating func count(_ words: [Bytes]) {
    tokens += words.count
    if let vocabulary { unknownTokens += words.count { vocabulary.id(of: $0) == nil } }
  }

  private func text(of record: borrowing Record) throws(RecordError) -> (hash: UInt64, isBlank: Bool) {
    var hash = FNV1a()
    if record.has(field) || !record.has("tokens") {
      let text = try record.text(field)
      hash.combine(text)
      return (hash.value, text.allSatisfy { $0 == UInt8(ascii: " ") || 0x09...0x0d ~= $0 })
    }
    let tokens = try record.texts("tokens")
    for token in tokens {
      hash.combine(token)
      hash.combine([""])  // a byte that no token has
    }
    return (hash.value, false)
  }

  /// Counts the labels of a record, and gives a hash of them all.
  private mutating func countLabels(of record: borrowing Record) -> UInt64 {
    let field = labelField ?? (record.has("label") ? "label" : "labels")
    var hash = FNV1a()
    guard let json = record.json(field), !json.elementsEqual("null".utf8) else {
      unlabelled.add(records)
      return hash.value
    }
    hash.combine(json)
    if let items = (try? record.value(field))??.items {
      for item in items {
        if let name = item.string {
          countLabel { $0.appendJSON(name) }
        } else if let number = item.integer {
          countLabel { $0.appendJSON(number) }
        }
      }
    } else {
      countLabel { $0.append(contentsOf: json) }
    }
    return hash.value
  }

  private mutating func countLabel(_ write: (inout [UInt8]) -> Void) {
    var name: [UInt8] = []
    write(&name)
    let index = labelIndices[name] ?? labels.count
    if index == labels.count {
      labelIndices[name] = index
      labels.append((name, 0))
    }
    labels[index].count += 1
  }
}
