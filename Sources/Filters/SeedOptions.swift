import ArgumentParser

/// Where a program's random numbers begin.
public struct SeedOptions: ParsableArguments {
  @Option(help: "The seed of the random numbers. Without one a seed is drawn, and printed.")
  public var seed: UInt64?

  public init() {}

  /// The seed of the command line, or `earlier`, that of a run which goes on, or a drawn one, which is reported.
  public func seed(orThatOf earlier: UInt64? = nil, isQuiet: Bool) -> UInt64 {
    if let seed = seed ?? earlier { return seed }
    let drawn = UInt64(UInt32.random(in: 0 ... .max))
    if !isQuiet { report("seed \(drawn)") }
    return drawn
  }
}
