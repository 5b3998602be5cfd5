import Batches
import JSONLines

/// The prediction of several labels that a record holds already: `predict`'s own, or somebody else's.
public struct RecordedLabels: Sendable {
  /// The classes that were predicted.
  public let predictions: Set<Int>
  /// The probability of every class, where the record tells them.
  public let probabilities: [Double]?

  /// Reads `prediction`, a list of classes or their names, and `probabilities`, a number a class; at least one of them,
  /// where without `prediction` the classes count that have a probability of 0.5 or more.
  /// - Throws: `RecordError` when the record holds neither, or what can be no prediction of these classes.
  public init(_ record: borrowing Record, _ names: LabelNames) throws(RecordError) {
    let hasProbabilities = record.has("probabilities")
    probabilities = hasProbabilities ? try Self.probabilities(record, classes: names.names.count) : nil
    if record.has("prediction") {
      let labels = try names.labels("prediction", of: record)
      if record.isList("label_name"), let called = try? record.texts("label_name"), called.count == labels.count {
        try RecordedPrediction.check(labels, names: called, names)
      }
      predictions = Set(labels)
    } else if let probabilities {
      predictions = Set(probabilities.indices.filter { probabilities[$0] >= 0.5 })
    } else {
      throw RecordError(
        "fields \"prediction\" and \"probabilities\" are missing: the record holds no prediction, so --model must be given"
      )
    }
  }

  private static func probabilities(_ record: borrowing Record, classes: Int) throws(RecordError) -> [Double] {
    guard let numbers = try record.value("probabilities")?.numbers else {
      throw record.wrongType("probabilities", "a list of numbers")
    }
    guard numbers.count == classes else {
      throw RecordError("field \"probabilities\" holds \(numbers.count) numbers, but there are \(classes) classes")
    }
    if let number = numbers.first(where: { !(0...1 ~= $0) }) {
      throw RecordError("field \"probabilities\" holds \(number), which is not from 0 to 1")
    }
    // Predictions are written as floats, and are to be the same numbers when they are read.
    return numbers.map { Double(Float($0)) }
  }
}
