import Batches
import JSONLines
import Models
import Testing

@Suite struct EntityTests {
  @Test func theFieldHoldsTypePlaceTextAndProbability() {
    var output: [UInt8] = []
    output.appendObject { object in
      object.add(
        "entities", [Entity(span: EntitySpan("per", 1, 3), probability: 0.25)], tokens: ["Frau", "Ada", "\"L\"", "."])
      object.add("none", [], tokens: [])
    }
    #expect(
      String(decoding: output, as: UTF8.self)
        == #"{"entities":[{"type":"per","start":1,"end":3,"text":"Ada \"L\"","probability":0.25}],"none":[]}"#)
  }
}
