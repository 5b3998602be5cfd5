import Files
import JSONLines
import Neural
import Random
import Text

/// A trained model and what is needed to use it, in one `.safetensors` file.
public struct Model {
  /// The layers with their weights.
  public var layers: Serial
  /// The tokens in the order of their ids, if the model works on tokens.
  public var vocabulary: [String]?
  /// The names of the classes, if they have names.
  public var labels: [String]?
  /// The options with which `tweet-tokenize` made the tokens, if they are known.
  public var tokenizer: String?
  /// The names of the two fields of a record that hold the texts, of a model of pairs, if they are known.
  public var pair: [String]?
  /// From what on two texts are said to be duplicates, of a model of pairs, if that was found out.
  public var threshold: Double?
  /// What is added to the log odds of tags of entities against `O`, of a tagger, unless something else is asked for.
  public var entityBias: Double?
  /// The statistics of the training run: step, loss, accuracy and the like.
  public var statistics: [String: Double]
  /// How the file keeps the weights; of a model that was read, how it did. The layers here have float32 in any case.
  public var precision: FilePrecision = .single
  /// The bytes of the file that the model was read from.
  public private(set) var byteCount: Int?

  /// A model of layers that have weights, and what else its file is to hold.
  public init(
    layers: Serial, vocabulary: [String]? = nil, labels: [String]? = nil, tokenizer: String? = nil,
    pair: [String]? = nil, threshold: Double? = nil, entityBias: Double? = nil,
    statistics: [String: Double] = [:]
  ) {
    self.layers = layers
    self.vocabulary = vocabulary
    self.labels = labels
    self.tokenizer = tokenizer
    self.pair = pair
    self.threshold = threshold
    self.entityBias = entityBias
    self.statistics = statistics
  }

  /// The id whose row of the first table begins at 0 and does not learn: that of unknown tokens, where the model is a
  /// classifier. They say nothing then, so that a text of unknown words gets what the bias says. A row that rare words
  /// had trained would say much: it learns from texts in which it is one of many.
  public func silentID(_ signature: ModelSignature) -> Int? { signature.isSequence ? nil : unknownID }

  /// The id of unknown tokens, if the vocabulary has them.
  public var unknownID: Int? {
    let unknown = Vocabulary.unknown
    guard let vocabulary, vocabulary.indices.contains(unknown),
      vocabulary[unknown] == Vocabulary.specialTokens[unknown]
    else { return nil }
    return unknown
  }

  /// The number that a reader checks before it believes the rest.
  public static let formatVersion = "1"

  /// Writes the model's file as one unit. The same model gives the same bytes.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the model's file and calls `isWhole` before it replaces what was there.
  /// - Throws: `FileError`, as well for a weight that is too large for the precision.
  public func write(
    to file: OutputFile, isWhole: () throws(FileError) -> Void = { () throws(FileError) in }
  ) throws(FileError) {
    // Saved models start with empty recurrent state.
    var model = self
    model.layers.forgetCarry()
    try model.contents.write(to: file, isWhole: isWhole)
  }

  /// The bytes of the file at most, but for some digits of figures: of rounded tables rows of zeros are left out.
  public var largestByteCount: Int { contents.largestByteCount }

  /// What the file holds.
  var contents: SafeTensors {
    var metadata = [
      "format": "rivulet", "format_version": Self.formatVersion, "version": rivuletVersion, "layers": layers.expression,
    ]
    metadata["vocabulary"] = vocabulary.map(jsonList)
    metadata["labels"] = labels.map(jsonList)
    metadata["tokenizer"] = tokenizer
    metadata["pair"] = pair.map(jsonList)
    metadata["threshold"] = threshold.map { "\($0)" }
    metadata["entity_bias"] = entityBias.map { "\($0)" }
    var text: [UInt8] = []
    text.appendObject { $0.addSorted(statistics) }
    // The key is the format's; files written before have it.
    metadata["figures"] = String(decoding: text, as: UTF8.self)
    var contents = SafeTensors(
      metadata: metadata, tensors: layers.weights + layers.state.filter { $0.value.count > 0 })
    contents.precision = precision
    return contents
  }

  /// The model that programs read when this one has been written: its weights are rounded as the file's are.
  /// - Throws: `FileError` naming `file` when a weight is too large for the precision, or no number.
  public func asRead(file: String) throws(FileError) -> Model {
    precision == .single ? self : try Model(contents.asRead(file), file: file)
  }

  /// Reads a model's file.
  /// - Throws: `FileError` when it can't be read, is none of ours, or its weights do not fit its layers.
  public init(contentsOf file: String) throws(FileError) {
    try self.init(try SafeTensors(contentsOf: file), file: file)
  }

  /// What the model takes and gives.
  /// - Throws: `FileError` naming `file` when it can't be used by `predict`, nor by `perplexity` and `gru-sample`.
  public func signature(file: String) throws(FileError) -> ModelSignature {
    do throws(LayerError) { return try ModelSignature(layers) } catch { throw FileError(file, "\(error)") }
  }

