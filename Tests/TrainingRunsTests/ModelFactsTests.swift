import Foundation
import Models
import Neural
import TestSupport
import Testing
import TrainingRuns

@Suite struct ModelFactsTests {
  @Test func whatTheFileHoldsIsShown() throws {
    let model = Model(
      layers: try SmallRun.layers(), vocabulary: ["a", "b", "c"], labels: ["no\u{1b}", "yes"], tokenizer: "--no-stem",
      statistics: ["steps": 120, "seed": 7, "train_loss": 0.123456, "eval_accuracy": 0.875])
    #expect(
      ModelFacts.text(of: model) == """
        labels         no\\u{1b}, yes
        vocabulary     3 entries
        tokenizer      --no-stem
        steps          120
        seed           7
        eval_accuracy  0.8750
        train_loss     0.1235

        """)
  }

  @Test func tagsAreCalledTags() throws {
    let layers = try LayerExpression().model("Embedding(7, 4) LSTM(3) Dense(2) LogSoftmax")
    #expect(ModelFacts.text(of: Model(layers: layers, labels: ["O", "B-x"])) == "tags  O, B-x\n")
  }

  @Test(arguments: FilePrecision.allCases) func theFileIsDescribed(_ precision: FilePrecision) throws {
    try inTemporaryFolder { folder in
      var model = Model(layers: try SmallRun.layers())
      model.precision = precision
      try model.write(to: "\(folder)/m")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/m")).count
      let size = String(format: "%.1f", Double(bytes) / 1000)
      #expect(
        ModelFacts.text(of: try Model(contentsOf: "\(folder)/m"))
          == "precision  \(precision.rawValue)\nfile size  \(size) kB\n")
    }
  }

  @Test func whatItDoesNotHoldIsLeftOut() throws {
    #expect(ModelFacts.text(of: Model(layers: try SmallRun.layers())) == "")
  }
}
