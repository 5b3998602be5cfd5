import Random
import Records

/// A trained model and what is needed to use it, in one `.safetensors` file.
public struct Model {
  /// The layers with their weights.
  public var layers: Serial
  /// The tokens in the order of their ids, if the model works on tokens.
  public var vocabulary: [String]?
  /// The names of the classes, if they have names.
  public var labels: [String]?
  /// The options with which `tweet-tokenize` made the tokens, if somebody said so.
  public var tokenizer: String?
  /// The figures of the training run: step, loss, accuracy and the like.
  public var figures: [String: Double]

  public init(
    layers: Serial, vocabulary: [String]? = nil, labels: [String]? = nil, tokenizer: String? = nil,
    figures: [String: Double] = [:]
  ) {
    self.layers = layers
    self.vocabulary = vocabulary
    self.labels = labels
    self.tokenizer = tokenizer
    self.figures = figures
  }

  /// The number that a reader checks before it believes the rest.
  public static let formatVersion = "1"

  /// Writes the model's file as one unit. The same model gives the same bytes.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the model's file and calls `isWhole` before it takes the place of what was there.
  public func write(
    to file: OutputFile, isWhole: () throws(FileError) -> Void = { () throws(FileError) in }
  ) throws(FileError) {
    // Whoever uses the model begins with sequences of his own.
    var model = self
    model.layers.forgetCarry()
    try model.contents.write(to: file, isWhole: isWhole)
  }

  /// What the file holds.
  var contents: SafeTensors {
    var metadata = ["format": "rivulet", "format_version": Self.formatVersion, "layers": layers.expression]
    metadata["vocabulary"] = vocabulary.map(jsonList)
    metadata["labels"] = labels.map(jsonList)
    metadata["tokenizer"] = tokenizer
    var text: [UInt8] = []
    text.append("{")
    for (index, (name, value)) in figures.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { text.append(",") }
      text.appendJSON(name)
      text.append(":")
      text.appendJSON(value)
    }
    text.append("}")
    metadata["figures"] = String(decoding: text, as: UTF8.self)
    return SafeTensors(metadata: metadata, tensors: layers.weights + layers.state.filter { $0.value.count > 0 })
  }

  /// Reads a model's file.
  /// - Throws: `FileError` when it can't be read, is none of ours, or its weights do not fit its layers.
  public init(contentsOf file: String) throws(FileError) {
    try self.init(try SafeTensors(contentsOf: file), file: file)
  }

  /// Takes the model out of a file's contents.
  init(_ contents: SafeTensors, file: String) throws(FileError) {
    guard contents.metadata["format"] == "rivulet", let expression = contents.metadata["layers"] else {
      throw FileError(file, "no model of this toolchain: its metadata names no layers")
    }
    let version = contents.metadata["format_version"] ?? "none"
    guard version == Self.formatVersion else {
      throw FileError(file, "its format has version \(version), but this program reads version \(Self.formatVersion)")
    }
    do throws(ExpressionError) {
      layers = try LayerExpression().model(expression)
    } catch {
      throw FileError(file, "its layers can't be read: \(error)")
    }
    var failure: FileError?
    layers.visitWeights { name, weight in
      if let tensor = contents.tensor(name) {
        weight = tensor
      } else {
        failure = failure ?? FileError(file, "the tensor \"\(name)\" is missing")
      }
    }
    if let failure { throw failure }
    layers.visitState { name, state in state = contents.tensor(name) ?? state }
    do throws(LayerError) {
      _ = try layers.outputShape([1, 1])
    } catch {
      throw FileError(file, "its layers and tensors don't fit: \(error)")
    }
    vocabulary = try contents.list("vocabulary", in: file)
    labels = try contents.list("labels", in: file)
    tokenizer = contents.metadata["tokenizer"]
    figures = [:]
    if let text = contents.metadata["figures"] {
      try contents.read(text, of: "figures", in: file) { root in
        for (name, value) in root.members { figures[name] = value.number }
      }
    }
  }
}

private func jsonList(_ items: [String]) -> String {
  var text: [UInt8] = []
  text.appendJSON(list: items) { $0.appendJSON($1) }
  return String(decoding: text, as: UTF8.self)
}

extension SafeTensors {
  fileprivate func list(_ name: String, in file: String) throws(FileError) -> [String]? {
    guard let text = metadata[name] else { return nil }
    var list: [String]?
    try read(text, of: name, in: file) { root in
      list = root.items.map { $0.compactMap(\.string) }
      if list?.count != root.items?.count { list = nil }
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