  /// Takes the model out of a file's contents.
  init(_ contents: SafeTensors, file: String) throws(FileError) {
    guard contents.metadata["format"] == "rivulet" else {
      throw FileError(file, "no model of this toolchain: the \"format\" of its metadata is not \"rivulet\"")
    }
    try contents.checkFormat(file: file)
    guard let expression = contents.metadata["layers"] else { throw FileError(file, "its metadata names no layers") }
    do throws(ExpressionError) {
      layers = try LayerExpression().model(expression)
    } catch {
      throw FileError(file, "its layers can't be read: \(error)\(contents.writer)")
    }
    let shapes: ModelShapes
    do throws(LayerError) {
      shapes = try ModelShapes(layers)
    } catch {
      throw FileError(file, "its layers can't be used: \(error)")
    }
    try layers.takeAll(of: contents, shapes.plan, file: file)
    (precision, byteCount) = (contents.precision, contents.byteCount)
    vocabulary = try contents.list("vocabulary", in: file)
    labels = try contents.list("labels", in: file)
    tokenizer = contents.metadata["tokenizer"]
    pair = try contents.list("pair", in: file)
    func number(_ key: String) throws(FileError) -> Double? {
      guard let text = contents.metadata[key] else { return nil }
      guard let number = Double(text), number.isFinite else { throw FileError(file, "its \(key) is no number") }
      return number
    }
    (threshold, entityBias) = (try number("threshold"), try number("entity_bias"))
    // Of vectors it is one of similarities, else of probabilities.
    let lowest = shapes.outputs[0].count == 2 ? -1.0 : 0
    guard lowest...1 ~= threshold ?? 0 else {
      throw FileError(file, "its threshold \(threshold!) is not from \(Int(lowest)) to 1")
    }
    statistics = [:]
    if let text = contents.metadata["figures"] {
      var members: [(key: String, value: Double?)]?
      try contents.read(text, of: "figures", in: file) { root in
        // What is not finite was written as null.
        members = root.members.flatMap { members in
          let numbers = members.map { ($0.key, $0.value.number) }
          return zip(members, numbers).allSatisfy { $1.1 != nil || $0.value.kind == "null" } ? numbers : nil
        }
      }
      guard let members else { throw FileError(file, "its figures are no map of numbers") }
      for (name, value) in members { statistics[name] = value }
    }
    try checkNames(shapes, file: file)
  }

  /// Whether the names of ids and classes are those of the layers, each once.
  private func checkNames(_ shapes: ModelShapes, file: String) throws(FileError) {
    for (names, what, role) in [(vocabulary, "token", "vocabulary"), (labels, "label", "labels")] {
      if let names, let twice = repeated(in: names) {
        throw FileError(file, "the \(what) \"\(twice)\" stands in its \(role) twice")
      }
    }
    if let vocabulary, vocabulary.count > layers.idCount ?? 0 {
      throw FileError(
        file, "its vocabulary has \(vocabulary.count) entries, but its layers take \(layers.idCount ?? 0) ids")
    }
    // Vectors of pairs are compared: they are duplicates or not.
    let classes = shapes.outputs[0].count == 2 ? 2 : shapes.outputs[0].last?.last ?? 0
    if let labels, labels.count != classes {
      throw FileError(file, "it has \(labels.count) labels, but its layers give \(classes) classes")
    }
  }
}

extension Serial {
  /// Takes weights and state out of a file that has all that a plan says.
  /// - Throws: `FileError` when a tensor is missing, has another shape, or holds a number that is not finite.
  fileprivate mutating func takeAll(of contents: SafeTensors, _ plan: LayerPlan, file: String) throws(FileError) {
    let tensors = contents.byName
    for entry in plan.weights + plan.state {
      guard let tensor = tensors[entry.name] else { throw FileError(file, contents.absence(of: entry.name)) }
      guard tensor.shape == entry.shape else {
        throw FileError(
          file, "the tensor \"\(entry.name)\" has the shape \(tensor.shape), but its layers need \(entry.shape)")
      }
    }
    visitWeights { $1 = tensors[$0]! }
    visitState { $2 = tensors[$0] ?? $2 }
    if let name = firstNonFiniteWeight {
      throw FileError(file, "the tensor \"\(name)\" holds a number that is not finite")
    }
  }
}

private func jsonList(_ items: [String]) -> String {
  var text: [UInt8] = []
  text.appendJSON(list: items) { $0.appendJSON($1) }
  return String(decoding: text, as: UTF8.self)
}

extension SafeTensors {
  /// Which version wrote a model of ours, for messages about what this one does not know; nothing where it is this one.
  fileprivate var writer: String {
    let version = metadata["version"] ?? "0.1.0"
    return version == rivuletVersion ? "" : " (the file is of version \(version), this program of \(rivuletVersion))"
  }

  /// Whether a model of ours, if it is one, has the format that this version reads.
  /// - Throws: `FileError` for another one.
  func checkFormat(file: String) throws(FileError) {
    guard metadata["format"] == "rivulet" else { return }
    let version = metadata["format_version"] ?? "none"
    guard version == Model.formatVersion else {
      throw FileError(
        file, "its format has version \(version), but this program reads version \(Model.formatVersion)\(writer)")
    }
  }

  /// A list of strings among the metadata; nil where there is none.
  func list(_ name: String, in file: String) throws(FileError) -> [String]? {
    guard let text = metadata[name] else { return nil }
    var list: [String]?
    try read(text, of: name, in: file) { root in
      list = root.strings
    }
    guard let list else { throw FileError(file, "its \(name) is no list of strings") }
    return list
  }

  /// Gives the JSON of a piece of metadata to `body`.
  func read(_ text: String, of name: String, in file: String, _ body: (JSON) -> Void) throws(FileError) {
    do throws(RecordError) {
      let document = try JSONDocument(text)
      body(document.root)
    } catch {
      throw FileError(file, "its \(name): \(error)")
    }
  }
}
