import Foundation
import Models
import Neural
import TestSupport
import Testing
import TrainingRuns

@Suite struct TrainingRunTests {
  @Test func aRunWritesItsFiles() throws {
    try inTemporaryFolder { folder in
      let run = SmallRun(folder)
      let result = try run()
      #expect(result.error == nil && result.messages.isEmpty)
      let loss = try #require(result.loop.history.get(mode: "train", metric: "loss").last?.value)
      #expect(result.ending == "8 steps, loss \(fourDigits(Double(loss))); m is written")
      #expect(try run.files() == ["m", "m.checkpoint-6"])
      let model = try Model(contentsOf: run.model)
      #expect(model.statistics["steps"] == 8 && model.statistics["seed"] == 1)
      #expect(model.statistics["train_loss"] == result.loop.history.last["train_loss"])
      #expect(model.layers.weights.map(\.value) == result.loop.trainer.model.weights.map(\.value))
      #expect(
        try run.reports().map { String($0.prefix(26)) } == [2, 4, 6, 8].map { "{\"step\":\($0),\"split\":\"train\"," })
      #expect(try run.reports() == run.reports("reports"))
      #expect(try text(of: "\(folder)/plot.svg").hasPrefix("<svg "))
    }
  }

  @Test func theNewestCheckpointsAreKept() throws {
    try inTemporaryFolder { folder throws in
      var run = SmallRun(folder)
      run.timing.checkpointEvery = 2
      run.plan.checkpointCount = 2
      run.plan.steps = 7
      #expect(try run().error == nil)
      #expect(try run.files() == ["m", "m.checkpoint-4", "m.checkpoint-6"])
      // A run that begins anew replaces them, and says so before.
      run.timing.checkpointEvery = nil
      run.plan.steps = 9
      #expect(
        try run().messages == [
          "m.checkpoint-6 is of an earlier run, whose checkpoints go when this run writes its first file",
          "the batches ended after 8 of 9 steps",
        ])
      #expect(try run.files() == ["m"])
    }
  }

  /// Stopped after any step, a run that goes on ends with the bytes of one that was never stopped.
  @Test(arguments: [1, 3, 4, 7]) func aRunThatGoesOnHasTheSameBytes(_ step: Int) throws {
    try inTemporaryFolder { folder in
      let names = ["whole", "stopped"].map { "\(folder)/\($0)" }
      for name in names { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      var (whole, stopped) = (SmallRun(names[0]), SmallRun(names[1]))
      #expect(try whole().error == nil)

      stopped.stopAfter = step
      let first = try stopped()
      #expect(first.error == nil && first.messages == ["stopped after step \(step); --resume goes on"])
      #expect(try stopped.files() == ["m.checkpoint-\(step)"])
      stopped.stopAfter = nil
      // Killed after the checkpoint: the log has what comes again.
      let log = try text(of: "\(stopped.folder)/log")
      try (log + "{\"step\":99}\n{\"st").write(toFile: "\(stopped.folder)/log", atomically: false, encoding: .utf8)
      let second = try stopped(resuming: true)
      #expect(second.error == nil && second.messages == ["going on from step \(step), m.checkpoint-\(step)"])
      #expect(try stopped.modelBytes() == whole.modelBytes())
      #expect(try stopped.reports() == whole.reports())
      #expect(try stopped.files() == ["m", step == 7 ? "m.checkpoint-7" : "m.checkpoint-6"])
    }
  }

  /// Only the model file is rounded: a run that goes on from a checkpoint has all digits of what was learned.
  @Test(arguments: [FilePrecision.half, .int8]) func checkpointsAreNotRounded(_ precision: FilePrecision) throws {
    try inTemporaryFolder { folder in
      let names = ["single", "whole", "stopped"].map { "\(folder)/\($0)" }
      for name in names { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      var (single, whole, stopped) = (SmallRun(names[0]), SmallRun(names[1]), SmallRun(names[2]))
      (whole.plan.precision, stopped.plan.precision) = (precision, precision)
      let result = try single()
      #expect(result.error == nil)
      #expect(try whole().error == nil)
      stopped.stopAfter = 4
      #expect(try stopped().error == nil)
      stopped.stopAfter = nil
      #expect(try stopped(resuming: true).error == nil)
      #expect(try stopped.modelBytes() == whole.modelBytes())
      let model = try Model(contentsOf: whole.model)
      #expect(model.precision == precision)
      for (weight, exact) in zip(model.layers.weights, result.loop.trainer.model.weights) {
        #expect((weight.value == exact.value) == (weight.value.shape.count == 1), "\(weight.name)")
      }
      #expect(try Checkpoint(contentsOf: "\(whole.model).checkpoint-6").model.precision == .single)
      // The hash of the reports, which have seconds, is written without leading zeros.
      let sizes = try [whole, stopped].map { run in
        try Data(contentsOf: URL(fileURLWithPath: "\(run.model).checkpoint-6")).count
      }
      #expect(abs(sizes[0] - sizes[1]) <= 8)
    }
  }

  /// The reports of a run that was stopped before its first one, behind those of another run, once came twice.
  @Test func theReportsBehindThoseOfAnotherRunAreNotThereTwice() throws {
    try inTemporaryFolder { folder in
      var run = SmallRun(folder)
      run.timing = .init(reportEvery: 2, checkpointEvery: 1)
      try write(["{\"step\":100,\"split\":\"train\"}", "{\"step\":110,\"split\":\"train\"}"], to: "\(folder)/log")
      run.stopAfter = 1
      #expect(try run().error == nil)
      run.stopAfter = nil
      let checkpoint = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/m.checkpoint-1"))
      #expect(try run(resuming: true).error == nil)
      let whole = try run.reports()
      #expect(whole.count == 6)
      // Killed before the next checkpoint: the reports are there, and come again.
      for file in try run.files() { try FileManager.default.removeItem(atPath: "\(folder)/\(file)") }
      try checkpoint.write(to: URL(fileURLWithPath: "\(folder)/m.checkpoint-1"))
      #expect(try run(resuming: true).error == nil)
      #expect(try run.reports() == whole)
    }
  }

  /// What was learned before a bad batch is in a checkpoint, from which the run goes on when the batch is mended.
  @Test func aBadBatchLeavesACheckpoint() throws {
    try inTemporaryFolder { folder in
      let names = ["whole", "broken"].map { "\(folder)/\($0)" }
      for name in names { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      var (whole, broken) = (SmallRun(names[0]), SmallRun(names[1]))
      (whole.plan.isQuiet, broken.plan.isQuiet) = (true, true)
      #expect(try whole().error == nil)

      broken.lines[5] = "{\"inputs\":[[1],[2]],\"targets\":[0,3]}"
      let error = try #require(try broken().error)
      #expect(
        error.hasPrefix("batches:6: field \"targets\"") && error.hasSuffix("; the work so far is in m.checkpoint-5"))
      #expect(try broken.files() == ["m.checkpoint-5"])
      broken.lines[5] = SmallRun.lines[5]
      let second = try broken(resuming: true)
      #expect(second.error == nil && second.messages.isEmpty)
      #expect(try broken.modelBytes() == whole.modelBytes())
    }
  }

  @Test func aRunGoesOnWithTheSameStreamAndSettingsOnly() throws {
    try inTemporaryFolder { folder throws in
      var run = SmallRun(folder)
      run.stopAfter = 4
      #expect(try run().error == nil)
      run.stopAfter = nil
      func error(_ change: (inout SmallRun) -> Void) throws -> String? {
        var changed = run
        change(&changed)
        return try changed(resuming: true).error
      }
      #expect(
        try error { $0.plan.seed = 2 } == "m.checkpoint-4 is of another run: --seed was 1, now it is 2")
      #expect(try error { $0.plan.steps = 3 } == "m.checkpoint-4 is beyond --steps 3")
      #expect(
        try error { $0.lines.removeLast(5) } == "m.checkpoint-4 was made after 4 batches, but the stream has 3")
      #expect(
        try error { $0.lines.removeFirst() }
          == "m.checkpoint-4 is of another run: the first 4 batches differ (a run goes on with the same stream)")
      #expect(try run.files() == ["m.checkpoint-4"])
      #expect(try run(resuming: true).error == nil)
    }
  }

  /// Without learning no evaluation is better than the first: the model is that of step 1.
  @Test func theBestIsKeptAndPatienceEnds() throws {
    try inTemporaryFolder { folder in
      var run = SmallRun(folder)
      run.evalLines = [SmallRun.lines[0]]
      run.timing = .init(reportEvery: nil, evalEvery: 1, checkpointEvery: 2, patience: 2)
      run.optimizer = SGD(0)
      run.plan.keepsBest = true
      let result = try run()
      #expect(result.error == nil)
      #expect(result.messages == ["stopped early after 3 steps; the best evaluation was at step 1"])
      let ending = try #require(result.ending)
      #expect(ending.hasPrefix("3 steps, loss 0.") && ending.hasSuffix(" at step 1; m holds the best"))
      #expect(try Model(contentsOf: run.model).statistics["steps"] == 1)

      // The best weights so far are nowhere else.
      try FileManager.default.removeItem(atPath: run.model)
      #expect(
        try run(resuming: true).error == "m.checkpoint-2 needs the best model so far, of step 1, which is not in m")
      run.plan.keepsBest = false
      #expect(try run(resuming: true).error == nil)
      #expect(try Model(contentsOf: run.model).statistics["steps"] == 3)
    }
  }

  @Test func thereIsNoModelOfNothing() throws {
    try inTemporaryFolder { folder in
      var run = SmallRun(folder)
      run.lines = []
      #expect(try run().error == "there were no batches, so there is no model")
      run.lines = ["{\"inputs\":[[1]],\"targets\":[0],\"weights\":[0]}"]
      run.timing.reportEvery = 1
      let result = try run()
      #expect(result.messages == ["step 1, train: null stands for what is not finite: loss, accuracy"])
      #expect(result.error == "no target of the batches counts, since all weights are 0, so there is no model")
      #expect(try run.reports().last?.contains("\"loss\":null") ?? false)
      #expect(try run.files() == [])
    }
  }

  @Test func aLossThatIsNotFiniteEndsTheRun() throws {
    try inTemporaryFolder { folder throws in
      var run = SmallRun(folder)
      run.lines[4] = "{\"inputs\":[[1],[1]],\"targets\":[1,1],\"weights\":[3e38,3e38]}"
      #expect(
        try run().error == "batches:5: the loss is not finite at step 5; the last checkpoint is m.checkpoint-3")
      #expect(try run.files() == ["m.checkpoint-3"])
    }
  }

  /// A run that was killed before its first checkpoint begins anew, and its reports are not there twice.
  @Test func theReportsOfAKilledRunAreTakenBack() throws {
    try inTemporaryFolder { folder in
      var run = SmallRun(folder)
      try write(["of another run"], to: "\(folder)/log")
      run.lines.removeLast(4)
      let killed = try run()
      #expect(killed.note == "1 \(folder)/log")
      let whole = try run.reports()
      #expect(whole.count == 3)
      run.noteBefore = killed.note
      #expect(try run().note == killed.note)
      #expect(try run.reports() == whole)
      // The note of a run with another log is not this one's.
      run.noteBefore = "1 other"
      #expect(try run().error == nil)
      #expect(try run.reports() == whole + whole[1...])
    }
  }

  @Test func aRunGoesOnWithoutACheckpointThatCannotBeWritten() throws {
    try inTemporaryFolder { folder in
      let run = SmallRun(folder)
      let blocked = "\(folder)/m.checkpoint-6"
      try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: false)
      let result = try run()
      #expect(result.messages.last == "m.checkpoint-6: Is a directory; the run goes on without this checkpoint")
      #expect(result.error == "the run is done, but not all that it was to write is written")
      #expect(try Model(contentsOf: run.model).statistics["steps"] == 8)
    }
  }
}
