import Files
import Foundation
import Glibc
import Models
import Neural
import TestSupport
import Testing
import TrainingRuns

/// Batches that another thread reads while those before are used.
@Suite struct BatchesAheadTests {
  /// All that a stream shows: of each batch the ids, and where the stream is then; at last why there is no other one.
  func shown(_ lines: [String], ahead: Bool, skipping skipped: Int = 0) throws -> [String] {
    try inTemporaryFolder { folder in
      try write(lines, to: "\(folder)/batches")
      let stream = BatchStream(
        files: ["\(folder)/batches"], maxLine: 1 << 12, for: try ModelSignature(SmallRun.layers()),
        epochsNeededBy: "--epochs")
      #expect(try stream.skip(skipped) == skipped)
      if ahead { try stream.readAhead() }
      var shown: [String] = []
      func note(_ what: String) {
        let line = stream.line.map { "\($0.number)" } ?? "none"
        shown.append("\(what) \(line) \(stream.digest) \(stream.hasFailed)".replacingOccurrences(of: folder, with: ""))
      }
      do {
        while let batch = try stream.next() { note("\(batch.inputs.values) \(batch.epoch ?? -1)") }
        note("end")
        #expect(try stream.next() == nil)
      } catch {
        note("\(error)")
      }
      return shown
    }
  }

  /// A megabyte, which is more than what is read ahead: 256 KB at most.
  static let lines = (0..<1000).map { index in
    let ids = (0..<250).map { "\(1 + (index + $0) % 5)" }.joined(separator: ",")
    return "{\"inputs\":[[\(ids)],[\(ids)]],\"targets\":[\(index % 2),1],\"epoch\":\(index / 90)}"
      + (index % 7 == 0 ? "\n\n" : "")
  }

  @Test func theyComeInOrderWithTheirPlaces() throws {
    let plain = try shown(Self.lines, ahead: false)
    #expect(plain.count == Self.lines.count + 1)
    #expect(try shown(Self.lines, ahead: true) == plain)
    #expect(try shown(Self.lines, ahead: true, skipping: 90) == Array(plain.dropFirst(90)))
  }

  /// What is wrong is said in its turn, and the place does not show that what comes after has been looked at.
  @Test(arguments: [
    "{\"inputs\":[[1]]", "{\"inputs\":[[6]],\"targets\":[0],\"epoch\":13}", "{\"inputs\":[[1]],\"targets\":[0]}",
    String(repeating: " ", count: 5000) + "{}",
  ])
  func aBadBatchIsBadInItsTurn(_ bad: String) throws {
    for index in [0, 1, 700] {
      var lines = Self.lines
      lines[index] = bad
      let plain = try shown(lines, ahead: false)
      #expect(plain.count == index + 1 && plain.last!.hasSuffix("true"))
      #expect(try shown(lines, ahead: true) == plain)
    }
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    let stream = BatchStream(files: ["/none/batches"], maxLine: 64, for: try ModelSignature(SmallRun.layers()))
    try stream.readAhead()
    #expect(!stream.hasFailed)
    #expect(performing { try stream.next() as Any } == "/none/batches: No such file or directory")
    #expect(stream.hasFailed)
  }

  /// A stream of what is written into a pipe.
  func withPipe(
    stop: StopFlag = StopFlag(), stopDescriptor: Int32 = -1, _ body: (BatchStream, Int32) throws -> Void
  ) throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let stream = BatchStream(
      files: ["/dev/fd/\(ends[0])"], maxLine: 1 << 10, for: try ModelSignature(SmallRun.layers()),
      stopDescriptor: stopDescriptor
    ) { stop.isSet }
    try stream.readAhead()
    try body(stream, ends[1])
  }

  func send(_ text: String, to descriptor: Int32) {
    #expect(
      text.utf8.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) } == text.utf8.count)
  }

  /// A batch is there as soon as its line is, also where blank lines stand behind it and the next one is long in coming.
  @Test func aBatchDoesNotWaitForTheNext() throws {
    try withPipe { stream, input throws in
      for (index, end) in ["\n", "\n\n", "\n \n\n", "\n"].enumerated() {
        send(SmallRun.lines[index] + end, to: input)
        #expect(try stream.next()?.inputs.values.first == Float(1 + index % 5))
      }
      close(input)
      #expect(try stream.next() == nil)
    }
  }

  /// More is written than a pipe holds, before the first batch is asked for.
  @Test func linesAreReadBeforeTheyAreAskedFor() throws {
    try withPipe { stream, input throws in
      let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which Swift does not see
      let size = Int(fcntl(input, setPipeSize, 4096))
      let line = SmallRun.lines[0] + "\n"
      let count = size / line.utf8.count + 1
      #expect(fcntl(input, F_SETFL, O_NONBLOCK) == 0)
      var rest = Array(String(repeating: line, count: count).utf8)[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        rest = rest.dropFirst(max(written, 0))
        var room = pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
        try #require(written > 0 || poll(&room, 1, 60_000) == 1, "nothing is read")
      }
      close(input)
      #expect(try stream.read(nil).count == count)
    }
  }

  @Test func aRequestToStopEndsTheWait() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let stop = StopFlag()
    try withPipe(stop: stop, stopDescriptor: ends[0]) { stream, input in
      send(SmallRun.lines[0] + "\n", to: input)
      _ = try stream.next()
      stop.set()
      send("!", to: ends[1])
      #expect(throws: BatchStream.Interrupted.self) { try stream.next() }
      #expect(!stream.hasFailed && stream.line?.number == 1)
      close(input)
    }
  }

  /// A run ends with the same files and words, whether it comes to the end, to a bad batch, or goes on from there.
  @Test func aRunIsTheSame() throws {
    func outcome(_ ahead: Bool) throws -> [String] {
      try inTemporaryFolder { folder throws in
        var run = SmallRun(folder)
        run.readsAhead = ahead
        run.lines[4] = "{}"
        let failed = try run()
        run.lines = SmallRun.lines
        let rest = try run(resuming: true)
        return try failed.messages + [failed.error ?? ""] + rest.messages + [rest.error ?? "", rest.ending ?? ""]
          + run.files() + run.reports() + [run.modelBytes().base64EncodedString()]
      }
    }
    let plain = try outcome(false)
    #expect(plain.contains { $0.hasPrefix("batches:5: ") && $0.hasSuffix("; the work so far is in m.checkpoint-4") })
    #expect(try outcome(true) == plain)
  }
}
