import Files
import JSONLines
import Neural
import Text

extension Serial {
  /// Fills the rows of the first table of ids from word vectors in text form: a line a word, the word and its numbers
  /// with spaces between, and perhaps a first line with the count and the depth (fastText, word2vec; GloVe has none).
  /// Words that are not in `vocabulary` are passed over; rows without a word stay as they are. Returns the number of
  /// rows that were filled, and where `allowsPartial` says that it is no error, why none was.
  ///
  /// Where ids behind the vocabulary are those of runs of characters, their rows are the means of the vectors of the
  /// words in the file in which they occur; `runs` tells of how many that are.
  /// - Throws: `FileError` for a line with something else than numbers, and without a table; and unless `allowsPartial`,
  ///   for vectors of another depth than the table's, and words of which none is in the vocabulary.
  public mutating func loadWordVectors(
    from file: String, vocabulary: [String], ngrams: HashedNGrams? = nil, allowsPartial: Bool = false
  ) throws(FileError) -> (found: Int, runs: (found: Int, count: Int)?, refused: String?) {
    guard let index = idTable else { throw FileError(file, "the model has no embedding to take word vectors") }
    let rows = Dictionary(vocabulary.enumerated().map { (Array($1.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    var vectors = WordVectors(file: file, depth: weights[index].value.depth)
    var found: [Int: [Float]] = [:]
    var runs = RunMeans(ngrams, depth: vectors.depth)
    try vectors.read { word, numbers throws(RecordError) in
      let row = rows[Array(word)]
      guard row != nil || runs != nil else { return }
      let vector = try numbers()
      if let row { found[row] = vector }
      runs?.add(UnsafeBufferPointer(rebasing: word), vector)
    }
    if let reason = vectors.otherDepth ?? (found.isEmpty ? "none of its words is in the vocabulary" : nil) {
      guard allowsPartial else { throw FileError(file, "\(reason) (--allow-partial goes on without them)") }
      return (0, nil, reason)
    }
    changeWeight(at: index) { table in
      let depth = table.depth
      table.withMutableValues { table in
        for (row, values) in found {
          for (column, value) in values.enumerated() where row * depth + column < table.count {
            table[row * depth + column] = value
          }
        }
      }
      runs?.fill(&table, behind: vocabulary.count)
    }
    return (found.count, runs.map { ($0.found, $0.count) }, nil)
  }

  /// Sets rows of the first table of ids to 0, so that unknown words, and hashed n-grams, that were never seen in
  /// training say nothing.
  /// - Precondition: The rows begin within the table.
  public mutating func clearIDTable(_ rows: some RangeExpression<Int>) {
    guard let index = idTable else { return }
    changeWeight(at: index) { table in
      let rows = rows.relative(to: 0..<table.rows).clamped(to: 0..<table.rows)
      let depth = table.depth
      table.withMutableValues { for index in rows.lowerBound * depth..<rows.upperBound * depth { $0[index] = 0 } }
    }
  }

  private mutating func changeWeight(at position: Int, _ change: (inout Tensor) -> Void) {
    var index = 0
    visitWeights { _, weight in
      if index == position { change(&weight) }
      index += 1
    }
  }
}

/// A file of word vectors.
private struct WordVectors {
  let file: String
  /// The depth that the vectors must have.
  let depth: Int
  /// What says that they have another one.
  private(set) var otherDepth: String?

  init(file: String, depth: Int) { (self.file, self.depth) = (file, depth) }

  /// Calls `body` with every word and a function that reads its numbers, until the vectors turn out to have another
  /// depth.
  mutating func read(
    _ body: (Slice<Bytes>, _ numbers: () throws(RecordError) -> [Float]) throws(RecordError) -> Void
  ) throws(FileError) {
    var reader = LineReader(files: [file], maxLine: 1 << 24)
    let block = LineBlock()
    while otherDepth == nil, try reader.next(into: block) {
      while otherDepth == nil, let line = block.nextLine() {
        do throws(RecordError) {
          guard let bytes = line.bytes else { throw RecordError("is too long") }
          try read(bytes, isFirst: line.number == 1, body)
        } catch {
          throw FileError(file, "line \(line.number) \(error)")
        }
      }
    }
  }

  private mutating func read(
    _ line: Bytes, isFirst: Bool,
    _ body: (Slice<Bytes>, _ numbers: () throws(RecordError) -> [Float]) throws(RecordError) -> Void
  ) throws(RecordError) {
    let parts = line.split(separator: 0x20)
    if isFirst, parts.count == 2, let count = whole(parts[0]), let given = whole(parts[1]), depth != 1 || given == 1 {
      guard given == depth else {
        otherDepth = "line 1 says that \(count) vectors have \(given) numbers, but the embedding's depth is \(depth)"
        return
      }
      return
    }
    // A word may hold spaces, so the numbers are the last ones; but that the first word should be one of numbers alone
    // tells that the vectors are longer.
    let isOfNumbers = isFirst && parts.count > depth + 1 && parts.dropFirst().allSatisfy { number($0) != nil }
    guard parts.count > depth, !isOfNumbers else {
      let reason = "has \(max(parts.count - 1, 0)) numbers, but the embedding's depth is \(depth)"
      guard isFirst else { throw RecordError(reason) }
      otherDepth = "line 1 \(reason)"
      return
    }
    let wordEnd = parts[parts.count - depth].startIndex - 1
    try body(line[..<wordEnd]) { () throws(RecordError) in
      let values = parts.suffix(depth).compactMap(number)
      guard values.count == depth else { throw RecordError("holds something else than finite numbers") }
      return values
    }
  }
}

/// The whole number of 1 or more that bytes spell.
private func whole(_ bytes: Slice<Bytes>) -> Int? {
  Int(String(decoding: bytes, as: UTF8.self)).flatMap { $0 >= 1 ? $0 : nil }
}

/// The finite number that bytes spell.
private func number(_ bytes: Slice<Bytes>) -> Float? {
  Float(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
}
