import Neural
import Testing

@Suite struct ExpressionTests {
  @Test func modelsPrintAsInTrax() throws {
    let model = try LayerExpression(vocabularySize: 9088).model("Embedding(256) Mean Dense(2) LogSoftmax")
    #expect(model.name == "Serial[Embedding_9088_256 Mean Dense_2 LogSoftmax]")
    #expect(model.expression == "Serial(Embedding(9088, 256) Mean Dense(2) LogSoftmax)")
    #expect(try LayerExpression().model("Serial[Relu, Dense_3]").name == "Serial[Relu Dense_3]")
    #expect(
      try LayerExpression().model(" Dense( units = 3 , bias:false )").expression == "Serial(Dense(3, bias: false))")
    #expect(try LayerExpression(vocabularySize: 5).model("Embedding(depth: 2)").name == "Serial[Embedding_5_2]")
    #expect(try LayerExpression().model("Embedding(depth: 2, vocabulary: 7)").name == "Serial[Embedding_7_2]")
  }

  @Test(arguments: [
    ("", 1, "empty"), ("Dense(2) Means", 10, "there is no layer \"Means\", but Add, BatchNorm, "),
    ("Dense", 1, "needs units"), ("Dense(0)", 7, "must be a whole number of 1 or more, not 0"),
    ("Dense(2", 8, "\")\" is missing"), ("Serial(Relu", 12, "\")\" is missing"),
    ("Serial[Relu", 12, "\"]\" is missing"),
    ("Dense(2, 3)", 10, "must be true or false"), ("Dense(2, true, 4)", 16, "takes no argument 4"),
    ("Dense(unit: 2)", 7, "takes no unit; it is written Dense(units, bias: true)"),
    ("Dense(2, units: 3)", 10, "units twice"), ("Embedding(256)", 1, "without a vocabulary file"),
    ("Relu[Relu]", 6, "holds no layers"), ("Dense(2) )", 10, "a name is expected"), ("7", 1, "a name is expected"),
    ("Dense(,)", 7, "a number or a word is expected"), ("Dense(2)é", 9, "a name is expected"),
    ("Dense(99999999999)", 7, "whole number"), ("Mean(axis: x)", 6, "whole number"),
    ("Embedding", 1, "needs its depth"),
    ("GRU(3, convention: both)", 8, "must be trax or lab, not both"), ("Scan(Relu)", 1, "Scan holds one cell"),
    ("Select(0, -1)", 11, "is no whole number"), ("Dropout(1)", 1, "rate must be below 1"),
  ])
  func errorsPointAtTheColumn(_ text: String, _ column: Int, _ message: String) {
    do {
      let model = try LayerExpression().model(text)
      Issue.record("\(text) was read as \(model.name)")
    } catch {
      #expect(error.column == column && error.message.contains(message), "\(text): \(error)")
    }
  }

  @Test func optimizersTakeTheirDefaultsFromTrax() throws {
    #expect(
      try OptimizerExpression.optimizer("Adam").expression
        == "Adam(0.0001, weight_decay: 1e-05, b1: 0.9, b2: 0.999, eps: 1e-05)")
    #expect(try OptimizerExpression.optimizer("Adam(0.01)").learningRate == 0.01)
    let adam = try OptimizerExpression.optimizer("Adam(0.01, weight_decay: 0)")
    #expect(try OptimizerExpression.optimizer(adam.expression).expression == adam.expression)
    for text in ["Adam(-1)", "Adam(nan)", "Adam(inf)", "Adams", "SGD SGD", "Adam(0.1, b3: 1)"] {
      #expect(throws: ExpressionError.self) { try OptimizerExpression.optimizer(text) }
    }
  }
}
