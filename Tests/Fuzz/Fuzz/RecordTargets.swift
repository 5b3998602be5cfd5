import Batches
import CJansson
import Filters
import JSONLines

/// A line is a record if Jansson takes it for an object, apart from NULs, and from numbers that are too large for
/// Jansson. The fields that both read have the same values.
func fuzzRecord(_ line: UnsafeBufferPointer<UInt8>) {
  let record = try? Record(line)
  var problem = json_error_t()
  let object = line.withMemoryRebound(to: CChar.self) {
    json_loadb($0.baseAddress, $0.count, Int(JSON_DECODE_INT_AS_REAL), &problem)
  }
  defer { json_decref(object) }
  let isTooLarge =
    object == nil && withUnsafePointer(to: problem) { json_error_code($0) } == json_error_numeric_overflow
  if !isTooLarge {
    let isExpected = object?.pointee.type == JSON_OBJECT && !line.contains(0)
    expect(isExpected == (record != nil), isExpected ? "a record is refused" : "what is no record is accepted")
  }
  guard let record, let document = try? JSONDocument(line, allowsDuplicates: true) else { return }
  for (key, value) in document.root.members ?? [] {
    expect(record.has(key), "a field is missing")
    expect((try? record.text(key)).map(Array.init) == value.text.map(Array.init), "a text differs")
    expect((try? record.integer(key)) == value.integer, "an integer differs")
    expect((try? record.value(key))?.kind == value.kind, "a kind differs")
    _ = try? record.texts(key)
    _ = try? record.integers(key)
  }
}

/// The lists of a batch that is accepted fit each other, and what stands for its ids is inside of what it says.
func fuzzBatch(_ line: UnsafeBufferPointer<UInt8>) {
  guard let record = try? Record(line), let batch = try? BatchRecord(record) else { return }
  expect(batch.rows > 0 && batch.length > 0 && batch.inputs.count == batch.rows * batch.length, "inputs")
  expect(batch.targets.count == (batch.isSequence ? batch.inputs.count : batch.rows), "targets")
  expect(batch.weights.count == batch.targets.count, "weights")
  expect(batch.weights.allSatisfy(\.isFinite), "a weight is not finite")
  func isIDs(_ values: [Float], upTo largest: Int) -> Bool {
    values.allSatisfy { 0...Float(largest) ~= $0 && $0.rounded() == $0 } && 0..<1 << 24 ~= largest
  }
  expect(isIDs(batch.inputs, upTo: batch.largestInput), "the largest input")
  expect(isIDs(batch.targets, upTo: batch.largestTarget), "the largest target")
}

/// The tokens of a vocabulary that is accepted come back from the file that is made of them.
func fuzzVocabulary(_ text: UnsafeBufferPointer<UInt8>) {
  guard let vocabulary = try? VocabularyFile(text) else { return }
  var file: [UInt8] = []
  vocabulary.write(to: &file)
  let again = file.withUnsafeBufferPointer { try? VocabularyFile($0) }
  expect(
    again.map { $0.tokens.map { Array($0.utf8) } } == vocabulary.tokens.map { Array($0.utf8) }
      && again?.tokenizer == vocabulary.tokenizer, "the vocabulary differs")
}
