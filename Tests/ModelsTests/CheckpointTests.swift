import Files
import Foundation
import Models
import Neural
import TestSupport
import Testing

/// What a run that goes on from a checkpoint's file is.
@Suite struct CheckpointTests {
  /// From every step on, a run that goes on from a checkpoint's file is the run that never stopped.
  @Test(arguments: 1...9) func aCheckpointIsTheWholeRun(_ step: Int) throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      var whole = try SmallRun.loop()
      _ = try whole.run(steps: 12)

      var first = try SmallRun.loop()
      _ = try first.run(steps: 12) { _, loop in loop.trainer.step < step }
      try Checkpoint(first, model: Model(layers: first.trainer.model), settings: ["seed": "2", "a\"b": "ü"]).write(
        to: file)
      let checkpoint = try Checkpoint(contentsOf: file)
      #expect(checkpoint.step == step && checkpoint.settings == ["seed": "2", "a\"b": "ü"])
      var second = try SmallRun.loop(from: step)
      try checkpoint.restore(&second, file: file)
      _ = try second.run(steps: 12)
      #expect(second.trainer.model.weights.map(\.value) == whole.trainer.model.weights.map(\.value))
      #expect(second.trainer.slots == whole.trainer.slots)
      #expect(second.history == whole.history && second.best! == whole.best!)
    }
  }

  /// A run that went on from a checkpoint began to count anew the evaluations that were not the best.
  @Test func aRunThatGoesOnKeepsItsPatience() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      // The loss falls, so that the first evaluation is the highest and none after it.
      let timing = Loop.Timing(evalEvery: 2, patience: 3)
      let highest = Loop.Criterion("loss", isHighest: true)
      var whole = try SmallRun.loop(timing, best: highest)
      guard case .patience = try whole.run(steps: 40) else {
        Issue.record("patience never ended")
        return
      }

      var first = try SmallRun.loop(timing, best: highest)
      let moment = whole.trainer.step - 1
      _ = try first.run(steps: 40) { _, loop in loop.trainer.step < moment }
      #expect(first.evaluationsSinceBest > 0)
      try Checkpoint(first, model: Model(layers: first.trainer.model), settings: [:]).write(to: file)
      var second = try SmallRun.loop(timing, from: moment, best: highest)
      try Checkpoint(contentsOf: file).restore(&second, file: file)
      guard case .patience = try second.run(steps: 40) else {
        Issue.record("patience never ended")
        return
      }
      #expect(second.trainer.step == whole.trainer.step)
    }
  }

  @Test func otherFilesAreNoCheckpoints() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      let loop = try SmallRun.loop()
      try Model(layers: loop.trainer.model).write(to: file)
      let error = #expect(throws: FileError.self) { _ = try Checkpoint(contentsOf: file) }
      #expect(error?.description.contains("no checkpoint of a run") ?? false)
      try Checkpoint(loop, model: Model(layers: loop.trainer.model), settings: [:]).write(to: file)
      var other = try SmallRun.loop(optimizer: SGD(0.1))
      #expect(throws: FileError.self) { try Checkpoint(contentsOf: file).restore(&other, file: file) }
    }
  }

  /// Shapes in a file that was tampered with once crashed the resumed run.
  @Test func aCheckpointWithOtherShapesIsRefused() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      var loop = try SmallRun.loop()
      _ = try loop.run(steps: 3)
      try Checkpoint(loop, model: Model(layers: loop.trainer.model), settings: [:]).write(to: file)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      for (old, new) in [
        (
          #"behind.0.Embedding.table":{"dtype":"F32","shape":[9,4]"#,
          #"behind.0.Embedding.table":{"dtype":"F32","shape":[4,9]"#
        ),
        (#"\"step\":3,"#, #"\"step\":0,"#),
      ] {
        var changed = bytes
        let place = try #require(changed.range(of: Data(old.utf8)), "\(old)")
        changed.replaceSubrange(place, with: Data(new.utf8))
        try changed.write(to: URL(fileURLWithPath: file))
        var other = try SmallRun.loop()
        #expect(throws: FileError.self) { try Checkpoint(contentsOf: file).restore(&other, file: file) }
      }
    }
  }
}
