import Foundation
import Testing

/// The file `Sources/<target>/…/Stem.swift` of a library is tested in `Tests/<target>Tests/StemTests.swift`, or in the
/// suites that the table names.
@Suite struct MirrorTests {
  /// Which suites test a file, or all files of a folder, that has no suite of its name; paths begin in Sources.
  static let coverage: [String: [String]] = [
    "Batches/BatchPipelineOptions": ["BatchPipelineTests"],
    "Batches/BatchRecordWriting": ["BatchRecordTests", "BatchPipelineTests"],
    "Batches/BatchWriter": ["BatchPipelineTests", "TaggedBatchTests"],
    "Batches/DataCheckReport": ["DataCheckTests"],
    "Batches/ExampleReader": ["BatchPipelineTests", "TaggedBatchTests"],
    "Batches/PairFields": ["TripletBatchesTests"],
    "Batches/IDRange": ["ExampleTests", "BatchRecordTests"],
    "Files/ByteOrderMark": ["LineReaderTests", "WholeFileTests"],
    "Files/Bytes": ["LineReaderTests"],
    "Files/FileError": ["LineReaderTests", "OutputFileTests"],
    "Files/ForeignFile": ["CaseTests"],
    "Files/LineBlock": ["LineReaderTests"],
    "Files/Version": ["CaseTests", "InstallationTests"],
    // What a program does as a process: its folder of cases.
    "Filters/Argument": ["CaseTests"],
    "Filters/BadLine": ["CaseTests"],
    "Filters/CharacterOptions": ["SharedOptionsTests"],
    "Filters/HelpPage": ["CaseTests"],
    "Filters/LineFilter": ["CaseTests", "IdleTests", "KillTests"],
    "Filters/ManualPage": ["InstallationTests"],
    "Filters/OrderedWriter": ["CaseTests", "IdleTests", "OutputTests"],
    "Filters/Program": ["CaseTests", "LimitTests"],
    "Filters/RecordTokenizer": ["CaseTests"],
    "Filters/ReloadSignal": ["ReloadTests"],
    "Filters/SeedOptions": ["SharedOptionsTests"],
    "Filters/SubwordFile": ["CaseTests"],
    "Filters/StopSignal": ["CaseTests", "KillTests"],
    "Filters/VocabularyWriter": ["CaseTests"],
    "Filters/ThreadOptions": ["SharedOptionsTests"],
    "JSONLines/EscapedText": ["RecordTests"],
    "JSONLines/RecordError": ["RecordTests"],
    "ModelFilters": ["CaseTests"],
    "Models/Classifier": ["CaseTests", "RandomModelTests"],
    "Models/Generator": ["CaseTests", "LanguageModelTests"],
    "Models/HistoryJSON": ["CheckpointTests", "DamagedFileTests"],
    "Models/IDName": ["ExplanationTests"],
    "Models/InitializerFromFile": ["ModelFileTests"],
    "Models/LogOdds": ["ExplanationTests"],
    "Models/Model": ["ModelFileTests", "DamagedFileTests"],
    "Models/ModelTokenizer": ["TokenizerOptionsTests", "CaseTests"],
    "Models/ModelIDs": ["CaseTests", "ExplanationTests"],
    "Models/Names": ["WarmStartTests"],
    "Models/NearestTexts": ["PairModelTests"],
    "Models/PairSignature": ["PairModelTests"],
    "Models/RoundedParts": ["FilePrecisionTests", "DamagedFileTests"],
    "Models/SafeTensors": ["ModelFileTests", "DamagedFileTests"],
    "Models/SafeTensorsReader": ["ModelFileTests", "DamagedFileTests"],
    "Models/SharedPrefixes": ["PerplexityScorerTests", "PerplexityTests"],
    "Models/StoredTensor": ["FilePrecisionTests"],
    "Models/TokenVectors": ["NeighboursTests", "TableOfFileTests"],
    "Models/WordVectors": ["CaseTests"],
    "Neural/Expressions": ["ExpressionTests"],
    "Neural/Gradients": ["GradientTests"],
    "Neural/Layers": ["LayerTests", "BasicLayerTests", "GoldenTests", "WitnessTests"],
    "Neural/Losses": ["GoldenTests"],
    "Neural/Metrics": ["MetricTests", "GoldenTests"],
    "Neural/Optimizers": ["GoldenTests", "TrainingTests"],
    "Neural/Tags/TagOutputs": ["TagChainTests"],
    "Neural/Tensor": ["TensorTests", "KernelTests"],
    "Neural/Training": ["TrainingTests", "LoopTests", "LaneTests"],
    "Random/Distributions": ["RandomKeyTests"],
    "Ranks": ["MPITests"],
    "Reports": ["ClassificationReportTests", "LineChartTests"],
    "Text/Bytes": ["TweetTokenizerTests"],
    "Text/Tweets": ["TweetTokenizerTests", "TweetShortcutTests", "WorkTests"],
    "Text/Unicode": ["TweetTokenizerTests", "TweetShortcutTests"],
    "Text/Vocabularies/Subword": ["SubwordTests"],
    "Text/Vocabularies/CharacterModel": ["SubwordTests"],
    "Text/Vocabularies/TokenizerOptionsParser": ["TokenizerOptionsTests"],
    "Text/Vocabularies/HashSeed": ["VocabularyTests"],
    "Text/Vocabularies/EscapedWords": ["SubwordTests"],
    "Text/Vocabularies/PieceTree": ["SubwordSearchTests"],
    "Text/Vocabularies/SortedPieces": ["SubwordTests"],
    "Text/Vocabularies/Token": ["VocabularyTests"],
    "Threads": ["ForkJoinPoolTests", "WorkerThreadTests"],
    "TrainingRuns/BatchReader": ["BatchStreamTests", "BatchesAheadTests"],
    "TrainingRuns/ModelWriter": ["TrainingRunTests"],
    "TrainingRuns/ThresholdTask": ["CaseTests"],
    "TrainingRuns/RunPlan": ["TrainingRunTests"],
  ]

  @Test func everyLibraryFileHasATest() throws {
    let suites = Set(try Self.swiftFiles(in: "Tests").map(Self.stem))
    let sources = try Self.swiftFiles(in: "Sources").filter { path in
      // A library's name begins with a capital, a program's does not.
      path.first?.isUppercase ?? false
    }
    #expect(sources.count > 100)
    var used: Set<String> = []
    for path in sources where !suites.contains("\(Self.stem(path))Tests") {
      guard let entry = Self.coverage.keys.filter({ path.hasPrefix($0) }).max(by: { $0.count < $1.count }) else {
        Issue.record("Sources/\(path) has no test of its name, and the table does not say what tests it")
        continue
      }
      used.insert(entry)
    }
    for (entry, names) in Self.coverage {
      #expect(used.contains(entry), "\(entry) stands in the table for no file")
      #expect(names.allSatisfy(suites.contains), "\(entry): there are no such suites, \(names)")
    }
  }

  /// The paths of the Swift files in a folder of the repository, from there.
  private static func swiftFiles(in folder: String) throws -> [String] {
    let root = Repository.root.appendingPathComponent(folder)
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
    return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
  }

  private static func stem(_ path: String) -> String {
    String(path.split(separator: "/").last!.dropLast(".swift".count))
  }
}
