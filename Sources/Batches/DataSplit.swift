import Files
import JSONLines
import Random
import Text

/// The part of a stream of records that is held out, or the part that is not: a fold, or a share.
///
/// Records of one text are one item, and so are those of one `id`, unless their texts went apart before they met. The
/// items of each label, in the order in which they come, are dealt out by random numbers: one of every N to each of N
/// folds, or one of every 1/share to the part held out. So the numbers of items of a label in two folds differ by one at
/// the most, and a share is missed by less than one; duplicates can add to that, for they go with their item. The same
/// records in the same order with the same key are split the same way, whatever else they hold.
///
/// Memory grows by some 30 bytes with every different text and `id`, of which 64-bit hashes are kept.
public struct DataSplit {
  /// How large the part is that is held out.
  public enum Rule: Sendable, Equatable {
    /// One of `of` parts of equal size, from 1.
    case fold(Int, of: Int)
    /// A share of the records, between 0 and 1.
    case share(Double)
  }

  private let rule: Rule
  private let takesHeldOut: Bool
  private let key: RandomKey
  private let labelField: String?
  private var strata: [UInt64: Stratum] = [:]
  /// Whether what has this hash is held out.
  private let pair: PairFields?
  private var isHeldOut: [UInt64: Bool] = [:]
  /// The records that were asked for so far, and those of them that are in the part.
  public private(set) var seen = 0, taken = 0

  /// A part of the records.
  /// - Parameters:
  ///   - rule: What is held out.
  ///   - takesHeldOut: Whether the part is what is held out, or the rest.
  ///   - key: From what the part is drawn.
  ///   - labelField: The field by which records are stratified; nil for `label`, or `labels` where that is not there.
  ///   - pair: The fields of pairs, which are duplicates where both are; nil for records of one text.
  /// - Precondition: A fold is from 1 to the number of folds, of which there are two or more; a share is from 0.000001
  ///   to 0.999999.
  public init(_ rule: Rule, takesHeldOut: Bool, key: RandomKey, labelField: String? = nil, pair: PairFields? = nil) {
    switch rule {
    case .fold(let fold, let count):
      precondition(count > 1 && 1...count ~= fold, "there is no fold \(fold) of \(count)")
    case .share(let share): precondition(1e-6...1 - 1e-6 ~= share, "\(share) is no share")
    }
    (self.rule, self.takesHeldOut, self.key, self.labelField) = (rule, takesHeldOut, key, labelField)
    self.pair = pair
  }

  /// Whether the next record is in the part.
  /// - Throws: `RecordError` for a record without anything by which duplicates could be told.
  public mutating func takes(_ record: borrowing Record) throws(RecordError) -> Bool {
    let content = if let pair { Self.content(of: record, pair) } else { try Self.content(of: record) }
    let id = record.json("id").flatMap { $0.elementsEqual("null".utf8) ? nil : Self.hash(1, $0) }
    guard content != nil || id != nil else {
      throw RecordError("there is no \"text\", \"tokens\", \"ids\" or \"id\" to tell duplicates by")
    }
    let label = labelField ?? (record.has("label") ? "label" : "labels")
    let held =
      content.flatMap { isHeldOut[$0] } ?? id.flatMap { isHeldOut[$0] }
      ?? draw(stratum: record.json(label).map { Self.hash(2, $0) } ?? 0)
    if let content { isHeldOut[content] = held }
    if let id, isHeldOut[id] == nil { isHeldOut[id] = held }
    seen += 1
    if held == takesHeldOut { taken += 1 }
    return held == takesHeldOut
  }

  /// A hash of both sides of a pair.
  private static func content(of record: borrowing Record, _ pair: PairFields) -> UInt64? {
    guard let first = record.json(pair.first), let second = record.json(pair.second) else { return nil }
    var hash = FNV1a()
    hash.combine(first)
    hash.combine(second)
    return hash.value
  }

  /// A hash of the text, or without one of the tokens, or the ids.
  private static func content(of record: borrowing Record) throws(RecordError) -> UInt64? {
    if record.isString("text") { return hash(3, try record.text("text")) }
    for field in ["tokens", "ids"] {
      if let list = record.json(field) { return hash(4, list) }
    }
    return nil
  }

  private static func hash(_ kind: UInt8, _ bytes: Bytes) -> UInt64 {
    var hash = FNV1a()
    withUnsafeBytes(of: kind) { hash.combine($0.bindMemory(to: UInt8.self)) }
    hash.combine(bytes)
    return hash.value
  }

  private mutating func draw(stratum: UInt64) -> Bool {
    strata[stratum, default: Stratum(key.fold(in: UInt32(truncatingIfNeeded: stratum ^ stratum >> 32)))].draw(rule)
  }
}

/// The items of one label, dealt out stretch by stretch.
private struct Stratum {
  private let key: RandomKey
  private var count = 0
  /// The item with which the stretch begins, the one behind its end, and how many stretches there were.
  private var start = 0, end = 0, stretches = 0
  /// To which fold each item of the stretch goes.
  private var folds: [Int] = []
  /// The item of the stretch that is chosen.
  private var chosen = 0

  init(_ key: RandomKey) { self.key = key }

  /// Whether the next item is held out.
  mutating func draw(_ rule: DataSplit.Rule) -> Bool {
    defer { count += 1 }
    switch rule {
    case .fold(let fold, let folds):
      if count == end { self.folds = beginStretch(to: end + folds).permutation(folds) }
      return self.folds[count - start] + 1 == fold
    case .share(let share):
      // The smaller part has one item of every stretch.
      let smaller = min(share, 1 - share)
      if count == end {
        let key = beginStretch(to: Int((Double(stretches + 1) / smaller).rounded(.up)))
        chosen = start + key.integer(below: end - start)
      }
      return (count == chosen) == (share <= 0.5)
    }
  }

  /// Begins the next stretch, and gives the key of what is drawn in it.
  private mutating func beginStretch(to newEnd: Int) -> RandomKey {
    (start, end) = (end, newEnd)
    defer { stretches += 1 }
    return key.fold(in: UInt32(truncatingIfNeeded: stretches))
  }
}
