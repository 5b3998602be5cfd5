import ArgumentParser

extension ArgumentHelp {
  /// The help of `--model` where a program uses a model.
  public static let modelFile = ArgumentHelp("The model file, as train writes it.", valueName: "file")
}
