import Filters
import JSONLines
import Models
import Neural
import Reports

/// Labelled pairs on which the threshold of a model of pairs is chosen: the score from which on duplicates are said,
/// that with the highest F1 of them.
public struct ThresholdTask {
  /// A digest of the batches.
  public let digest: UInt64
  private let file: String
  /// The ids of both texts, without padding, and whether they are duplicates.
  private var pairs: [(ids: [Int], others: [Int], isDuplicate: Bool)] = []

  /// The pairs of all batches of a stream; those of weight 0 do not count.
  /// - Throws: `Failure` when all pairs are of one class, and what the stream throws.
  public init(_ stream: BatchStream, file: String) throws {
    self.file = file
    for batch in try stream.read(nil) {
      let (targets, weights) = (batch.targets.values, batch.weights.values)
      let sides = batch.tensors.map { $0.ids }
      for row in targets.indices where weights[row] > 0 {
        pairs.append((sides[0][row], sides[1][row], targets[row] == 1))
      }
    }
    digest = stream.digest
    guard Set(pairs.map(\.isDuplicate)).count == 2 else {
      throw Failure("--threshold-on \(file): there must be pairs of both labels, 0 and 1")
    }
  }

  /// Sets the threshold of a model, and the F1 that it gives among its statistics.
  /// - Throws: `Failure` when the model makes no numbers of a pair.
  func choose(for model: inout Model, file: String) throws {
    let pairModel = try PairModel(model, file: file)
    var report = PairReport(labels: nil, threshold: 0)
    do {
      for pair in pairs {
        report.add(score: try pairModel(pair.ids, pair.others).score, isDuplicate: pair.isDuplicate)
      }
    } catch {
      throw Failure("--threshold-on \(self.file): \(error)")
    }
    guard let best = report.best else { return }
    model.threshold = best.threshold
    model.statistics["threshold_f1"] = best.f1
  }
}

extension Tensor {
  /// The ids of every row, without the padding behind them.
  fileprivate var ids: [[Int]] {
    let values = values
    return (0..<shape[0]).map { row in
      let ids = values[row * depth..<(row + 1) * depth].map { Int($0) }
      return Array(ids.prefix((ids.lastIndex { $0 != 0 } ?? -1) + 1))
    }
  }
}
