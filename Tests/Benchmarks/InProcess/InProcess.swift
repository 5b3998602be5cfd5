import Batches
import Files
import Glibc
import JSONLines
import Models
import Neural
import Random

/// Times one kind of work within a process, for `bin/bench`: `in-process WORK BATCHES [THREADS]`.
///
/// After the first calls, which are not counted, it prints a line and waits. For every number of seconds on standard
/// input it calls for about so long and prints a line with the median. `timing.py` does the same for the peers.
@main
struct InProcess {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard 3...4 ~= arguments.count, let threads = arguments.count > 3 ? Int(arguments[3]) : 1 else {
      fail("usage: in-process classifier-step|predict-ids|forward|gru-step BATCHES [THREADS]")
    }
    try setMatrixThreads(threads)
    keepLargeBuffers()
    let batches = try read(arguments[2])
    let classifier = "Embedding(9088, 256) Mean Dense(2) LogSoftmax"
    switch arguments[1] {
    case "classifier-step":
      var trainer = try trainer(of: classifier, batches, optimizer: "Adam(0.01)")
      Timing(firstCalls: batches.count).serve { _ = trainer.train(on: batches[$0 % batches.count]) }
    case "gru-step":
      let model = "ShiftRight Embedding(256, 512) GRU(512) GRU(512) Dense(256) LogSoftmax"
      var trainer = try trainer(of: model, batches, optimizer: "Adam(0.001)")
      Timing(firstCalls: 5).serve { _ = trainer.train(on: batches[$0 % batches.count]) }
    case "predict-ids":
      // As predict does it, with the dense layer applied to the table beforehand.
      let model = MeanClassifier(try model(classifier, batches))!
      let texts = batches.map { batch in
        let length = batch.inputs.depth
        return (0..<batch.inputs.rows).map { row in
          batch.inputs.values[row * length..<(row + 1) * length].map { Int($0) }
        }
      }
      Timing(firstCalls: 10 * batches.count).serve { index in
        for ids in texts[index % texts.count] { _ = model(ids) }
      }
    case "forward":
      let model = try model(classifier, batches)
      Timing(firstCalls: 10 * batches.count).serve { _ = model.forward(batches[$0 % batches.count].inputs).output }
    default: fail("unknown work \(arguments[1])")
    }
  }

  /// A model with its first weights.
  private static func model(_ layers: String, _ batches: [Batch]) throws -> Serial {
    var model = try LayerExpression().model(layers)
    _ = try model.initialize(batches[0].inputs.shape, key: RandomKey(0))
    return model
  }

  /// The model's training, without metrics, since the peers have none either.
  private static func trainer(of layers: String, _ batches: [Batch], optimizer: String) throws -> Trainer {
    Trainer(
      try model(layers, batches), optimizer: try OptimizerExpression.optimizer(optimizer), metrics: [],
      key: RandomKey(1))
  }

  /// The batches of a file, as `batch` writes them.
  private static func read(_ file: String) throws -> [Batch] {
    var batches: [Batch] = []
    var reader = LineReader(files: [file], maxLine: 1 << 24)
    let block = LineBlock()
    while try reader.next(into: block) {
      while let line = block.nextLine(), let bytes = line.bytes {
        batches.append(Batch(try BatchRecord(Record(bytes))))
      }
    }
    if batches.isEmpty { fail("there are no batches in \(file)") }
    return batches
  }

  private static func fail(_ message: String) -> Never {
    var message = "in-process: \(message)\n"
    message.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    exit(2)
  }
}
