import Foundation
import Models
import Testing

@Suite struct LabelPredictionTests {
  let logs: [Float] = [0.25, 0.5, 0.125, 1].map { logf($0) }

  @Test func classesAtTheirThresholdsArePredicted() throws {
    func labels(_ thresholds: String?) throws -> [Int] {
      try LabelPrediction(logs, LabelThresholds(thresholds, labels: nil, classes: 4)).labels
    }
    #expect(try labels(nil) == [1, 3])
    #expect(try labels("0.51") == [3] && labels("0") == [0, 1, 2, 3] && labels("1") == [3])
    #expect(try labels("0=0.25,3=1,1=0.6") == [0, 3])
    let none = try LabelPrediction([-9, -9], LabelThresholds(labels: nil, classes: 2))
    #expect(none.labels.isEmpty)
  }

  /// What is written as 0.3 reaches a threshold of 0.3.
  @Test func probabilitiesAreComparedAsTheyAreWritten() throws {
    for digits in 1..<1000 {
      let text = "0.\(String(digits + 1000).dropFirst())"
      let log = Float(log(Double(text)!))
      let prediction = try LabelPrediction([log], LabelThresholds(text, labels: nil, classes: 1))
      let written = Double("\(prediction.probabilities[0])")!
      #expect((prediction.labels == [0]) == (written >= Double(text)!), "\(text)")
    }
  }

  @Test func theMostProbableComeFirstAndEqualsInTheirOrder() throws {
    let prediction = try LabelPrediction(logs + [logf(0.5)], LabelThresholds(labels: nil, classes: 5))
    #expect(prediction.mostProbable(3).map(\.label) == [3, 1, 4])
    #expect(prediction.mostProbable(9).map(\.label) == [3, 1, 4, 0, 2])
    #expect(abs(prediction.mostProbable(1)[0].probability - 1) < 1e-7)
  }
}
