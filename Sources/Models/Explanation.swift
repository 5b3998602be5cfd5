import JSONLines
import Neural

/// What the ids of a text have to do with a prediction: how many nats each adds to the log odds of a class (`LogOdds`).
public struct Explanation: Sendable {
  /// How contributions are found.
  public enum Method: String, Sendable {
    /// For classifiers of the mean of embeddings: an id's share of the log odds. All contributions and the bias add up
    /// to the log odds.
    case mean
    /// For any other model: the log odds of the text less those of the text without the id. They need not add up.
    case leaveOneOut = "leave-one-out"
  }

  /// An id, or what stands there several times, and what it adds.
  public struct Contribution: Sendable, Equatable {
    /// What people call the id.
    public let name: IDName
    /// What it adds to the log odds, in all its places together.
    public let nats: Double
  }

  /// How the contributions were found.
  public let method: Method
  /// The log odds of the class for the text.
  public let logOdds: Double
  /// What the model says without a text; nil where it can't be told apart.
  public let bias: Double?
  /// The contributions of all ids, in the order in which they come first in the text.
  public let contributions: [Contribution]

  /// The `count` contributions that are largest above 0, the largest first; of equals the first of the text first.
  public func mostFor(_ count: Int) -> [Contribution] { most(count, sign: 1).map { contributions[$0] } }

  /// The `count` contributions that are smallest below 0, the smallest first; of equals the first of the text first.
  public func mostAgainst(_ count: Int) -> [Contribution] { most(count, sign: -1).map { contributions[$0] } }

  /// The sum of the contributions that are in neither list of `count`.
  public func sumOfOthers(_ count: Int) -> Double {
    let listed = Set(most(count, sign: 1) + most(count, sign: -1))
    return contributions.indices.reduce(0) { listed.contains($1) ? $0 : $0 + contributions[$1].nats }
  }

  private func most(_ count: Int, sign: Double) -> [Int] {
    let candidates = contributions.indices.filter { sign * contributions[$0].nats > 0 }
    return Array(
      candidates.sorted { (-sign * contributions[$0].nats, $0) < (-sign * contributions[$1].nats, $1) }
        .prefix(count))
  }
}

extension JSONFields {
  /// Adds a field that holds an explanation: `{"log_odds":…,"bias":…,"for":[[name,nats],…],"against":[…],"others":…,
  /// "method":"mean"}`, with the `count` contributions that are most for the class and most against it. `others` is the
  /// sum of those that are not listed; it and `bias` are there for the method whose contributions add up.
  public mutating func add(_ field: String, _ explanation: Explanation, most count: Int) {
    add(field) { $0.appendObject { $0.add(explanation, most: count) } }
  }

  /// Adds a field that holds a list of explanations, each with the class that it is of, `prediction`, and its
  /// `label_name` if the classes have names.
  public mutating func add(
    _ field: String, _ explanations: [(label: Int, Explanation)], names: [String]?, most count: Int
  ) {
    add(field) { output in
      output.appendJSON(list: explanations) { output, entry in
        output.appendObject { object in
          object.add("prediction", entry.label)
          if let names { object.add("label_name", names[entry.label]) }
          object.add(entry.1, most: count)
        }
      }
    }
  }
}

extension JSONObjectWriter {
  fileprivate mutating func add(_ explanation: Explanation, most count: Int) {
    func append(_ contributions: [Explanation.Contribution], to output: inout [UInt8]) {
      output.appendJSON(list: contributions) { output, contribution in
        output.append("[")
        output.appendJSON(contribution.name)
        output.append(",")
        output.appendJSON(Float(contribution.nats))
        output.append("]")
      }
    }
    add("log_odds", Float(explanation.logOdds))
    if let bias = explanation.bias { add("bias", Float(bias)) }
    add("for") { append(explanation.mostFor(count), to: &$0) }
    add("against") { append(explanation.mostAgainst(count), to: &$0) }
    if explanation.bias != nil { add("others", Float(explanation.sumOfOthers(count))) }
    add("method", explanation.method.rawValue)
  }
}

extension Classifier {
  /// What the ids of a text add to the log odds of the most probable class. A text without ids counts as one of padding.
  /// - Parameters:
  ///   - prediction: What the model says of the ids.
  ///   - ids: The ids of the text, all of which must be the model's.
  ///   - names: A name for every id; an id with one name in several places is one contribution.
  /// - Throws: `RecordError` as a prediction does.
  /// - Precondition: There is a name for every id.
  public func explanation(
    of prediction: Prediction, ids: [Int], names: [IDName]
  ) throws(RecordError) -> Explanation {
    try explanations(of: [prediction.best], prediction.logProbabilities, ids: ids, names: names)[0]
  }

  /// What the ids of a text add to the log odds of each of some classes.
  /// - Parameters:
  ///   - labels: The classes.
  ///   - logProbabilities: What the model says of the ids.
  ///   - ids: The ids of the text, all of which must be the model's.
  ///   - names: A name for every id; an id with one name in several places is one contribution.
  /// - Returns: An explanation for every class, in their order.
  /// - Throws: `RecordError` as a prediction does.
  /// - Precondition: There is a name for every id.
  public func explanations(
    of labels: [Int], _ logProbabilities: [Float], ids: [Int], names: [IDName]
  ) throws(RecordError) -> [Explanation] {
    precondition(ids.count == names.count, "a name for every id")
    let logOdds = labels.map { LogOdds(of: $0, classes: signature.classes, isIndependent: givesSeveralLabels) }
    let means = logOdds.compactMap { MeanContributions(layers, factors: $0.factors) }
    let isMean = !labels.isEmpty && means.count == labels.count
    if isMean, ids.isEmpty {
      return try explanations(of: labels, logProbabilities, ids: [0], names: [name(of: 0)])
    }
    let pieces = Self.pieces(of: ids, names)
    if isMean {
      return zip(logOdds, means).map { logOdds, mean in
        let nats = pieces.map { Double($0.count) * mean($0.id) / Double(ids.count) }
        // A probability that floats can't tell from 1 has lost its log odds, but not the sum of the shares.
        let whole = givesSeveralLabels ? nats.reduce(mean.bias, +) : logOdds(logProbabilities)
        return Explanation(
          method: .mean, logOdds: whole, bias: mean.bias,
          contributions: zip(pieces, nats).map { .init(name: $0.name, nats: $1) })
      }
    }
    // Each text without a piece is predicted once for all classes.
    var without: [[Float]] = []
    for piece in pieces {
      without.append(try self(ids.indices.filter { ids[$0] != piece.id || names[$0] != piece.name }.map { ids[$0] }))
    }
    return logOdds.map { logOdds in
      let whole = logOdds(logProbabilities)
      return Explanation(
        method: .leaveOneOut, logOdds: whole, bias: nil,
        contributions: zip(pieces, without).map { .init(name: $0.name, nats: whole - logOdds($1)) })
    }
  }

  /// Each id with a name once, with the number of its places, in the order of the first.
  private static func pieces(of ids: [Int], _ names: [IDName]) -> [(id: Int, name: IDName, count: Int)] {
    struct Piece: Hashable {
      let id: Int
      let name: IDName
    }
    var indices: [Piece: Int] = [:]
    var pieces: [(id: Int, name: IDName, count: Int)] = []
    for (id, name) in zip(ids, names) {
      if let index = indices[Piece(id: id, name: name)] {
        pieces[index].count += 1
      } else {
        indices[Piece(id: id, name: name)] = pieces.count
        pieces.append((id, name, 1))
      }
    }
    return pieces
  }
}
