import Batches
import Testing

@Suite struct TagTests {
  @Test(arguments: [
    ("O", Batches.Tag.Place.outside, "", true), ("B-person", .begin, "person", true), ("I-a-b", .inside, "a-b", true),
    ("E-x", .end, "x", true), ("S-x", .single, "x", true), ("B", .begin, "_", true), ("B-", .begin, "_", true),
    ("I-é", .inside, "é", true),
    // Names of another form are entities of one token.
    ("NOUN", .single, "NOUN", false), ("Other", .single, "Other", false), ("O-x", .single, "O-x", false),
    ("Bx", .single, "Bx", false), ("b-x", .single, "b-x", false), ("", .single, "", false),
  ])
  func aNameSaysPlaceAndType(_ name: String, _ place: Batches.Tag.Place, _ type: String, _ isOfEntities: Bool) {
    let tag = Batches.Tag(name)
    #expect(tag.place == place && tag.type == type && tag.isOfEntities == isOfEntities)
  }
}
