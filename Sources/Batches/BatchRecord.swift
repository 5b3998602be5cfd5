import Records

/// The arrays of one batch, as a record has them.
public struct BatchRecord: Equatable, Sendable {
  /// Ids, row after row.
  public let inputs: [Float]
  /// The length of every row.
  public let length: Int
  /// Classes.
  public let targets: [Float]
  /// How much each target counts.
  public let weights: [Float]
  /// The largest id and the largest class.
  public let largestInput: Int, largestTarget: Int

  /// The batch of a record `{"inputs":[[…]],"targets":[…],"weights":[…]}`; without weights each is 1.
  /// - Throws: `RecordError` for a batch that is empty or ragged, holds anything but ids, or whose lists differ in length.
  public init(_ record: borrowing Record) throws(RecordError) {
    guard let rows = try record.required("inputs").items else {
      throw record.wrongType("inputs", "a list of lists of ids")
    }
    var inputs: [Float] = []
    var length: Int?
    var largestInput = 0
    for row in rows {
      guard let ids = row.items else { throw record.wrongType("inputs", "a list of lists of ids", row) }
      guard ids.count == length ?? ids.count else {
        throw RecordError("field \"inputs\" is ragged: rows of \(length ?? 0) and of \(ids.count) ids")
      }
      length = ids.count
      for id in ids {
        guard let id = id.integer, 0..<1 << 24 ~= id else {
          throw RecordError("field \"inputs\" must hold ids from 0 to \(1 << 24 - 1)")
        }
        largestInput = max(largestInput, id)
        inputs.append(Float(id))
      }
    }
    guard let length, length > 0 else { throw RecordError("field \"inputs\" is empty") }
    let targets = try record.integers("targets")
    guard targets.count == rows.count else {
      throw RecordError("there are \(rows.count) inputs, but \(targets.count) targets")
    }
    guard targets.allSatisfy({ 0..<1 << 24 ~= $0 }) else {
      throw RecordError("field \"targets\" must hold classes from 0 on")
    }
    var weights = [Float](repeating: 1, count: rows.count)
    if let items = record.value("weights")?.items {
      weights = items.compactMap { $0.number.map { Float($0) } }.filter { $0 >= 0 && $0.isFinite }
      guard weights.count == items.count else { throw RecordError("field \"weights\" must hold numbers of 0 or more") }
      guard weights.count == rows.count else {
        throw RecordError("there are \(rows.count) inputs, but \(weights.count) weights")
      }
    }
    self.inputs = inputs
    self.length = length
    self.largestInput = largestInput
    self.targets = targets.map { Float($0) }
    self.weights = weights
    largestTarget = targets.max() ?? 0
  }
}
