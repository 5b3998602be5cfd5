/// How often each class was taken for each, and what follows from it.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The number of classes.
  public let classes: Int
  private var counts: [Int]

  public init(classes: Int) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// How many examples of a class were predicted to be another, or itself.
  public subscript(label: Int, prediction: Int) -> Int { counts[label * classes + prediction] }

  /// Counts an example.
  public mutating func add(label: Int, prediction: Int) { counts[label * classes + prediction] += 1 }

  /// The number of examples, and of those predicted right.
  public var total: Int { counts.reduce(0, +) }
  public var right: Int { (0..<classes).reduce(0) { $0 + self[$1, $1] } }

  /// The share of examples predicted right; 0 without examples, here and below.
  public var accuracy: Double { ratio(right, total) }

  /// The number of examples of a class.
  public func support(_ label: Int) -> Int { (0..<classes).reduce(0) { $0 + self[label, $1] } }

  /// Of the examples predicted to be of a class, the share that are.
  public func precision(_ label: Int) -> Double {
    ratio(self[label, label], (0..<classes).reduce(0) { $0 + self[$1, label] })
  }

  /// Of the examples of a class, the share predicted to be of it.
  public func recall(_ label: Int) -> Double { ratio(self[label, label], support(label)) }

  /// The harmonic mean of precision and recall.
  public func f1(_ label: Int) -> Double {
    let (p, r) = (precision(label), recall(label))
    return p + r > 0 ? 2 * p * r / (p + r) : 0
  }

  /// The mean of a figure over the classes, all counting alike; with `bySupport`, by their numbers of examples. Classes that neither labels
  /// nor predictions hold are left out, as scikit-learn leaves them out.
  public func mean(_ figure: (Int) -> Double, bySupport: Bool = false) -> Double {
    let there = (0..<classes).filter { label in
      support(label) > 0 || (0..<classes).contains { self[$0, label] > 0 }
    }
    let weights = there.map { bySupport ? Double(support($0)) : 1 }
    let total = weights.reduce(0, +)
    return total > 0 ? zip(there, weights).reduce(0) { $0 + $1.1 * figure($1.0) } / total : 0
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
