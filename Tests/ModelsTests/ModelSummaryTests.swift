import Models
import Neural
import Random
import Testing

@Suite struct ModelSummaryTests {
  /// Lengths are sums of multiples of the batch and the time.
  @Test func shapesFollowTheBatchAndTheTime() throws {
    var layers = try LayerExpression().model("Embedding(9, 4) Dup Concatenate(axis: 1) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(0))
    let lines = try ModelSummary.text(of: layers).split(separator: "\n").map {
      $0.split(separator: "  ", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
    }
    #expect(lines[1] == ["0", "Embedding_9_4", "[batch, time] → [batch, time, 4]", "36"])
    #expect(lines[3].last == "[batch, time, 4] [batch, time, 4] → [batch, 2 time, 4]")
    #expect(lines[5] == ["4", "Dense_2", "[batch, 4] → [batch, 2]", "10"])
    #expect(lines.last == ["46 weights"])
  }
}
