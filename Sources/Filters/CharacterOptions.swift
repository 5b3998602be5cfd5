import ArgumentParser

/// What becomes of a text before its characters are taken.
public struct CharacterOptions: ParsableArguments {
  @Flag(help: "Turn the text to lower case.")
  public var lowercase = false

  @Flag(help: "Drop white space at both ends of the text.")
  public var trim = false

  public init() {}

  /// Whether either is given.
  public var isGiven: Bool { lowercase || trim }

  /// - Throws: `ValidationError` when they are given to a program that takes no characters.
  public func check(takesCharacters: Bool) throws {
    guard takesCharacters || !isGiven else { throw ValidationError("--lowercase and --trim go with --characters.") }
  }
}
