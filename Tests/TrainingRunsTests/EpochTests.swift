import Foundation
import Neural
import TestSupport
import Testing
import TrainingRuns

/// Runs over batches that count epochs.
@Suite struct EpochTests {
  /// Batches of which five make two epochs.
  static let epochLines = zip(SmallRun.lines, [0, 0, 1, 1, 2, 2, 2, 3]).map { "\($0.dropLast()),\"epoch\":\($1)}" }

  /// A run that goes on where an epoch ends, or between, is the run that was never stopped.
  @Test(arguments: [2, 3, 4, 5]) func aRunThatGoesOnKnowsItsEpochs(_ step: Int) throws {
    try inTemporaryFolder { folder in
      let names = ["whole", "stopped"].map { "\(folder)/\($0)" }
      for name in names { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      var (whole, stopped) = (SmallRun(names[0]), SmallRun(names[1]))
      whole.lines = Self.epochLines
      whole.evalLines = [SmallRun.lines[0]]
      whole.epochsNeededBy = "--epochs"
      whole.plan.epochs = 3
      whole.timing = .init(reportEvery: .epochs(1), evalEvery: .epochs(1), checkpointEvery: .epochs(1))
      (stopped.lines, stopped.evalLines, stopped.plan, stopped.timing) = (
        whole.lines, whole.evalLines, whole.plan, whole.timing
      )
      let result = try whole()
      #expect(result.error == nil && result.messages.isEmpty)
      #expect(result.ending?.hasPrefix("8 steps and 3 epochs, loss 0.") ?? false)
      let reports = try whole.reports()
      #expect(reports.count == 6)
      for (report, (step, epoch)) in zip(reports, [(3, 1), (3, 1), (5, 2), (5, 2), (8, 3), (8, 3)]) {
        #expect(report.hasPrefix("{\"step\":\(step),") && report.contains(",\"epoch\":\(epoch),\"metrics\""))
      }

      stopped.stopAfter = step
      #expect(try stopped().error == nil)
      #expect(try stopped.files() == ["m.checkpoint-\(step)"])
      stopped.stopAfter = nil
      // Two epochs were complete with step 5: a run of so many ends there, and one of fewer is over.
      stopped.plan.epochs = 1
      #expect(try stopped(resuming: true).error == (step > 3 ? "m.checkpoint-\(step) is beyond --epochs 1" : nil))
      try FileManager.default.removeItem(atPath: stopped.folder)
      try FileManager.default.createDirectory(atPath: stopped.folder, withIntermediateDirectories: false)
      (stopped.plan.epochs, stopped.stopAfter) = (3, step)
      #expect(try stopped().error == nil)
      stopped.stopAfter = nil
      #expect(try stopped(resuming: true).error == nil)
      #expect(try stopped.modelBytes() == whole.modelBytes())
      #expect(try stopped.reports() == whole.reports())
    }
  }

  @Test func epochsThatDoNotComeAreSaid() throws {
    try inTemporaryFolder { folder throws in
      var run = SmallRun(folder)
      run.epochsNeededBy = "--epochs"
      run.plan.epochs = 4
      #expect(
        try run().error
          == "batches:1: field \"epoch\" is missing, which --epochs needs: give batch --epochs N or --repeat")
      run.lines = Self.epochLines
      let result = try run()
      #expect(result.error == nil && result.messages == ["the batches ended after 3 of 4 epochs"])
    }
  }
}
