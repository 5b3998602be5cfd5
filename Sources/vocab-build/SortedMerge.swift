import Files
import Filters
import JSONLines
import Text

/// Counts of files that are sorted by token, merged as they are read: memory for a block of each file, whatever the number
/// of tokens.
///
/// What is merged is written at once, so that an input that ends early leaves a part, and of a vocabulary no JSON.
struct SortedMerge {
  /// Writes counts instead of a vocabulary.
  let writesCounts: Bool
  let minCount: Int
  private var files: [SortedCounts]
  private var tokenizer = CommonTokenizer()
  /// Indices of the files that are not at their end, those with the token that comes first last.
  private var order: [Int] = []

  init(_ names: [String], maxLine: Int, writesCounts: Bool, minCount: Int) {
    (self.writesCounts, self.minCount) = (writesCounts, minCount)
    files = (names.isEmpty ? ["-"] : names).map { SortedCounts($0, maxLine: maxLine) }
  }

  /// Merges everything.
  /// - Throws: `Failure` for a line that is no record of a count, or does not come behind the one before; `FileError`.
  mutating func run(to output: inout Output) throws {
    for index in files.indices { try advance(index) }
    let options = tokenizer.ofVocabulary
    var vocabulary = writesCounts ? nil : SortedVocabulary(options, to: &output.bytes)
    var token: [UInt8] = []
    while let first = order.last, !StopSignal.isReceived {
      swap(&token, &files[first].token)
      var count = 0
      repeat {
        let index = order.removeLast()
        count += files[index].count
        guard count <= TokenCounts.largest else {
          throw Failure(
            "the counts of \"\(String(decoding: token, as: UTF8.self))\" add up to more than \(TokenCounts.largest)")
        }
        try advance(index, behind: token)
      } while order.last.map { files[$0].token == token } ?? false
      guard count >= minCount else { continue }
      try token.withUnsafeBufferPointer { token in
        if writesCounts { output.bytes.appendCount(token, count, options) }
        try vocabulary?.add(token, to: &output.bytes)
      }
      try output.flushIfFull()
    }
    if !StopSignal.isReceived { vocabulary?.finish(to: &output.bytes) }
    try output.flush()
  }

  /// Reads the next count of a file and puts the file in its place.
  private mutating func advance(_ index: Int, behind token: [UInt8]? = nil) throws {
    guard try files[index].next(behind: token, &tokenizer) else { return }
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if files[order[middle]].token.lexicographicallyPrecedes(files[index].token) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    order.insert(index, at: low)
  }
}

/// A vocabulary that is written as its tokens come.
private struct SortedVocabulary {
  private var writer: VocabularyWriter
  private let options: TokenizerOptions
  private let special = Vocabulary.specialTokens.map { Array($0.utf8) }

  init(_ options: TokenizerOptions, to output: inout [UInt8]) {
    self.options = options
    writer = VocabularyWriter(tokenizer: options, to: &output)
    for token in special { token.withUnsafeBufferPointer { writer.add($0, to: &output) } }
  }

  /// Adds a token, unless it is a special one, which is there.
  mutating func add(_ token: Bytes, to output: inout [UInt8]) throws {
    guard !special.contains(where: { $0.elementsEqual(token) }) else { return }
    guard options.isEmpty || !token.elementsEqual(VocabularyFile.tokenizerKey.utf8) else {
      throw Failure("\"\(VocabularyFile.tokenizerKey)\" is a token, but must be how the tokens were made")
    }
    writer.add(token, to: &output)
  }

  func finish(to output: inout [UInt8]) { writer.finish(to: &output) }
}

/// A file of counts that are sorted by token, and the one that was read last.
private struct SortedCounts {
  var token: [UInt8] = []
  private(set) var count = 0
  private var reader: LineReader
  private let block = LineBlock()
  private let maxLine: Int
  private var isFirst = true

  init(_ name: String, maxLine: Int) {
    self.maxLine = maxLine
    reader = LineReader(
      files: [name], maxLine: maxLine, stopDescriptor: StopSignal.descriptor, isStopped: { StopSignal.isReceived })
  }

  /// Reads the next count, of a token behind the one that is given. Returns false at the end of the file.
  mutating func next(behind last: [UInt8]?, _ tokenizer: inout CommonTokenizer) throws -> Bool {
    while true {
      guard let line = block.nextLine() else {
        guard try reader.next(into: block) else { return false }
        continue
      }
      do throws(RecordError) {
        guard let bytes = line.bytes, bytes.count <= maxLine else {
          throw RecordError("the line is longer than \(ByteCount(maxLine)) bytes (--max-line)")
        }
        let record = try Record(bytes)
        try tokenizer.check(record)
        count = try record.count()
        token = Array(try record.text("token"))
        if let last, token.lexicographicallyPrecedes(last) {
          throw RecordError(
            "field \"token\" does not come behind the one before: --sorted is for files of --counts --order token")
        }
      } catch {
        throw Failure(error, in: line)
      }
      RunSummary.count(records: 1, badLines: 0)
      return true
    }
  }
}
