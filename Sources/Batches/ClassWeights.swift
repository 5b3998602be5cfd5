import JSONLines

/// By what factor the examples of each class count, as it is typed: `2,0.5` for the classes 0 and 1, or
/// `negative=2,1=0.5` for some classes by name or number, the others having 1.
public struct ClassWeights: Sendable {
  /// What stands before the equals sign, if there is one, and the weight behind it.
  private let items: [(name: String?, weight: Float)]

  /// Reads the weights; the names are not looked up yet.
  /// - Throws: `RecordError` for what is no weight, and for a list with names and without.
  public init(_ items: [String]) throws(RecordError) {
    var read: [(name: String?, weight: Float)] = []
    for item in items {
      // A name may have an equals sign in it, a number has none.
      let equals = item.lastIndex(of: "=")
      let number = equals.map { item[item.index(after: $0)...] } ?? item[...]
      guard let weight = Float(number), weight >= 0, weight.isFinite else {
        throw RecordError("\"\(number)\" is not a number of 0 or more")
      }
      read.append((equals.map { String(item[..<$0]) }, weight))
    }
    guard read.allSatisfy({ ($0.name == nil) == (read[0].name == nil) }) else {
      throw RecordError("either all weights have a class before them (CLASS=W), or none")
    }
    self.items = read
  }

  /// Whether the weights are those of classes by name or number.
  public var areNamed: Bool { items.first?.name != nil }

  /// The weights of the classes 0, 1, …
  /// - Parameters:
  ///   - names: The names of the classes, if they have any.
  ///   - classes: The number of classes.
  /// - Throws: `RecordError` for a class that is not there, or has two weights.
  public func values(names: LabelNames?, classes: Int) throws(RecordError) -> [Float] {
    guard areNamed else { return items.map(\.weight) }
    var values = [Float?](repeating: nil, count: classes)
    for (name, weight) in items {
      let name = name!
      let named = Array(name.utf8).withUnsafeBufferPointer { names?.label(named: $0) }
      guard let label = named ?? Int(name), 0..<classes ~= label else {
        let known = names.map { "but \($0.list)" } ?? "but 0 to \(classes - 1)"
        throw RecordError("there is no class \"\(name)\", \(known)")
      }
      guard values[label] == nil else { throw RecordError("\"\(name)\" has two weights") }
      values[label] = weight
    }
    return values.map { $0 ?? 1 }
  }
}
