import Foundation
import Neural
import Reports
import Testing

/// The folder beside the repository.
private let pairs: URL? = {
  var folder = URL(fileURLWithPath: #filePath)
  for _ in 0..<4 { folder.deleteLastPathComponent() }
  folder.appendPathComponent("shared/data/pairs")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// The course's vectors of 512 pairs of questions, and which are duplicates.
@Suite(.enabled(if: pairs != nil, "skipped: no ../shared/data"))
struct SiameseLabTests {
  /// The elements of a NumPy file of floats, or whole numbers of eight bytes, in the order of rows.
  func numbers(_ name: String) throws -> [Float] {
    let data = [UInt8](try Data(contentsOf: pairs!.appendingPathComponent(name)))
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    let header = String(decoding: data[10..<start], as: UTF8.self)
    try #require(header.contains("'fortran_order': False"))
    func read<Number: BitwiseCopyable>(_ type: Number.Type, _ float: (Number) -> Float) -> [Float] {
      data.withUnsafeBytes { bytes in
        stride(from: start, to: bytes.count, by: MemoryLayout<Number>.size).map {
          float(bytes.loadUnaligned(fromByteOffset: $0, as: type))
        }
      }
    }
    if header.contains("<f4") { return read(Float.self) { $0 } }
    try #require(header.contains("<i8"))
    return read(Int64.self) { Float($0) }
  }

  @Test func accuracyAtTheThresholdOfTheCourse() throws {
    let (a, b) = (Tensor(try numbers("v1.npy"), shape: [512, 128]), Tensor(try numbers("v2.npy"), shape: [512, 128]))
    let labels = try numbers("y_test.npy")
    let scores = DotProduct().forward([a, b], Pass()).outputs[0].values
    var report = PairReport(labels: nil, threshold: 0.7)
    for (score, label) in zip(scores, labels) { report.add(score: score, isDuplicate: label == 1) }
    #expect(report.figures.accuracy == 0.7421875)
  }
}
