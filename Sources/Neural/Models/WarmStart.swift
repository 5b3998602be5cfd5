import Records

/// Weights that somebody else has learned, for a model to begin with.
extension Serial {
  /// Takes the tensors of a `.safetensors` file that have the names of this model's weights. Returns how many.
  /// - Throws: `FileError` when one has another shape, or none has such a name.
  public mutating func takeWeights(from file: String) throws(FileError) -> Int {
    let contents = try SafeTensors(contentsOf: file)
    var taken = 0
    var failure: FileError?
    visitWeights { name, weight in
      guard let tensor = contents.tensor(name) else { return }
      if tensor.shape != weight.shape {
        failure =
          failure ?? FileError(file, "\"\(name)\" has the shape \(tensor.shape), but here it is \(weight.shape)")
      } else {
        weight = tensor
        taken += 1
      }
    }
    if let failure { throw failure }
    guard taken > 0 else {
      let names = weights.map(\.name).joined(separator: ", ")
      throw FileError(file, "none of its tensors has the name of a weight here: \(names)")
    }
    return taken
  }

  /// Fills the rows of the first embedding from word vectors in text form: a line a word, the word and its numbers with spaces
  /// between, and perhaps a first line with the count and the depth (fastText, word2vec; GloVe has none). Words that are not
  /// in `vocabulary` are passed over; rows without a word stay as they are. Returns the number of rows that were filled.
  /// - Throws: `FileError` for a line of another depth or with something else than numbers, and without an embedding.
  public mutating func takeWordVectors(from file: String, vocabulary: [String]) throws(FileError) -> Int {
    guard let index = layers.firstIndex(where: { $0 is Embedding }), var embedding = layers[index] as? Embedding else {
      throw FileError(file, "the model has no embedding to take word vectors")
    }
    var rows: [[UInt8]: Int] = [:]
    for (id, word) in vocabulary.enumerated() { rows[Array(word.utf8)] = id }
    var found: Set<Int> = []
    var reader = LineReader(files: [file], maxLine: 1 << 24)
    let block = LineBlock()
    while try reader.next(into: block) {
      while let line = block.nextLine() {
        guard let bytes = line.bytes else { throw FileError(file, "line \(line.number) is too long") }
        let parts = bytes.split(separator: 0x20)
        if line.number == 1, parts.count == 2, parts.allSatisfy({ number($0).map { $0 >= 1 } ?? false }) { continue }
        // The word may hold spaces: the numbers are the last ones.
        guard parts.count > embedding.depth else {
          throw FileError(
            file, "line \(line.number) has \(parts.count - 1) numbers, but the embedding's depth is \(embedding.depth)")
        }
        let wordEnd = parts[parts.count - embedding.depth].startIndex - 1
        guard let row = rows[Array(bytes[..<wordEnd])] else { continue }
        let values = parts.suffix(embedding.depth).compactMap(number)
        guard values.count == embedding.depth else {
          throw FileError(file, "line \(line.number) holds something else than finite numbers")
        }
        embedding.table.withMutableValues { table in
          for (place, value) in values.enumerated() { table[row * embedding.depth + place] = value }
        }
        found.insert(row)
      }
    }
    layers[index] = embedding
    return found.count
  }
}

/// The finite number that bytes spell.
private func number(_ bytes: Slice<Bytes>) -> Float? {
  Float(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
}
