import Batches
import JSONLines

/// An entity that was found.
public struct Entity: Sendable, Equatable {
  /// Its tokens and its type.
  public let span: EntitySpan
  /// The probability that these tokens are an entity of this type.
  public let probability: Double

  /// An entity with its probability.
  public init(span: EntitySpan, probability: Double) { (self.span, self.probability) = (span, probability) }
}

extension JSONFields {
  /// Adds a list of entities: `[{"type":"person","start":0,"end":2,"text":"Ada Lovelace","probability":0.9}]`. Tokens are
  /// counted from 0, `end` is the one behind the last, and the text is that of the tokens with spaces between them.
  /// - Precondition: The entities are of these tokens.
  public mutating func add(_ field: String, _ entities: [Entity], tokens: [String]) {
    add(field) { output in
      output.appendJSON(list: entities) { output, entity in
        output.appendObject { object in
          object.add("type", entity.span.type)
          object.add("start", entity.span.start)
          object.add("end", entity.span.end)
          object.add("text", tokens[entity.span.start..<entity.span.end].joined(separator: " "))
          object.add("probability", Float(entity.probability))
        }
      }
    }
  }
}
