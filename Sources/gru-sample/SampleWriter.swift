import Files
import Filters
import JSONLines
import Models
import Neural
import Random
import Text

/// Draws the texts of primes and writes them as they come.
struct SampleWriter: ~Copyable {
  private let options: GRUSample
  private let model: LanguageModel
  private let characters: CharacterEncoding
  /// The most ids of the texts that the model was trained on.
  private let longestText: Int?
  private let key: RandomKey
  private var primes: UInt32 = 0
  private var output = Output.standard(unbuffered: true)

  init(options: GRUSample, model: LanguageModel, characters: CharacterEncoding, longestText: Int?, key: RandomKey) {
    self.options = options
    self.model = model
    self.characters = characters
    self.longestText = longestText
    self.key = key
  }

  /// Writes the texts that go on from a prime.
  mutating func write(prime: String) throws {
    var record: [UInt8] = []
    do throws(RecordError) {
      var text = prime
      var failure: RecordError?
      text.withUTF8 { text in
        do throws(RecordError) { try record.appendObject(field: "text", text: text) } catch { failure = error }
      }
      if let failure { throw failure }
      try record.withUnsafeBufferPointer { line throws(RecordError) in try draw(Record(line)) }
    } catch {
      throw Failure("--prime: \(error)")
    }
    try flush()
  }

  /// Writes the texts that go on from the primes of records.
  mutating func writeAll(primesIn files: [String]) throws {
    var reader = LineReader(files: files, maxLine: 16 << 20, stopDescriptor: StopSignal.descriptor) {
      StopSignal.isReceived
    }
    let block = LineBlock()
    while try reader.next(into: block) {
      while let line = block.nextLine(), !StopSignal.isReceived {
        do throws(RecordError) {
          guard let bytes = line.bytes else { throw RecordError("the line is longer than 16 MB") }
          try draw(Record(bytes, textAdvice: "--prime takes a text"))
        } catch {
          throw Failure(error, in: line)
        }
        try flush()
      }
    }
  }

  consuming func close() throws { try output.close() }

  /// What went wrong while a text was streamed; nothing more is drawn then.
  private var failure: FileError?

  private mutating func flush() throws(FileError) {
    if let failure { throw failure }
    try output.flush()
  }

  private mutating func draw(_ record: borrowing Record) throws(RecordError) {
    guard record.has("text") else { throw RecordError("field \"text\" is missing: primes stand in \"text\"") }
    let prime = try record.text("text")
    var ids = characters.ids(of: prime)
    let unknown = characters.unknownCharacters(in: prime)
    if !unknown.isEmpty, options.onUnknown ?? .fail == .fail {
      let (shown, more) = (unknown.prefix(10), unknown.count - 10)
      let list = shown.map { "\"\($0)\"" }.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
      throw RecordError("the model does not know \(list) (--on-unknown skip leaves such characters out)")
    }
    if options.onUnknown == .skip { ids.removeAll { $0 == Vocabulary.unknown && characters.vocabulary != nil } }
    if let longestText, ids.count > longestText {
      throw RecordError(
        "the prime has \(ids.count) ids, but the model's texts have at most \(longestText) (--max-length)")
    }
    var samples = Generator(
      model, Sampler(temperature: options.temperature, topK: options.topK, topP: options.topP), prime: ids,
      count: options.count, key: key.fold(in: primes), stream: TextStream(characters, stop: options.stop ?? ""))
    primes += 1
    let isStreamed = !options.json && options.count == 1
    if isStreamed { stream(String(decoding: prime, as: UTF8.self)) }
    for _ in 0..<options.length where !samples.isFinished && !StopSignal.isReceived && failure == nil {
      guard let text = samples.draw() else {
        failure = FileError(options.model, "the model's outputs are no finite numbers")
        break
      }
      if isStreamed { stream(text) }
    }
    guard failure == nil else { return }
    let rest = samples.finish()
    if isStreamed { return stream(rest + "\n") }
    for (index, sample) in samples.samples.enumerated() {
      if options.json {
        try append(sample, index, to: record)
      } else {
        if index > 0 { output.bytes.append("\n") }
        output.bytes.append(contentsOf: prime)
        output.bytes.append(contentsOf: "\(sample.text)\n".utf8)
      }
    }
  }

  private mutating func stream(_ text: String) {
    output.bytes.append(contentsOf: text.utf8)
    do throws(FileError) { try output.flush() } catch { failure = failure ?? error }
  }

  private mutating func append(_ sample: Generator.Sample, _ index: Int, to record: borrowing Record)
    throws(RecordError)
  {
    var fields = NewFields()
    fields.add("sample", sample.text)
    fields.add("index", index)
    fields.add("characters", sample.count)
    fields.add("log_probability", sample.logProbability)
    try record.write(adding: fields, to: &output.bytes)
  }
}
