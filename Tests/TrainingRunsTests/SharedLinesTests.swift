import Files
import Filters
import Foundation
import Models
import Neural
import TestSupport
import Testing
import TrainingRuns

/// Batches that one rank reads and all ranks get.
@Suite struct SharedLinesTests {
  /// What the ranks of a stream of lines come to, each by `body`; only the first one finds the file.
  func onRanks<Result: Sendable>(
    _ count: Int, of lines: [String], _ body: @escaping @Sendable (BatchStream) throws -> Result
  ) throws -> [Result] {
    try inTemporaryFolder { folder in
      try write(lines, to: "\(folder)/batches")
      return try LocalRanks.run(count) { exchange in
        let rank = exchange.rank
        return try body(
          BatchStream(
            files: ["\(folder)/\(rank == 0 ? "batches" : "none")"], maxLine: 100,
            for: ModelSignature(SmallRun.layers()), exchange: exchange))
      }
    }
  }

  @Test func allRanksGetTheBatches() throws {
    let seen = try onRanks(4, of: SmallRun.lines) { stream in
      // Ranks must hear of lines and of all else in one order, so this does nothing.
      try stream.readAhead()
      var seen: [[Float]] = []
      while let batch = try stream.next() { seen.append(batch.inputs.values + batch.targets.values) }
      return (seen, stream.digest, stream.line?.number)
    }
    #expect(seen[0].0.count == SmallRun.lines.count)
    for rank in seen { #expect(rank == seen[0]) }
  }

  @Test(arguments: [
    "{\"inputs\":[[1]]", "{\"inputs\":[[1]],\"targets\":[2]}", String(repeating: " ", count: 99) + "{}",
  ])
  func allRanksFailAtABadBatch(_ bad: String) throws {
    let failed = try onRanks(2, of: [SmallRun.lines[0], bad, SmallRun.lines[1]]) { stream in
      _ = try stream.next()
      let failure = #expect(throws: Failure.self) { try stream.next() }
      return "\(failure!) \(stream.hasFailed)"
    }
    #expect(failed[0].contains(":2: ") && failed[0].hasSuffix("true") && failed[1] == failed[0])
  }

  @Test func allRanksFailWhereTheInputCannotBeRead() throws {
    let failed = try LocalRanks.run(2) { exchange in
      let stream = try BatchStream(
        files: ["/none"], maxLine: 9, for: ModelSignature(SmallRun.layers()), exchange: exchange)
      return "\(#expect(throws: FileError.self) { try stream.next() }!) \(stream.hasFailed)"
    }
    #expect(failed[0].hasPrefix("/none: ") && failed.allSatisfy { $0.hasSuffix("true") })
  }

  /// A run that one rank is asked to stop ends on all ranks after the same step, and goes on with another number of
  /// ranks.
  @Test(arguments: 0..<2) func allRanksStopTogether(_ asked: Int) throws {
    try inTemporaryFolder { folder in
      let names = ["0", "1", "whole"].map { "\(folder)/\($0)" }
      for name in names { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      let messages = try LocalRanks.run(2) { exchange in
        var run = SmallRun(names[exchange.rank])
        run.lanes = Lanes(2, exchange)
        if exchange.rank == asked { run.stopAfter = 3 }
        return try run().messages
      }
      #expect(messages == Array(repeating: ["stopped after step 3; --resume goes on"], count: 2))
      var (rest, whole) = (SmallRun(names[1 - asked]), SmallRun(names[2]))
      (rest.lanes, whole.lanes) = (Lanes(2), Lanes(2))
      #expect(try rest(resuming: true).error == nil && whole().error == nil)
      #expect(try rest.modelBytes() == whole.modelBytes() && rest.reports() == whole.reports())
    }
  }
}
