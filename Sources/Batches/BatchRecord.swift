import JSONLines

/// The arrays of one batch, as a record `{"inputs":[[…]],"targets":[…],"weights":[…]}` has them. `batch` writes such
/// records and `train` and `perplexity` read them.
///
/// Where a row may have several labels, there is `"label_targets":[[0,1,1],…]` in place of `targets`: a row of a 0 or 1
/// for every class. Where rows are pairs, there are `other_inputs`, as many rows, which have a length of their own;
/// with a target for every id, these are those of the other inputs.
public struct BatchRecord: Equatable, Sendable {
  /// Ids, row after row.
  public let inputs: [Float]
  /// The number of rows, and of steps in each.
  public let rows: Int, length: Int
  /// The number of ids at each step, where steps have several; nil where they have one.
  public let depth: Int?
  /// The ids of the other texts of pairs, row after row, and how many each row has; nil for single texts.
  public let otherInputs: [Float]?, otherLength: Int?
  /// Classes: one a row, or one for every id. Of rows with several labels: 0 or 1 for every class, row after row.
  public let targets: [Float]
  /// The number of classes where rows have several labels, and `targets` so many numbers a row; nil for other batches.
  public let labelCount: Int?
  /// Whether there is a target for every id, where there are other inputs of these.
  public let isSequence: Bool
  /// How much each target counts; of rows with several labels, how much each row does.
  public let weights: [Float]
  /// Whether the rows continue those of the batch before.
  public let carries: Bool
  /// How often the examples have been gone through with this batch; nil where they are gone through once.
  public let epoch: Int?
  /// The largest id, of both texts of pairs, and the largest class (the last one where rows have several labels).
  public let largestInput: Int, largestTarget: Int
  /// The largest of the other inputs; nil where there are none.
  public let largestOther: Int?

  /// The names of the fields.
  enum Field {
    static let inputs = "inputs", targets = "targets", labelTargets = "label_targets", weights = "weights"
    static let carry = "carry", epoch = "epoch", otherInputs = "other_inputs"
  }

  /// Reads a record, with lists of lists for a target at every id; without weights each is 1.
  /// - Throws: `RecordError` for a batch that is empty or ragged, holds anything but ids, or whose lists differ in
  ///   length.
  public init(_ record: borrowing Record) throws(RecordError) {
    if !record.has(Field.inputs), record.has("ids") || record.has("tokens") || record.has("text") {
      throw RecordError("field \"\(Field.inputs)\" is missing (batch makes batches of records with ids)")
    }
    let inputs = try Self.inputs(of: record)
    depth = inputs.depth
    guard inputs.length > 0 else { throw RecordError("field \"inputs\" is empty") }
    let others = try Self.otherRows(of: record, count: inputs.count)
    (otherInputs, otherLength) = (others?.values, others?.length)
    let targets: [Float]
    let hasLabels = record.has(Field.labelTargets)
    isSequence = hasLabels ? false : try Self.isNested(Field.targets, in: record)
    if hasLabels {
      guard !record.has(Field.targets) else {
        throw RecordError("there are both \"targets\" and \"label_targets\", one class a row and several")
      }
      let rows = try Self.rows(of: Field.labelTargets, in: record, what: "numbers")
      guard rows.count == inputs.count, rows.length > 0 else {
        throw RecordError("there are \(inputs.count) inputs, but \(rows.count) × \(rows.length) label targets")
      }
      guard rows.largest <= 1 else {
        throw RecordError("field \"label_targets\" holds \(rows.largest); a class is there, 1, or not, 0")
      }
      (targets, labelCount, largestTarget) = (rows.values, rows.length, rows.length - 1)
    } else if isSequence {
      let rows = try Self.rows(of: Field.targets, in: record)
      guard rows.count == inputs.count, rows.length == others?.length ?? inputs.length else {
        throw RecordError(
          "there are \(inputs.count) × \(others?.length ?? inputs.length) \(others == nil ? "" : "other ")inputs, but \(rows.count) × \(rows.length) targets"
        )
      }
      (targets, labelCount, largestTarget) = (rows.values, nil, rows.largest)
    } else {
      let classes = try record.integers(Field.targets)
      guard classes.count == inputs.count else {
        throw RecordError("there are \(inputs.count) inputs, but \(classes.count) targets")
      }
      try IDRange.check(classes, of: Field.targets, isClass: true)
      (targets, labelCount, largestTarget) = (classes.map { Float($0) }, nil, classes.max() ?? 0)
    }
    weights = try Self.weights(record, count: hasLabels ? inputs.count : targets.count, rows: inputs.count)
    (self.inputs, rows, length) = (inputs.values, inputs.count, inputs.length)
    largestOther = others?.largest
    largestInput = max(inputs.largest, others?.largest ?? 0)
    self.targets = targets
    carries =
      try record.value(Field.carry).map { value throws(RecordError) in
        guard let carries = value.truth else { throw record.wrongType(Field.carry, "true or false") }
        return carries
      } ?? false
    epoch = try record.value(Field.epoch).map { value throws(RecordError) in
      guard let epoch = value.integer else { throw record.wrongType(Field.epoch, "a whole number") }
      guard epoch >= 0 else { throw RecordError("field \"epoch\" holds \(epoch); epochs count from 0") }
      return epoch
    }
  }

