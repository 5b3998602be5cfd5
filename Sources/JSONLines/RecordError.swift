/// What is wrong with a record, as the end of a message: `field "text" is missing`.
public struct RecordError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
