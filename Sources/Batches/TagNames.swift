import Files
import JSONLines

/// The way from the tags of a record's tokens to their classes.
extension LabelNames {
  /// The classes of the tags in a list of names, one for each token.
  /// - Parameter tokens: The number of tokens.
  /// - Throws: `RecordError` where there are no tokens, or as many tags, and for an unknown tag, which says what the tags
  ///   are.
  public func tagIDs(_ field: String, of record: borrowing Record, tokens: Int) throws(RecordError) -> [Int] {
    let tags = try record.texts(field)
    guard tokens > 0 || !tags.isEmpty else { throw RecordError("there are no tokens, and so there is nothing to tag") }
    guard tags.count == tokens else {
      throw RecordError("there are \(tokens) tokens, but field \"\(field)\" holds \(tags.count) tags")
    }
    var ids: [Int] = []
    ids.reserveCapacity(tags.count)
    for tag in tags {
      guard let id = label(named: tag) else {
        let name = String(decoding: tag, as: UTF8.self)
        throw RecordError("field \"\(field)\" holds \"\(name)\", which is no tag; the tags are \(list)")
      }
      ids.append(id)
    }
    return ids
  }
}
