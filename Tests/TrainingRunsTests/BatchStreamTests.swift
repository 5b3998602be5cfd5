import Files
import Models
import Neural
import TestSupport
import Testing
import TrainingRuns

@Suite struct BatchStreamTests {
  /// Gives a stream of lines to `body`, and the name of their file.
  func withStream(
    of lines: [String], maxLine: Int = 1 << 10, epochsNeededBy: String? = nil, stop: StopFlag = StopFlag(),
    _ body: (BatchStream, String) throws -> Void
  ) throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/batches"
      try write(lines, to: file)
      let signature = try ModelSignature(SmallRun.layers())
      try body(
        BatchStream(files: [file], maxLine: maxLine, for: signature, epochsNeededBy: epochsNeededBy) { stop.isSet },
        file)
    }
  }

  @Test func theDigestIsTheSameForBatchesReadAndPassedOver() throws {
    try withStream(of: SmallRun.lines) { read, _ in
      try withStream(of: SmallRun.lines) { skipped, _ in
        var digests = [read.digest]
        for _ in 0..<3 {
          _ = try read.next()
          digests.append(read.digest)
        }
        #expect(Set(digests).count == 4)
        #expect(try skipped.skip(3) == 3)
        #expect(skipped.digest == digests[3])
        let (next, other) = (try #require(try read.next()), try #require(try skipped.next()))
        #expect(next.inputs == other.inputs && next.targets == other.targets)
        #expect(next.inputs == Tensor([[4, 2, 3], [2, 5, 0]]) && next.targets == Tensor([1, 1]))
        #expect(read.digest == skipped.digest && skipped.line?.number == 4)
      }
    }
  }

  @Test func theEndIsSeenByAllWaysToRead() throws {
    try withStream(of: Array(SmallRun.lines[..<3])) { stream, _ throws in
      #expect(try stream.read(2).count == 2)
      #expect(try stream.read(nil).count == 1)
      #expect(try stream.next() == nil && stream.read(2).isEmpty)
      #expect(!stream.hasFailed)
    }
    try withStream(of: Array(SmallRun.lines[..<3])) { stream, _ throws in
      #expect(try stream.skip(9) == 3)
      #expect(try stream.next() == nil)
    }
  }

  @Test(arguments: [
    ("{\"inputs\":[[6]],\"targets\":[0]}", "field \"inputs\""),
    ("{\"inputs\":[[1]],\"targets\":[2]}", "field \"targets\""),
    ("{\"inputs\":[[1]]", ""), ("{\"inputs\":[[1],[1]],\"targets\":[0]}", "there are 2 inputs, but 1 targets"),
  ])
  func aBadBatchNamesItsLine(_ line: String, _ reason: String) throws {
    try withStream(of: [SmallRun.lines[0], "", line, SmallRun.lines[1]]) { stream, file in
      _ = try stream.next()
      let digest = stream.digest
      let message = try #require(performing { try stream.next() as Any })
      #expect(message.hasPrefix("\(file):3: \(reason)"), "\(message)")
      #expect(stream.hasFailed && stream.line?.number == 3)
      #expect(stream.digest == digest)
    }
  }

  @Test func aLineThatIsTooLongIsNotRead() throws {
    let long = "{\"inputs\":[[\(Array(repeating: "1", count: 40).joined(separator: ","))]],\"targets\":[0]}"
    try withStream(of: [SmallRun.lines[0], long], maxLine: 64) { stream, file in
      _ = try stream.next()
      let reason = "the line is longer than 64 bytes (--max-line)"
      #expect(performing { try stream.next() as Any } == "\(file):2: \(reason)")
      #expect(stream.hasFailed)
    }
  }

  /// Rows go on with those of the batch before, whether that was used or passed over.
  @Test func batchesContinueTheOneBefore() throws {
    let next = "{\"inputs\":[[1],[2]],\"targets\":[0,1],\"carry\":true}"
    let more = "{\"inputs\":[[1],[2],[3]],\"targets\":[0,1,0],\"carry\":true}"
    try withStream(of: [SmallRun.lines[0], next, more]) { stream, file throws in
      #expect(try stream.skip(1) == 1)
      #expect(try stream.next()?.continues == true)
      #expect(performing { try stream.next() as Any } == "\(file):3: \"carry\": the 3 rows continue a batch of 2")
    }
    try withStream(of: [next]) { stream, file in
      #expect(performing { try stream.next() as Any } == "\(file):1: \"carry\": the 2 rows continue a batch of 0")
    }
  }

  /// What has been read already is given out; nothing more is read.
  @Test func aRequestToStopEndsTheStream() throws {
    let stop = StopFlag()
    try withStream(of: Array(SmallRun.lines[..<3]), stop: stop) { stream, _ in
      _ = try stream.next()
      stop.set()
      #expect(try stream.read(2).count == 2)
      #expect(throws: BatchStream.Interrupted.self) { try stream.next() }
      #expect(!stream.hasFailed)
    }
    try withStream(of: SmallRun.lines, stop: stop) { stream, _ in
      #expect(throws: BatchStream.Interrupted.self) { try stream.skip(1) }
      #expect(stream.line == nil)
    }
  }

  @Test func epochsAreNeededOnlyWhereAnOptionSaysSo() throws {
    func lines(_ epochs: [Int?]) -> [String] {
      zip(SmallRun.lines, epochs).map { line, epoch in epoch.map { "\(line.dropLast()),\"epoch\":\($0)}" } ?? line }
    }
    try withStream(of: lines([0, nil, 2, 1])) { stream, _ throws in
      #expect(try stream.read(nil).map(\.epoch) == [0, nil, 2, 1])
    }
    try withStream(of: lines([0, 1, nil]), epochsNeededBy: "--eval-every 1epoch") { stream, file throws in
      #expect(try stream.read(2).map(\.epoch) == [0, 1])
      let reason = "field \"epoch\" is missing, which --eval-every 1epoch needs: give batch --epochs N or --repeat"
      #expect(performing { try stream.next() as Any } == "\(file):3: \(reason)")
    }
    try withStream(of: lines([1, 2, 0]), epochsNeededBy: "--epochs") { stream, file throws in
      #expect(try stream.skip(2) == 2)
      let reason = "field \"epoch\" holds 0 after 2, but --epochs needs epochs that go on"
      #expect(performing { try stream.next() as Any } == "\(file):3: \(reason)")
    }
  }

  @Test func anEvaluationNeedsTargetsThatCount() throws {
    let empty = "{\"inputs\":[[1]],\"targets\":[0],\"weights\":[0]}"
    try withStream(of: [empty] + SmallRun.lines) { stream, _ in
      let task = try stream.evalTask("eval", batches: 3, metrics: [])
      #expect(task.name == "eval" && task.weight == 4 && stream.line?.number == 3)
    }
    try withStream(of: [empty]) { stream, file throws in
      #expect(
        performing { try stream.evalTask("eval", metrics: []) } == "\(file): no target counts, since all weights are 0")
    }
    try withStream(of: []) { stream, file throws in
      #expect(
        performing { try stream.evalTask("eval", metrics: []) } == "\(file): there are no batches to evaluate on")
    }
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    let stream = BatchStream(files: ["/none/batches"], maxLine: 64, for: try ModelSignature(SmallRun.layers()))
    #expect(performing { try stream.next() as Any } == "/none/batches: No such file or directory")
    #expect(stream.hasFailed)
  }
}
