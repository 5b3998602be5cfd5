import Text

/// Whether bytes are UTF-8, as the filters make sure before text is handed on.
private func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

/// Tokens are valid UTF-8 and not empty, whatever the options, and the same once the tokenizer knows them; their places
/// are in order.
func fuzzTweet(_ text: UnsafeBufferPointer<UInt8>) {
  guard let first = text.first, isText(UnsafeBufferPointer(rebasing: text.dropFirst())) else { return }
  var options = first & 1 == 0 ? TweetTokenizer.Options() : .raw
  options.links = [.url, .line, .keep, .replace][Int(first >> 1 & 3)]
  if first >> 1 & 3 == 3 { options.release = .v310 }
  options.keepsCase = first & 8 != 0
  options.handles = first & 16 != 0 ? .keep : .drop
  options.keepsLengthening = first & 32 != 0
  if first & 64 != 0 { options.stems.toggle() }
  if first & 128 != 0 { (options.keepsStopWords, options.keepsPunctuation) = (true, true) }
  var tokenizer = TweetTokenizer(options)
  func tokens() -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    tokenizer.forEachToken(in: UnsafeBufferPointer(rebasing: text.dropFirst())) { token in
      expect(!token.isEmpty && isText(token), "a token is no text")
      tokens.append(Array(token))
    }
    return tokens
  }
  let once = tokens()
  expect(tokens() == once, "a tokenizer that knows the tokens makes others")
  let bytes = UnsafeBufferPointer(rebasing: text.dropFirst())
  var (placed, end): ([[UInt8]], Int) = ([], 0)
  tokenizer.forEachToken(in: bytes, offsets: .bytes) { token, place in
    placed.append(Array(token))
    expect(end <= place.lowerBound && !place.isEmpty && place.upperBound <= bytes.count, "the place \(place)")
    expect(isText(UnsafeBufferPointer(rebasing: bytes[place])), "a place inside a character")
    end = place.upperBound
  }
  expect(placed == once, "with their places, the tokens are others")
}

private let sentences = [
  "I have a cat.", "The 3 cats' dinner: 12_000 mice; \\ cost 4,50 €.", "naïve café 日本 🙂", "aaa aaab aabb abab",
]

private let subwords: SubwordVocabulary = {
  var builder = SubwordBuilder()
  for sentence in sentences {
    var sentence = sentence
    sentence.withUTF8 { builder.add($0) }
  }
  return builder.vocabulary(target: 80)
}()

/// Every text comes back from its subwords.
func fuzzSubwords(_ text: UnsafeBufferPointer<UInt8>) {
  guard isText(text) else { return }
  guard let ids = subwords.ids(of: text) else { return expect(false, "a text has no subwords") }
  expect(ids.allSatisfy { 0..<subwords.count ~= $0 }, "an id is outside")
  var back: [UInt8] = []
  subwords.append(ids, to: &back)
  expect(back.elementsEqual(text), "the text differs")
}

/// Any file of subwords that is accepted gives ids of its own, and text that is text from each of them.
func fuzzSubwordFile(_ file: UnsafeBufferPointer<UInt8>) {
  guard let subwords = SubwordVocabulary(file: Array(file)) else { return }
  _ = subwords.file
  for sentence in sentences {
    var sentence = sentence
    guard let ids = sentence.withUTF8({ subwords.ids(of: $0) }) else { continue }
    expect(ids.allSatisfy { 0..<subwords.count ~= $0 }, "an id is outside")
    var back: [UInt8] = []
    subwords.append(ids, to: &back)
    expect(back.withUnsafeBufferPointer(isText), "the text is none")
  }
  var text: [UInt8] = []
  subwords.append(Array(0..<subwords.count), to: &text)
  expect(text.withUnsafeBufferPointer(isText), "the text of all subwords is none")
}

/// The options that a model says its text was made with: those that are accepted are the same when they are read again
/// as they are written, and agree with themselves.
func fuzzOptions(_ text: UnsafeBufferPointer<UInt8>) {
  guard let options = try? TokenizerOptions(String(decoding: text, as: UTF8.self)) else { return }
  expect((try? TokenizerOptions("\(options)")) == options, "the options differ: \(options)")
  expect((try? options.adding(options)) == options, "the options contradict themselves: \(options)")
  let part = options.ofVocabulary
  expect((try? TokenizerOptions("\(part)")) == part && part.ofVocabulary == part, "a part differs: \(part)")
  _ = options.command
}
