/// Tokens and their ids: 0 padding, 1 the end of a text, 2 the unknown token, then the tokens in their order.
public struct Vocabulary: Sendable {
  /// The id of `__PAD__`, which fills the rows of a batch up and counts for nothing.
  public static let padding = 0
  /// The id of `__</e>__`, which marks the end of a text.
  public static let end = 1
  /// The id of `__UNK__`, which stands for every token that the vocabulary does not have.
  public static let unknown = 2
  /// The special tokens in the order of their ids.
  public static let specialTokens = ["__PAD__", "__</e>__", "__UNK__"]

  private var table = TokenTable()

  /// A vocabulary of the special tokens.
  public init() {
    for token in Self.specialTokens { add(token) }
  }

  /// A vocabulary of `tokens` in the order of their ids; nil when a token stands there twice. The special tokens are
  /// taken as they come: a vocabulary file of another kind may have none.
  public init?(tokens: [String]) {
    for (id, token) in tokens.enumerated() where add(token) != id { return nil }
  }

  /// The first special token that is not where it must be, and its id; nil when the vocabulary begins with all of them.
  public var missingSpecialToken: (token: String, id: Int)? {
    Self.specialTokens.enumerated().first { token(of: $0) != $1 }.map { ($1, $0) }
  }

  /// The number of tokens.
  public var count: Int { table.count }

  /// The id of a token, or nil when the vocabulary does not have it.
  public func id(of token: UnsafeBufferPointer<UInt8>) -> Int? { table.find(token) }

  /// The token of an id, or nil when there is no such id.
  public func token(of id: Int) -> String? {
    guard 0..<count ~= id else { return nil }
    return table.withToken(id) { String(decoding: $0, as: UTF8.self) }
  }

  /// All tokens in the order of their ids.
  public var tokens: [String] { (0..<count).map { token(of: $0)! } }

  /// Adds a token unless it is there, and returns its id.
  @discardableResult
  public mutating func add(_ token: UnsafeBufferPointer<UInt8>) -> Int { table.add(token) }

  /// Adds a token unless it is there, and returns its id.
  @discardableResult
  public mutating func add(_ token: String) -> Int {
    var token = token
    return token.withUTF8 { table.add($0) }
  }
}
