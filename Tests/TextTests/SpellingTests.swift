import Testing
import Text

struct SpellingTests {
  @Test(arguments: [
    ("Embeding", "Embedding"), ("embedding", "Embedding"), ("Dens", "Dense"), ("Maen", "Mean"), ("gru", "GRU"),
    ("GRUs", "GRU"),
  ])
  func theNearestWordIsMeant(typed: String, meant: String) {
    #expect(Spelling.nearest(to: typed, among: ["Dense", "Embedding", "GRU", "Mean"]) == meant)
  }

  @Test(arguments: ["", "D", "Mask", "Embed", "GRUCell"])
  func whatIsNearNoWordMeansNone(typed: String) {
    #expect(Spelling.nearest(to: typed, among: ["Dense", "Embedding", "GRU", "Mean"]) == nil)
    #expect(Spelling.nearest(to: typed, among: []) == nil)
  }
}
