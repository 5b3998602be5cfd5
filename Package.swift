// swift-tools-version: 6.2
import PackageDescription

/// The programs, each in the folder of its name, with the targets that they import. Those that compute load OpenBLAS
/// through `Neural`; the text programs keep clear of it.
let programs: [(name: String, dependencies: [String])] = [
  ("tweet-tokenize", ["Files", "Filters", "JSONLines", "Text"]),
  ("vocab-build", ["Batches", "Files", "Filters", "JSONLines", "Text"]),
  ("tensorize", ["Batches", "Files", "Filters", "JSONLines", "Text"]),
  ("batch", ["Batches", "Files", "Filters", "JSONLines", "Random", "Text"]),
  (
    "train",
    ["Batches", "Files", "Filters", "JSONLines", "Models", "Neural", "Random", "Reports", "Text", "TrainingRuns"]
  ),
  (
    "predict",
    ["Batches", "Files", "Filters", "JSONLines", "ModelFilters", "Models", "Neural", "Reports", "Text", "Threads"]
  ),
  ("perplexity", ["Files", "Filters", "JSONLines", "ModelFilters", "Models", "Neural", "Text"]),
  ("gru-sample", ["Files", "Filters", "JSONLines", "ModelFilters", "Models", "Neural", "Random", "Text"]),
]

/// `bin/bench` sets `RIVULET_BENCH` and gets a program of the timings within a process, too; other builds go without.
let benchmark: [Target] =
  Context.environment["RIVULET_BENCH"] == nil
  ? []
  : [
    .executableTarget(
      name: "in-process", dependencies: ["Batches", "Files", "JSONLines", "Models", "Neural", "Random"],
      path: "Tests/Benchmarks/InProcess",
      linkerSettings: [.unsafeFlags(["-static-stdlib"])])
  ]

/// A static standard library, so that a program starts in a few milliseconds. The libraries named are those that
/// ArgumentParser's use of FoundationEssentials needs and that the linker does not find by itself.
/// `bin/check --sanitize` sets `RIVULET_SANITIZE`: the sanitizers watch a shared one better.
let linking: [LinkerSetting] =
  Context.environment["RIVULET_SANITIZE"] != nil
  ? []
  : [
    .unsafeFlags(["-static-stdlib"]), .linkedLibrary("_FoundationCShims"), .linkedLibrary("_FoundationCollections"),
    .linkedLibrary("swiftSynchronization"),
  ]

/// `bin/fuzz` sets `RIVULET_FUZZ` and gets a program that gives the readers inputs of libFuzzer's.
let fuzzing: [Target] =
  Context.environment["RIVULET_FUZZ"] == nil
  ? []
  : [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Batches", "CFuzzer", "CJansson", "Filters", "JSONLines", "Models", "Neural", "Random", "Reports", "Text",
      ],
      path: "Tests/Fuzz/Fuzz"),
  ]

/// `RIVULET_MPI` builds a `train` whose work `mpirun` shares out; other builds do not know MPI.
let knowsMPI = Context.environment["RIVULET_MPI"] != nil
let ranks: [Target] =
  knowsMPI
  ? [
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(name: "Ranks", dependencies: ["CMPI", "Neural", "Threads"]),
  ]
  : []

