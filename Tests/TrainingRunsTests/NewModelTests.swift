import Files
import Filters
import Models
import Neural
import Random
import TestSupport
import Testing
import TrainingRuns

@Suite struct NewModelTests {
  static let layers = "Embedding(4) Mean Dense(2) LogSoftmax"

  /// Writes the vocabulary of tokens `v` in a folder.
  func writeVocabulary(_ tokens: [String], in folder: String) throws -> String {
    var bytes: [UInt8] = []
    VocabularyFile(tokens).write(to: &bytes)
    try OutputFile("\(folder)/v").write(bytes)
    return "\(folder)/v"
  }

  /// A model that tags every token could as well be a language model gone wrong: the names of the tags tell.
  @Test func tagsNeedNames() throws {
    func make(_ labels: [String]?, _ tokenizer: String? = nil, classes: Int = 3) -> String? {
      performing {
        try NewModel(labels: labels, tokenizer: tokenizer) { _ in "Embedding(7, 4) LSTM(3) Dense(\(classes)) LogSoftmax"
        }
        .make(key: RandomKey(1))
      }
    }
    #expect(make(["O", "B-x", "I-x"]) == nil && make(["O", "B-x", "I-x"], "--no-stem") == nil)
    #expect(
      make(nil) == "--layers: the model takes 7 ids, but gives the probabilities of 3 at every step; "
        + "a model that tags every token needs --labels, one that gives a class a record the Mean of the tokens before Dense"
    )
    #expect(make(nil, classes: 7)?.contains("does not begin with ShiftRight, or looks ahead later; a model") ?? false)
    #expect(
      make(["O", "B-x", "I-x"], "--append-end")
        == "--tokenizer: a tagger takes one id for every token, and no --append-end")
  }

  @Test func theModelHoldsWhatItIsMadeOf() throws {
    let new = NewModel(labels: ["no", "yes"], tokenizer: "--links url") { ids in
      #expect(ids == nil)
      return "Embedding(7, 4) Mean Dense(2) LogSoftmax"
    }
    let (model, signature) = try new.make(key: RandomKey(1)) { Issue.record("\($0)") }
    #expect(model.labels == ["no", "yes"] && model.tokenizer == "--links url" && model.vocabulary == nil)
    #expect(signature.ids == 7 && signature.classes == 2 && !signature.isSequence)
    let (same, other) = (try new.make(key: RandomKey(1)).model, try new.make(key: RandomKey(2)).model)
    #expect(same.layers.weights.map(\.value) == model.layers.weights.map(\.value))
    #expect(other.layers.weights[0].value != model.layers.weights[0].value)
  }

  /// The embedding has a row for every entry, and for hashed n-grams, which begin at 0.
  @Test func theVocabularySaysHowManyRowsThereAre() throws {
    try inTemporaryFolder { folder in
      let tokens = ["__PAD__", "__</e>__", "__UNK__", "good", "bad"]
      let file = try writeVocabulary(tokens, in: folder)
      let plain = try NewModel(vocabulary: file) { _ in Self.layers }.make(key: RandomKey(1))
      #expect(plain.model.vocabulary == tokens && plain.signature.ids == 5)

      var asked: [Int?] = []
      let hashing = NewModel(vocabulary: file, tokenizer: "--ngrams 2 --hash-bits 2") {
        asked.append($0)
        return Self.layers
      }
      let (model, signature) = try hashing.make(key: RandomKey(1))
      #expect(signature.ids == 9 && asked == [9])
      let table = try #require(model.layers.weights.first?.value)
      #expect(table.shape == [9, 4])
      #expect(table.values[20...].allSatisfy { $0 == 0 } && table.values[..<20].contains { $0 != 0 })
    }
  }

  @Test func whatDoesNotFitIsNamedByItsOption() throws {
    try inTemporaryFolder { folder in
      let file = try writeVocabulary(["__PAD__", "__</e>__", "__UNK__"], in: folder)
      func message(_ new: NewModel) -> String? { performing { try new.make(key: RandomKey(1)) } }
      let seven = "Embedding(7, 4) Mean Dense(2) LogSoftmax"
      #expect(
        message(NewModel(labels: ["a", "b", "c"]) { _ in seven })
          == "--labels: 3 names for 2 classes, those that the layers give")
      #expect(
        message(NewModel(vocabulary: file) { _ in seven })
          == "--layers: the embedding has 7 rows, but --vocab has 3 entries")
      #expect(message(NewModel { _ in "Dense(2) LogSoftmax" })?.hasPrefix("--layers: ") ?? false)
      #expect(
        message(NewModel(initFrom: "words.vec") { _ in seven }) == "--init-from: word vectors need --vocab")
      #expect(message(NewModel(vocabulary: "/none") { _ in seven }) == "/none: No such file or directory")
    }
  }

  /// What BatchNorm has learned of means and variances goes on, too.
  @Test func stateComesFromTheFileToo() throws {
    try inTemporaryFolder { folder in
      let new = NewModel(initFrom: "\(folder)/first") { _ in "Embedding(7, 4) Mean BatchNorm Dense(2) LogSoftmax" }
      var layers = try NewModel { _ in "Embedding(7, 4) Mean BatchNorm Dense(2) LogSoftmax" }
        .make(key: RandomKey(1)).model.layers
      layers.setState(layers.forward([Tensor([[1, 2], [2, 0]])], Pass(.train)).state)
      try Model(layers: layers).write(to: "\(folder)/first")
      var messages: [String] = []
      let (model, _) = try new.make(key: RandomKey(2)) { messages.append($0) }
      #expect(model.layers.state.map(\.value) == layers.state.map(\.value))
      let (weights, state) = (layers.weights.count, layers.state.count)
      #expect(
        messages == [
          "\(folder)/first: \(weights) of \(weights) weights; \(state) tensors of state; the run begins at step 0"
        ])
    }
  }

  @Test func theFirstWeightsComeFromAFile() throws {
    try inTemporaryFolder { folder in
      let file = try writeVocabulary(["__PAD__", "__</e>__", "__UNK__", "good", "bad"], in: folder)
      let first = try NewModel(vocabulary: file, labels: ["no", "yes"]) { _ in Self.layers }.make(key: RandomKey(1))
        .model
      try first.write(to: "\(folder)/first")
      var messages: [String] = []
      let again = NewModel(vocabulary: file, labels: ["no", "yes"], initFrom: "\(folder)/first") { _ in Self.layers }
      let (model, _) = try again.make(key: RandomKey(2)) { messages.append($0) }
      #expect(model.layers.weights.map(\.value) == first.layers.weights.map(\.value))
      #expect(
        messages == [
          "\(folder)/first: 3 of 3 weights; 5 tokens found, 0 new; 2 labels found, 0 new; the run begins at step 0"
        ])

      // New labels start fresh, and what was learned of the others stays.
      messages = []
      let third = NewModel(
        vocabulary: try writeVocabulary(["__PAD__", "__</e>__", "__UNK__", "bad", "new"], in: folder),
        labels: ["yes", "maybe", "no"], initFrom: "\(folder)/first"
      ) { _ in "Embedding(4) Mean Dense(3) LogSoftmax" }
      _ = try third.make(key: RandomKey(2)) { messages.append($0) }
      #expect(
        messages == [
          "\(folder)/first: 3 of 3 weights; 4 tokens found, 1 new; 2 labels found, 1 new; the run begins at step 0"
        ])
      _ = try writeVocabulary(["__PAD__", "__</e>__", "__UNK__", "good", "bad"], in: folder)

      try write(["good 1 2 3 4", "else 5 6 7 8"], to: "\(folder)/words.vec")
      messages = []
      let vectors = NewModel(vocabulary: file, initFrom: "\(folder)/words.vec") { _ in Self.layers }
      let table = try vectors.make(key: RandomKey(1)) { messages.append($0) }.model.layers.weights[0].value
      #expect(table.values[12..<16] == [1, 2, 3, 4])
      #expect(messages == ["\(folder)/words.vec: vectors for 1 of 5 entries of the vocabulary"])

      // What does not fit is an error, unless a part is enough.
      for (from, reason) in [
        ("first", "\"0.Embedding.table\" has the shape [5, 4], but here it is [5, 3]"),
        ("words.vec", "line 1 has 4 numbers, but the embedding's depth is 3"),
      ] {
        func make(allowsPartial: Bool) throws -> Model {
          messages = []
          return try NewModel(vocabulary: file, initFrom: "\(folder)/\(from)", allowsPartial: allowsPartial) { _ in
            "Embedding(3) Mean Dense(2) LogSoftmax"
          }.make(key: RandomKey(1)) { messages.append($0) }.model
        }
        let error = try #require(performing { try make(allowsPartial: false) })
        #expect(error.hasPrefix("\(folder)/\(from): \(reason) (--allow-partial "), "\(error)")
        #expect(messages.isEmpty)
        _ = try make(allowsPartial: true)
        #expect(messages.first == "\(folder)/\(from): \(reason): not taken")
        #expect(messages.count == (from == "first" ? 3 : 2))
      }
    }
  }
}
