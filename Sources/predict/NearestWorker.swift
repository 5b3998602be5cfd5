import Files
import Filters
import JSONLines
import Models

/// Adds the most similar records of a file to one line after the other. The vectors of a block of lines are multiplied
/// together.
struct NearestWorker: LineWorker {
  private var vectors: TextVectors
  private let among: AmongFile
  private let most: Int
  private let only: [String]
  private var fields = NewFields()
  /// What was found for the lines of the block, by where they stand.
  private var found: [UnsafePointer<UInt8>: [NearestTexts.Match]] = [:]
  /// How many queries are multiplied at once.
  private static let chunk = 64

  init(_ vectors: TextVectors, _ among: AmongFile, most: Int, only: [String]) {
    (self.vectors, self.among, self.most, self.only) = (vectors, among, most, only)
  }

  mutating func prepare(for block: LineBlock) {
    found.removeAll(keepingCapacity: true)
    var queries: [(start: UnsafePointer<UInt8>, vector: [Float])] = []
    while let line = block.nextLine() {
      // What is wrong with a line is said when it is processed.
      guard let bytes = line.bytes, let start = bytes.baseAddress, let vector = try? vector(of: bytes) else { continue }
      queries.append((start, vector))
      if queries.count == Self.chunk { look(&queries) }
    }
    look(&queries)
    block.rewind()
  }

  private mutating func look(_ queries: inout [(start: UnsafePointer<UInt8>, vector: [Float])]) {
    let matches = among.texts.nearest(most, to: queries.map(\.vector))
    for (query, matches) in zip(queries, matches) { found[query.start] = matches }
    queries.removeAll()
  }

  private mutating func vector(of line: Bytes) throws(RecordError) -> [Float] {
    var result: [Float] = []
    try vectors.withVector(of: line) { _, vector in result = vector }
    return result
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let matches: [NearestTexts.Match]
    if let known = line.baseAddress.flatMap({ found[$0] }) {
      matches = known
    } else {
      matches = among.texts.nearest(most, to: [try vector(of: line)])[0]
    }
    fields.removeAll()
    fields.add("nearest") { output in
      output.appendJSON(list: matches) { output, match in
        output.append(contentsOf: among.records[match.index])
        output.append(",\"similarity\":")
        output.appendJSON(match.similarity)
        output.append("}")
      }
    }
    try vectors.withRecord(of: line) { record throws(RecordError) in
      try record.write(adding: fields, only: only, to: &output)
    }
  }
}
