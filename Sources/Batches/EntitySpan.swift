/// The tokens of an entity, and its type.
public struct EntitySpan: Sendable, Hashable {
  /// The type, such as `person`.
  public let type: String
  /// The first token, and the one behind the last.
  public let start: Int, end: Int

  /// An entity of the tokens from `start` to before `end`.
  public init(_ type: String, _ start: Int, _ end: Int) { (self.type, self.start, self.end) = (type, start, end) }

  /// The entities that tags make, in their order.
  ///
  /// Broken sequences are read as conlleval and the default mode of seqeval read them: an `I-x` that follows no token of
  /// `x` begins an entity, so that `O I-x` and `B-y I-x` have one of `x`. Sources: `conlleval.pl` of the shared task
  /// CoNLL-2000, and seqeval's `get_entities`.
  public static func all(of tags: [Tag]) -> [EntitySpan] {
    var spans: [EntitySpan] = []
    var (start, before) = (0, Tag("O"))
    for index in 0...tags.count {
      let tag = index < tags.count ? tags[index] : Tag("O")
      if before.ends(with: tag) { spans.append(EntitySpan(before.type, start, index)) }
      if tag.starts(after: before) { start = index }
      before = tag
    }
    return spans
  }
}

extension Tag {
  /// Whether an entity ends with this tag where `next` follows.
  public func ends(with next: Tag) -> Bool {
    switch place {
    case .outside: false
    case .end, .single: true
    case .begin, .inside: [.outside, .begin, .single].contains(next.place) || next.type != type
    }
  }

  /// Whether an entity starts with this tag where it follows `before`.
  fileprivate func starts(after before: Tag) -> Bool {
    switch place {
    case .outside: false
    case .begin, .single: true
    case .inside, .end: [.outside, .end, .single].contains(before.place) || before.type != type
    }
  }
}
