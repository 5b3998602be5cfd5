import ArgumentParser

extension ArgumentHelp {
  /// The help of an option that names a model to use.
  public static let modelFile = ArgumentHelp("The model file, as train writes it.", valueName: "file")
}

/// The model that a program uses.
public struct ModelFileOptions: ParsableArguments {
  @Option(help: .modelFile)
  public var model: String

  public init() {}
}
