import Foundation
import Models
import Neural
import Random
import Testing

/// The Swift code of the articles in `Sources/Models/Models.docc`, as it stands there, and what it says of itself.
@Suite struct ArticleTests {
  /// `GumbelSampling.md`, within five standard deviations.
  @Test func drawsOfThreeClasses() {
    let probabilities: [Float] = [0.5, 0.3, 0.2]
    let sampler = Sampler(temperature: 1)
    var counts = [0, 0, 0]
    for draw in 0..<1000 {
      let key = RandomKey(1).fold(in: UInt32(draw))
      counts[probabilities.map { log($0) }.withUnsafeBufferPointer { sampler($0, key: key) }] += 1
    }
    // about 500, 300 and 200
    for (count, share) in zip(counts, probabilities) {
      #expect(abs(Float(count) - 1000 * share) < 5 * (1000 * share * (1 - share)).squareRoot())
    }
  }

  /// `FileFormats.md`.
  @Test func aFileOfOneTensor() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    let file = SafeTensors(metadata: ["made": "by hand"], tensors: [("scale", Tensor([1, 2]))])
    try file.write(to: "\(folder)/scale.safetensors")
    let back = try SafeTensors(contentsOf: "\(folder)/scale.safetensors")
    // back.tensor("scale") is [1, 2], back.metadata["made"] "by hand"
    #expect(back.tensor("scale") == Tensor([1, 2]))
    #expect(back.metadata["made"] == "by hand")
  }
}
