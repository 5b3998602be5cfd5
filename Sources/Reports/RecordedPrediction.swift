import Batches
import Files
import Glibc
import JSONLines

/// The prediction that a record holds already: `predict`'s own, or somebody else's.
public struct RecordedPrediction: Sendable {
  /// The class predicted; nil where none was probable enough.
  public let prediction: Int?
  /// The probability of the prediction.
  public let confidence: Double
  /// The probability of every class, where the record tells them.
  public let probabilities: [Double]?

  /// Reads `log_probabilities`, a number a class, with `prediction` (the best class if it is missing); or
  /// `prediction` and its `probability`, which tells the other's, too, if there are two classes.
  /// - Throws: `RecordError` when the record holds neither, or what can be no prediction of these classes.
  public init(_ record: borrowing Record, _ classes: LabelNames) throws(RecordError) {
    let count = classes.names.count
    if record.has("log_probabilities") {
      let probabilities = try Self.probabilities(record, classes: count)
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
      prediction = record.has("prediction") ? try Self.prediction(record, classes) : best
      confidence = probabilities[prediction ?? best]
      self.probabilities = probabilities
      return
    }
    guard record.has("probability") else {
      throw RecordError(
        record.has("prediction")
          ? "field \"prediction\" stands without \"probability\", how probable it is (or \"log_probabilities\" of all classes)"
          : "fields \"log_probabilities\" and \"probability\" are missing: the record holds no prediction, so --model must be given"
      )
    }
    prediction = try Self.prediction(record, classes)
    guard let probability = try record.required("probability").number else {
      throw record.wrongType("probability", "a number")
    }
    guard 0...1 ~= probability else {
      throw RecordError("field \"probability\" holds \(probability), which is not from 0 to 1")
    }
    confidence = probability
    probabilities =
      count == 2 ? prediction.map { $0 == 1 ? [1 - probability, probability] : [probability, 1 - probability] } : nil
  }

  private static func prediction(_ record: borrowing Record, _ classes: LabelNames) throws(RecordError) -> Int? {
    if try record.required("prediction").kind == "null" { return nil }
    let prediction = try classes.label("prediction", of: record)
    if record.isString("label_name") { try check([prediction], names: [record.text("label_name")], classes) }
    return prediction
  }

  /// - Throws: `RecordError` when the record calls the classes that are predicted otherwise than `classes` does: these
  ///   are in another order then, or of another model.
  static func check(_ predictions: [Int], names: [Bytes], _ classes: LabelNames) throws(RecordError) {
    for (prediction, name) in zip(predictions, names) where !classes.names[prediction].utf8.elementsEqual(name) {
      throw RecordError(
        "field \"label_name\" is \"\(String(decoding: name, as: UTF8.self))\" for class \(prediction), which --labels "
          + "calls \"\(classes.names[prediction])\": give the names in the order of the model that predicted")
    }
  }

  private static func probabilities(_ record: borrowing Record, classes: Int) throws(RecordError) -> [Double] {
    guard let numbers = try record.value("log_probabilities")?.numbers else {
      throw record.wrongType("log_probabilities", "a list of numbers")
    }
    guard numbers.count == classes else {
      throw RecordError("field \"log_probabilities\" holds \(numbers.count) numbers, but there are \(classes) classes")
    }
    // Predictions are written as floats, and are to be the same numbers when they are read.
    let probabilities = numbers.map { exp(Double(Float($0))) }
    let sum = probabilities.reduce(0, +)
    guard abs(sum - 1) < 0.01 else {
      throw RecordError(
        "field \"log_probabilities\" holds no natural logarithms of probabilities: they add up to \(sum)")
    }
    return probabilities
  }

  /// What a person is shown of a record: its text, which is in `field`, its tokens, or its ids.
  public static func text(of record: borrowing Record, field: String = "text") -> String {
    if let text = try? record.text(field) { return excerpt(String(decoding: text, as: UTF8.self)) }
    if let tokens = try? record.texts("tokens") {
      return excerpt(tokens.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
    }
    guard let ids = try? record.integers("ids") else { return "" }
    return excerpt(ids.prefix(1000).map { "\($0)" }.joined(separator: " "))
  }
}
