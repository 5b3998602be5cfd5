import JSONLines

/// The ids and classes that data may hold, whatever the model: those that a `Float`, of which tensors are made, holds
/// exactly. Whether they are a model's is checked when there is one.
enum IDRange {
  static let all = 0..<1 << 24

  /// - Throws: `RecordError` that names the field and the first number which is no id, or no class.
  static func check(_ ids: [Int], of field: String, isClass: Bool = false) throws(RecordError) {
    guard let id = ids.first(where: { !(all ~= $0) }) else { return }
    throw RecordError(
      "field \"\(field)\" holds \(id); \(isClass ? "a class" : "an id") is from 0 to \(all.upperBound - 1)")
  }
}
