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

  /// A class that neither labels nor predictions hold is in no mean; it drew every macro average down.
  @Test func absentClassesAreInNoMean() {
    var matrix = ConfusionMatrix(classes: 5)
    for (label, prediction) in [(0, 0), (1, 1), (1, 3)] { matrix.add(label: label, prediction: prediction) }
    #expect(abs(matrix.mean(matrix.recall) - (1 + 0.5 + 0) / 3) < 1e-9)
    #expect(abs(matrix.mean(matrix.precision) - (1 + 1 + 0) / 3) < 1e-9)
    #expect(ConfusionMatrix(classes: 3).mean { _ in 1 } == 0)
  }

  /// Only what occurs is held: a matrix of 60,000 classes would have 29 GB.
  @Test func manyClassesTakeNoMemory() {
    var matrix = ConfusionMatrix(classes: 60_000)
    for label in 0..<60_000 { matrix.add(label: label, prediction: label / 2) }
    matrix.add(label: 59_999, prediction: 3)
    matrix.add(label: 59_999, prediction: 3)
    #expect(matrix.cells.count == 60_001 && matrix.total == 60_002 && matrix.right == 1)
    #expect(matrix[59_999, 3] == 2 && matrix[3, 59_999] == 0 && matrix.support(59_999) == 3)
    let confusions = matrix.confusions(most: 3)
    #expect(confusions.map(\.examples) == [2, 1, 1] && confusions.map(\.cell.label) == [59_999, 1, 2])
  }

  /// Sums of floats depend on their order, and so on how threads take their turns.
  @Test func theOrderOfPredictionsChangesNothing() {
    let confidences = (1...500).map { 1 / Double($0) }
    func sum(_ confidences: [Double]) -> Calibration {
      var calibration = Calibration()
      for confidence in confidences { calibration.add(confidence: confidence, isRight: confidence > 0.3) }
      return calibration
    }
    #expect(confidences.reduce(0, +) != confidences.reversed().reduce(0, +))
    let (there, back) = (sum(confidences), sum(confidences.reversed()))
    #expect(there == back && there.expectedError == back.expectedError)
    let first = there.bins[0]
    let mean = confidences.filter { $0 <= 0.1 }.reduce(0, +) / Double(first.count)
    #expect(abs(first.confidence - mean) < 1e-15)
    #expect(sum([.nan, -1, 2]).bins.map(\.count).reduce(0, +) == 3)
  }
}