/// The scripts in bin set `RIVULET_COMMIT`, for `--version`.
let commit = Context.environment["RIVULET_COMMIT"].map { [CSetting.define("RIVULET_COMMIT", to: "\"\($0)\"")] } ?? []

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "rivulet",
  products: programs.map { .executable(name: $0.name, targets: [$0.name]) }
    + ["Neural", "Models", "Text", "JSONLines", "Batches"].map { .library(name: $0, targets: [$0]) } + [
      // Keys of random numbers are part of the layers' interface.
      .library(name: "Random", targets: ["Random"])
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .target(name: "CBuild", cSettings: commit),
    .target(name: "CKernels"),
    // Loads the library when it is first needed, so that nothing is linked.
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "Threads", dependencies: ["CKernels"]),
    .target(name: "Files"),
    .target(name: "JSONLines", dependencies: ["CJansson", "Files"]),
    .target(name: "Random"),
    .target(name: "Text"),
    .target(name: "Batches", dependencies: ["Files", "JSONLines", "Random", "Text"]),
    .target(name: "Neural", dependencies: ["CKernels", "COpenBLAS", "Random", "Text", "Threads"]),
    .target(name: "Models", dependencies: ["Batches", "CKernels", "Files", "JSONLines", "Neural", "Random", "Text"]),
    .target(name: "Reports", dependencies: ["Batches", "Files", "JSONLines", "Neural"]),
    .target(
      name: "Filters", dependencies: ["Batches", "CBuild", "Files", "JSONLines", "Text", "Threads", argumentParser]),
    // What the programs that use a model share; text programs stay clear of it.
    .target(
      name: "ModelFilters",
      dependencies: ["Batches", "Files", "Filters", "JSONLines", "Models", "Text", argumentParser]),
    // What `train` does with its files; its options stay in the program.
    .target(
      name: "TrainingRuns",
      dependencies: [
        "Batches", "Files", "Filters", "JSONLines", "Models", "Neural", "Random", "Reports", "Text", "Threads",
      ]),
  ]
    + programs.map { program in
      .executableTarget(
        name: program.name,
        dependencies: program.dependencies.map { .init(stringLiteral: $0) } + [argumentParser]
          + (knowsMPI && program.name == "train" ? ["Ranks"] : []),
        swiftSettings: knowsMPI && program.name == "train" ? [.define("RIVULET_MPI")] : [],
        linkerSettings: linking)
    } + [
      .target(name: "TestSupport", dependencies: ["Neural", "Random", "Threads"], path: "Tests/TestSupport"),
      .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
      .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
      .testTarget(name: "JSONLinesTests", dependencies: ["CJansson", "Files", "JSONLines", "TestSupport"]),
      .testTarget(name: "RandomTests", dependencies: ["Random"], resources: [.copy("Golden")]),
      .testTarget(
        name: "BatchesTests", dependencies: ["Batches", "Files", "JSONLines", "Random", "TestSupport", "Text"]),
      // The module once more, built to count what it does.
      .target(
        name: "CountedText", dependencies: ["CWork"], path: "Tests/Work/CountedText",
        swiftSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
      .target(name: "CWork", path: "Tests/Work/CWork"),
      .testTarget(name: "TextTests", dependencies: ["CWork", "CountedText", "Text"], resources: [.copy("Golden")]),
      .testTarget(
        name: "NeuralTests",
        dependencies: ["CKernels", "Files", "Models", "Neural", "Random", "TestSupport"],
        resources: [.copy("Golden")]),
      .testTarget(
        name: "ModelsTests",
        dependencies: ["Batches", "Files", "JSONLines", "Models", "Neural", "Random", "TestSupport", "Text"]),
      .testTarget(
        name: "ReportsTests", dependencies: ["Batches", "Files", "JSONLines", "Neural", "Reports", "TestSupport"],
        resources: [.copy("Golden")]),
      .testTarget(
        name: "FiltersTests",
        dependencies: ["Batches", "Files", "Filters", "JSONLines", "TestSupport", "Text", argumentParser]),
      .testTarget(
        name: "TrainingRunsTests",
        dependencies: ["Files", "Filters", "Models", "Neural", "Random", "TestSupport", "TrainingRuns"]),
      // Looks at Package.swift, the imports of all targets, and bin.
      .testTarget(name: "PackageTests"),
      // Runs the programs as processes. It does not depend on them, or their static libraries would be linked into the
      // tests; building the package builds them.
      .testTarget(name: "CommandTests", exclude: ["Cases", "Released"]),
    ] + ranks + benchmark + fuzzing,
  swiftLanguageModes: [.v6]
)

// An extension's members are those of the modules that a file imports itself.
for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings = (target.swiftSettings ?? []) + [.enableUpcomingFeature("MemberImportVisibility")]
}
