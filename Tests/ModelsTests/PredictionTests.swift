import Foundation
import Models
import Testing

@Suite struct PredictionTests {
  let prediction = Prediction([0.25, 0.5, 0.125, 0.125].map { logf($0) })

  @Test func theBestClassIsTheMostProbable() {
    #expect(prediction.best == 1 && abs(prediction.confidence - 0.5) < 1e-7)
    // The number of a record is the one that stands in its "top".
    #expect(prediction.probability == prediction.mostProbable(1)[0].probability)
    #expect(Prediction([-1, -1, -2]).best == 0)
    #expect(prediction.label(threshold: 0) == 1 && prediction.label(threshold: 0.49) == 1)
    #expect(prediction.label(threshold: 0.51) == nil)
  }

  @Test func theMostProbableComeFirstAndEqualsInTheirOrder() {
    #expect(prediction.mostProbable(3).map(\.label) == [1, 0, 2])
    #expect(prediction.mostProbable(9).map(\.label) == [1, 0, 2, 3])
    for (label, probability) in prediction.mostProbable(4) {
      #expect(abs(probability - [0.25, 0.5, 0.125, 0.125][label]) < 1e-7)
    }
  }
}
