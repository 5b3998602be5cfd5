import ArgumentParser

/// What becomes of a text before its characters are taken.
public struct CharacterOptions: ParsableArguments {
  @Flag(help: "Turn the text to lower case.")
  public var lowercase = false

  @Flag(help: "Drop white space at both ends of the text.")
  public var trim = false

  public init() {}
}