  /// The rows of ids, or of lists of as many ids.
  private static func inputs(
    of record: borrowing Record
  ) throws(RecordError) -> (values: [Float], count: Int, length: Int, largest: Int, depth: Int?) {
    guard record.numberRows(Field.inputs) == nil,
      let rows = try record.required(Field.inputs).items.map(Array.init), rows.first?.items?.first?.items != nil
    else {
      let rows = try Self.rows(of: Field.inputs, in: record)
      return (rows.values, rows.count, rows.length, rows.largest, nil)
    }
    var (values, length, depth, largest) = ([Float](), rows[0].items!.count, 0, 0)
    for row in rows {
      guard let steps = row.items, steps.count == length else {
        throw RecordError("field \"\(Field.inputs)\" is ragged: its rows differ in length")
      }
      for step in steps {
        guard let ids = step.integers else {
          throw record.wrongType(Field.inputs, "a list of lists of lists of ids", step)
        }
        if values.isEmpty { depth = ids.count }
        guard ids.count == depth, depth > 0 else {
          throw RecordError("field \"\(Field.inputs)\" is ragged: lists of \(depth) and of \(ids.count) ids")
        }
        try IDRange.check(ids, of: Field.inputs)
        largest = max(largest, ids.max()!)
        values += ids.lazy.map { Float($0) }
      }
    }
    length = values.isEmpty ? 0 : length
    return (values, rows.count, length, largest, depth)
  }

  /// The rows of the other texts; nil where there are none.
  private static func otherRows(
    of record: borrowing Record, count: Int
  ) throws(RecordError) -> (values: [Float], count: Int, length: Int, largest: Int)? {
    guard record.has(Field.otherInputs) else { return nil }
    let rows = try rows(of: Field.otherInputs, in: record)
    guard rows.count == count else {
      throw RecordError("there are \(count) inputs, but \(rows.count) other inputs")
    }
    guard rows.length > 0 else { throw RecordError("field \"\(Field.otherInputs)\" is empty") }
    return rows
  }

  private static func isNested(_ field: String, in record: borrowing Record) throws(RecordError) -> Bool {
    if let rows = record.numberRows(field) { return rows.isNested }
    return try record.required(field).items?.first?.items != nil
  }

  /// A list of equally long lists of ids, or other numbers of that kind.
  private static func rows(
    of field: String, in record: borrowing Record, what: String = "ids"
  ) throws(RecordError) -> (values: [Float], count: Int, length: Int, largest: Int) {
    if let rows = record.numberRows(field), rows.isNested, let length = rows.lengths.first,
      rows.lengths.allSatisfy({ $0 == length }),
      rows.values.allSatisfy({ 0..<Double(IDRange.all.upperBound) ~= $0 && $0.rounded() == $0 })
    {
      return (rows.values.map { Float($0) }, rows.lengths.count, length, Int(rows.values.max() ?? 0))
    }
    guard let rows = try record.required(field).items else {
      throw record.wrongType(field, "a list of lists of \(what)")
    }
    var values: [Float] = []
    var length: Int?
    var largest = 0
    for row in rows {
      guard let items = row.items else { throw record.wrongType(field, "a list of lists of \(what)", row) }
      guard items.count == length ?? items.count else {
        throw RecordError("field \"\(field)\" is ragged: rows of \(length ?? 0) and of \(items.count) \(what)")
      }
      guard let ids = row.integers else { throw RecordError("field \"\(field)\" must hold lists of integers") }
      try IDRange.check(ids, of: field)
      length = ids.count
      largest = max(largest, ids.max() ?? 0)
      values.append(contentsOf: ids.lazy.map { Float($0) })
    }
    return (values, rows.count, length ?? 0, largest)
  }

  /// The weights of the targets, which are given one a target or, for rows of targets, one a row.
  private static func weights(
    _ record: borrowing Record, count: Int, rows: Int
  ) throws(RecordError) -> [Float] {
    if let given = record.numberRows(Field.weights), given.values.count == count,
      given.isNested ? given.lengths.allSatisfy({ $0 * rows == count }) : count == rows,
      given.values.allSatisfy({ $0 >= 0 && Float($0).isFinite })
    {
      return given.values.map { Float($0) }
    }
    guard let value = try record.value(Field.weights) else { return [Float](repeating: 1, count: count) }
    guard let items = value.items else { throw record.wrongType(Field.weights, "a list of numbers") }
    var weights: [Float] = []
    for item in items {
      if let row = item.items, row.count * rows != count {
        throw RecordError("field \"weights\" has a row of \(row.count) weights")
      }
      for item in item.items.map(Array.init) ?? [item] {
        guard let number = item.number, number >= 0, Float(number).isFinite else {
          throw RecordError("field \"weights\" must hold numbers of 0 or more")
        }
        weights.append(Float(number))
      }
    }
    let isNested = items.first?.items != nil
    if !isNested, weights.count == rows, count > rows {
      return weights.flatMap { [Float](repeating: $0, count: count / rows) }
    }
    guard weights.count == count, items.count == rows else {
      throw RecordError("there are \(count) targets, but \(weights.count) weights")
    }
    return weights
  }
}
