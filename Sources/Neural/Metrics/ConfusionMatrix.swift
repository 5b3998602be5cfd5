/// How often each class was taken for each, and what follows from it. Only what occurs takes memory, so that there may
/// be many classes.
public struct ConfusionMatrix: Sendable, Equatable {
  /// A class and what examples of it were predicted to be.
  public struct Cell: Sendable, Hashable {
    /// The class that the example has, and the one that was predicted.
    public let label: Int, prediction: Int
  }

  /// The number of classes.
  public let classes: Int
  /// How many examples there are of every cell that occurs.
  public private(set) var cells: [Cell: Int] = [:]
  /// The number of examples, and of those predicted right.
  public private(set) var total = 0, right = 0
  /// By class, the examples of it, and those predicted to be of it.
  private var labelled: [Int], predicted: [Int]

  /// - Parameter classes: The number of classes.
  public init(classes: Int) {
    self.classes = classes
    labelled = [Int](repeating: 0, count: classes)
    predicted = labelled
  }

  /// How many examples of a class were predicted to be another, or itself.
  public subscript(label: Int, prediction: Int) -> Int { cells[Cell(label: label, prediction: prediction)] ?? 0 }

  /// Counts an example, or several of one cell.
  public mutating func add(label: Int, prediction: Int, count: Int = 1) {
    cells[Cell(label: label, prediction: prediction), default: 0] += count
    labelled[label] += count
    predicted[prediction] += count
    total += count
    if label == prediction { right += count }
  }

  /// Adds what another matrix has counted.
  /// - Precondition: It has as many classes.
  public mutating func add(_ other: ConfusionMatrix) {
    precondition(other.classes == classes, "\(other.classes) classes are not \(classes)")
    for (cell, count) in other.cells { add(label: cell.label, prediction: cell.prediction, count: count) }
  }

  /// The share of examples predicted right; 0 without examples, here and below.
  public var accuracy: Double { ratio(right, total) }

  /// The number of examples of a class.
  public func support(_ label: Int) -> Int { labelled[label] }

  /// Of the examples predicted to be of a class, the share that are.
  public func precision(_ label: Int) -> Double { ratio(self[label, label], predicted[label]) }

  /// Of the examples of a class, the share predicted to be of it.
  public func recall(_ label: Int) -> Double { ratio(self[label, label], support(label)) }

  /// The harmonic mean of precision and recall.
  public func f1(_ label: Int) -> Double {
    let (p, r) = (precision(label), recall(label))
    return p + r > 0 ? 2 * p * r / (p + r) : 0
  }

  /// The mean of a metric over the classes that occur as a label or as a prediction, all counting alike; with
  /// `bySupport`, by their numbers of examples. A class that occurs as neither says nothing of the predictions
  /// (scikit-learn leaves it out, too).
  public func mean(_ metric: (Int) -> Double, bySupport: Bool = false) -> Double {
    let occurring = (0..<classes).filter { labelled[$0] + predicted[$0] > 0 }
    let weights = occurring.map { bySupport ? Double(support($0)) : 1 }
    let total = weights.reduce(0, +)
    return total > 0 ? zip(occurring, weights).reduce(0) { $0 + $1.1 * metric($1.0) } / total : 0
  }

  /// The cells off the diagonal with the most examples, the most first; of equals those of the first label.
  public func confusions(most count: Int) -> [(cell: Cell, examples: Int)] {
    let wrong = cells.filter { $0.key.label != $0.key.prediction }.map { (cell: $0.key, examples: $0.value) }
    let sorted = wrong.sorted { a, b in
      (b.examples, a.cell.label, a.cell.prediction) < (a.examples, b.cell.label, b.cell.prediction)
    }
    return Array(sorted.prefix(count))
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
