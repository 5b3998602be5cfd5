import Neural
import Random
import Text

/// Texts that a language model writes side by side, each going on from the same prime.
///
/// The numbers that draw text `i` come from a key of its own, so that it does not depend on how many are drawn.
public struct Generator {
  /// One text.
  public struct Sample {
    /// The text drawn so far, without the prime.
    public fileprivate(set) var text = ""
    /// The sum of the log probabilities that the model gave to the ids drawn.
    public fileprivate(set) var logProbability = 0.0
    /// The number of ids drawn.
    public fileprivate(set) var count = 0
    fileprivate(set) var isFinished = false
    fileprivate var stream: TextStream
    fileprivate let key: RandomKey
    fileprivate var last = 0
  }

  /// The texts so far.
  public private(set) var samples: [Sample]
  private var model: LanguageModel
  private let sampler: Sampler
  private var logProbabilities: Tensor
  private var step: UInt32 = 0

  /// `count` texts that go on from the ids of a prime.
  public init(
    _ model: LanguageModel, _ sampler: Sampler, prime: [Int], count: Int, key: RandomKey, stream: TextStream
  ) {
    self.model = model
    self.sampler = sampler
    samples = (0..<count).map { Sample(stream: stream, key: key.fold(in: UInt32($0))) }
    self.model.restart()
    let ids = ([LanguageModel.startID] + prime).map { Float($0) }
    // A long prime goes through the model in pieces.
    let piece = max(1, min(4096, model.signature.idsAtOnce / count))
    logProbabilities = .empty
    for start in stride(from: 0, to: ids.count, by: piece) {
      let part = Array(ids[start..<min(start + piece, ids.count)])
      let rows = (0..<count).flatMap { _ in part }
      logProbabilities = self.model.logProbabilities(after: Tensor(rows, shape: [count, part.count]))
    }
  }

  /// Whether there is nothing more to draw.
  public var isFinished: Bool { samples.allSatisfy(\.isFinished) }

  /// Draws the next id of every text that is not finished. Returns what became certain of the first text; nil where a
  /// probability is no finite number, so that nothing was drawn.
  public mutating func draw() -> String? {
    var (first, isFinite) = ("", true)
    if step > 0 {
      let last = samples.map { Float($0.last) }
      logProbabilities = model.logProbabilities(after: Tensor(last, shape: [last.count, 1]))
    }
    logProbabilities.withValues { values in
      for index in samples.indices where !samples[index].isFinished {
        let row = UnsafeBufferPointer(
          rebasing: values[index * model.vocabularySize..<(index + 1) * model.vocabularySize])
        let id = sampler(row, key: samples[index].key.fold(in: step))
        samples[index].last = id
        isFinite = isFinite && row[id].isFinite
        samples[index].logProbability += Double(row[id])
        samples[index].count += 1
        let text = samples[index].stream.push(id)
        samples[index].text += text
        samples[index].isFinished = samples[index].stream.isStopped
        if index == 0 { first = text }
      }
    }
    step &+= 1
    return isFinite ? first : nil
  }

  /// Ends all texts. Returns what was left of the first.
  public mutating func finish() -> String {
    var first = ""
    for index in samples.indices where !samples[index].isFinished {
      let rest = samples[index].stream.finish()
      samples[index].text += rest
      samples[index].isFinished = true
      if index == 0 { first = rest }
    }
    return first
  }
}
