// swift-tools-version: 6.2
import PackageDescription

/// The programs, each in the folder of its name. Those that compute link OpenBLAS through `Neural`;
/// the text programs keep clear of it, since its thread pool costs start-up time.
let textPrograms = ["tweet-tokenize", "vocab-build", "tensorize", "batch"]
let neuralPrograms = ["train", "predict", "perplexity", "gru-sample"]

/// `RIVULET_DOCS=1 swift package generate-documentation --target Neural` makes the documentation; builds go without.
let documentation: [Package.Dependency] =
  Context.environment["RIVULET_DOCS"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")]

/// `bin/bench` sets `RIVULET_BENCH` and gets a program of the timings within a process, too; other builds go without.
let benchmark: [Target] =
  Context.environment["RIVULET_BENCH"] == nil
  ? []
  : [
    .executableTarget(
      name: "in-process", dependencies: ["Batches", "Neural", "Random", "Records"], path: "Tests/Peers/InProcess",
      linkerSettings: [.unsafeFlags(["-static-stdlib"])])
  ]

/// A static standard library, so that a program starts in a few milliseconds. The libraries named are those that
/// ArgumentParser's use of FoundationEssentials needs and that the linker does not find by itself. `bin/check --sanitize` sets
/// `RIVULET_SANITIZE`: the sanitizers watch a shared one better.
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
      name: "fuzz", dependencies: ["Batches", "CFuzzer", "CJansson", "Neural", "Random", "Records", "Text"],
      path: "Tests/Fuzz/Fuzz"),
  ]

let package = Package(
  name: "rivulet",
  products: (textPrograms + neuralPrograms).map { .executable(name: $0, targets: [$0]) } + [
    .library(name: "Neural", targets: ["Neural"]),
    .library(name: "Text", targets: ["Text"]),
    .library(name: "Records", targets: ["Records"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ] + documentation,
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Threads", dependencies: ["CKernels"]),
    .target(name: "Records", dependencies: ["CJansson"]),
    .target(name: "Text"),
    .target(name: "Random"),
    .target(name: "Batches", dependencies: ["Records", "Random"]),
    .target(name: "Neural", dependencies: ["CKernels", "COpenBLAS", "Random", "Records", "Threads"]),
    .target(
      name: "Filters",
      dependencies: [
        "Records", "Text", "Threads", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
    + textPrograms.map { program($0, ["Batches", "Filters", "Text"]) }
    + neuralPrograms.map { program($0, ["Batches", "Filters", "Neural", "Text", "Threads"]) } + [
      .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
      .testTarget(name: "RecordsTests", dependencies: ["CJansson", "Records"]),
      .testTarget(name: "RandomTests", dependencies: ["Random"], resources: [.copy("Golden")]),
      .testTarget(name: "BatchesTests", dependencies: ["Batches", "Random"]),
      // The module once more, built to count what it does.
      .target(
        name: "CountedText", dependencies: ["CWork"], path: "Tests/Work/CountedText",
        swiftSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
      .target(name: "CWork", path: "Tests/Work/CWork"),
      .testTarget(name: "TextTests", dependencies: ["CountedText", "Text", "Records"], resources: [.copy("Golden")]),
      .testTarget(name: "NeuralTests", dependencies: ["CKernels", "Neural", "Records"], resources: [.copy("Golden")]),
      .testTarget(name: "FiltersTests", dependencies: ["Filters"]),
      // Runs the programs as processes. It does not depend on them, or their static libraries would be linked into the
      // tests; building the package builds them.
      .testTarget(name: "CommandTests", exclude: ["Cases"]),
    ] + benchmark + fuzzing,
  swiftLanguageModes: [.v6]
)

/// A program of the toolchain.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, linkerSettings: linking)
}
