import Neural
import Testing

@Suite struct CalibrationTests {
  @Test func binsHoldWhatBelongsToThem() {
    var calibration = Calibration(bins: 2)
    for (confidence, isRight) in [(0.4, true), (0.5, false), (0.6, true), (1.0, true), (0.9, false)] {
      calibration.add(confidence: confidence, isRight: isRight)
    }
    #expect(calibration.bins.map(\.count) == [2, 3] && calibration.bins.map(\.right) == [1, 2])
    #expect(abs(calibration.bins[0].confidence - 0.45) < 1e-9 && calibration.bins[0].accuracy == 0.5)
    let expected = (2 * 0.05 + 3 * abs(2.0 / 3 - 2.5 / 3)) / 5
    #expect(abs(calibration.expectedError - expected) < 1e-9)
    #expect(Calibration().expectedError == 0)
  }

  @Test func meansOverClasses() {
    var matrix = ConfusionMatrix(classes: 3)
    for (label, prediction) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 1)] {
      matrix.add(label: label, prediction: prediction)
    }
    #expect(abs(matrix.mean(matrix.recall) - (2.0 / 3 + 1 + 0) / 3) < 1e-9)
    #expect(abs(matrix.mean(matrix.recall, bySupport: true) - 0.6) < 1e-9)
  }
}
