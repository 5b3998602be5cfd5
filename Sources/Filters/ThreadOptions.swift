import ArgumentParser

/// With how many threads a program works.
public struct ThreadOptions: ParsableArguments {
  @Option(help: "The number of threads. The output is the same for any number.")
  public var threads = 1

  public init() {}

  public func validate() throws {
    guard 1...256 ~= threads else { throw ValidationError("--threads must be from 1 to 256.") }
  }
}
