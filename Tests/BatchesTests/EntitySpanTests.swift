import Batches
import Testing

/// More sequences, and what seqeval finds in them, are in `EntityReportTests`.
@Suite struct EntitySpanTests {
  @Test(arguments: [
    ("", []), ("O O", []), ("B-x I-x O B-y", ["x 0 2", "y 3 4"]), ("B-x B-x", ["x 0 1", "x 1 2"]),
    // Broken ones: I without B, and I of another type.
    ("I-x I-x O I-y", ["x 0 2", "y 3 4"]), ("B-x I-y I-y", ["x 0 1", "y 1 3"]), ("O I-x B-x", ["x 1 2", "x 2 3"]),
    ("B-x E-x S-y O E-x I-x", ["x 0 2", "y 2 3", "x 4 5", "x 5 6"]),
    ("NOUN NOUN VERB", ["NOUN 0 1", "NOUN 1 2", "VERB 2 3"]),
  ])
  func entitiesAreThoseOfConlleval(_ tags: String, _ expected: [String]) {
    let spans = EntitySpan.all(of: tags.split(separator: " ").map { Batches.Tag(String($0)) })
    #expect(spans.map { "\($0.type) \($0.start) \($0.end)" } == expected)
  }
}
