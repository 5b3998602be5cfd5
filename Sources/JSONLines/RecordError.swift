/// What is wrong with a record, as the end of a message: `field "text" is missing`.
public struct RecordError: Error, Equatable, CustomStringConvertible {
  public let description: String
  /// An error of these words.
  public init(_ description: String) { self.description = description }
}
