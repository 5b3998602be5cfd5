import Batches
import Files
import Glibc
import JSONLines
import Models
import Neural
import Random

/// Times one kind of work within a process, for `bin/bench`: `in-process WORK BATCHES THREADS LAYERS [OPTIMIZER]`.
///
/// It makes a call with each batch, which are not counted, prints a line and waits. For every number of seconds on
/// standard input it calls for about so long and prints a line with the median and the CPU seconds. `timing.py` does
/// the same for the peers.
@main
struct InProcess {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard 5...6 ~= arguments.count, let threads = Int(arguments[3]) else {
      fail("usage: in-process step|forward|predict-ids BATCHES THREADS LAYERS [OPTIMIZER]")
    }
    try setMatrixThreads(threads)
    keepLargeBuffers()
    let batches = try read(arguments[2])
    let timing = Timing(firstCalls: batches.count)
    switch arguments[1] {
    case "step":
      guard arguments.count == 6 else { fail("step needs an optimizer") }
      var trainer = try trainer(of: arguments[4], batches, optimizer: arguments[5])
      timing.serve { _ = trainer.train(on: batches[$0 % batches.count]) }
    case "forward":
      let model = try model(arguments[4], batches)
      timing.serve { _ = model.forward(batches[$0 % batches.count].inputs).output }
    case "predict-ids":
      // As predict does it, with the dense layer applied to the table beforehand.
      guard let model = MeanClassifier(try model(arguments[4], batches)) else { fail("no classifier by means") }
      let texts = batches.map { batch in
        let length = batch.inputs.depth
        return (0..<batch.inputs.rows).map { row in
          batch.inputs.values[row * length..<(row + 1) * length].map { Int($0) }
        }
      }
      timing.serve { index in
        for ids in texts[index % texts.count] { _ = model(ids) }
      }
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
