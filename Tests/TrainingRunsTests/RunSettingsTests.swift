import Models
import Neural
import Testing
import TrainingRuns

@Suite struct RunSettingsTests {
  /// What a run may differ in.
  struct Run: Sendable {
    var learning = ["--optimizer": "Adam(0.01)", "--clip": "none"]
    var seed: UInt64 = 1
    var layers = "Embedding(3, 4) Mean Dense(2) LogSoftmax"
    var vocabulary: [String]? = ["a", "b", "c"]
    var labels: [String]? = ["no", "yes"]
    var tokenizer: String?
    var metrics: [any Metric] = [Accuracy()]
    var best: String?
    var evals: [(name: String, digest: UInt64)] = [("held-out", 255)]
    var initFrom: String?
    var precision = FilePrecision.single

    func settings() throws -> RunSettings {
      let model = Model(
        layers: try LayerExpression().model(layers), vocabulary: vocabulary, labels: labels, tokenizer: tokenizer)
      return RunSettings(
        learning: learning, seed: seed, model: model, metrics: metrics, best: best, evals: evals, initFrom: initFrom,
        precision: precision)
    }
  }

  @Test func theSameRunDiffersInNothing() throws {
    let settings = try Run().settings()
    let noted = settings.noting(["log": "3"])
    #expect(settings.difference(from: noted) == nil)
    #expect(noted["log"] == "3" && noted["--seed"] == "1" && noted["--init-from"] == "none")
    #expect(noted["--eval"] == "held-out, digest ff" && noted["--labels"] == "no,yes")
    // A checkpoint of a version that did not know a setting yet.
    #expect(settings.difference(from: noted.filter { $0.key != "--best" }) == nil)
  }

  /// What the best model's file has already can't change; what is yet to be written can.
  @Test func thePrecisionOfTheBestStays() throws {
    for best in ["loss", nil] {
      let (run, other) = (Run(best: best), Run(best: best, precision: .int8))
      #expect(
        try other.settings().difference(from: run.settings().noting([:]))
          == best.map { _ in "--precision was single, now it is int8" })
    }
  }

  static let changes: [(String, @Sendable (inout Run) -> Void)] = [
    ("--seed was 1, now it is 2", { $0.seed = 2 }),
    ("--clip was none, now it is 1.0", { $0.learning["--clip"] = "1.0" }),
    (
      "--layers was Serial(Embedding(3, 4) Mean Dense(2) LogSoftmax), now it is "
        + "Serial(Embedding(3, 5) Mean Dense(2) LogSoftmax)",
      { $0.layers = "Embedding(3, 5) Mean Dense(2) LogSoftmax" }
    ),
    ("--labels was no,yes, now it is yes,no", { $0.labels = ["yes", "no"] }),
    ("--tokenizer was none, now it is --plain", { $0.tokenizer = "--plain" }),
    ("--metrics was accuracy, now it is accuracy,log_perplexity", { $0.metrics.append(LogPerplexity()) }),
    ("--best was none, now it is loss", { $0.best = "loss" }),
    ("--eval was held-out, digest ff, now it is none", { $0.evals = [] }),
    ("--eval was held-out, digest ff, now it is held-out, digest fe", { $0.evals[0].digest = 254 }),
    ("--labels was no,yes, now it is none; --seed was 1, now it is 7", { ($0.labels, $0.seed) = (nil, 7) }),
  ]

  @Test(arguments: changes.indices) func aDifferenceNamesTheSetting(_ index: Int) throws {
    let (expected, change) = Self.changes[index]
    var run = Run()
    change(&run)
    #expect(try run.settings().difference(from: Run().settings().noting([:])) == expected)
  }

  /// The digest tells vocabularies of one size apart.
  @Test func anotherVocabularyIsADifference() throws {
    let noted = try Run().settings().noting([:])
    let difference = try #require(try Run(vocabulary: ["a", "c", "b"]).settings().difference(from: noted))
    #expect(difference.hasPrefix("--vocab was of 3 entries, digest ") && !difference.contains(";"))
    #expect(difference.contains("now it is of 3 entries, digest "))
  }

  /// The first weights were taken when the run began.
  @Test func theFileOfTheFirstWeightsNeedNotBeNamedAgain() throws {
    let noted = try Run(initFrom: "words.vec").settings().noting([:])
    #expect(try Run().settings().difference(from: noted) == nil)
    #expect(try Run(initFrom: "words.vec").settings().difference(from: noted) == nil)
    #expect(
      try Run(initFrom: "b.vec").settings().difference(from: noted) == "--init-from was words.vec, now it is b.vec")
  }
}
