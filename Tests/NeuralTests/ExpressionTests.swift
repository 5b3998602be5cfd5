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
    for text in [
      "Serial(Embedding(7, 2, init: normal) GRU(3, init: orthogonal))", "Serial(Embedding(7, 2) GRU(3))",
      "Serial(GRU(3, convention: lab, init: orthogonal))", "Serial(Scan(GRUCell(3, init: orthogonal)))",
    ] {
      #expect(try LayerExpression().model(text).expression == text)
    }
    #expect(
      try LayerExpression(vocabularySize: 5).model("Embedding(2, init: normal)").expression
        == "Serial(Embedding(5, 2, init: normal))")
  }

  @Test(arguments: [
    ("", 1, "empty"), ("Dense(2) Means", 10, "there is no layer \"Means\"; did you mean Mean?"),
    ("Dense(2) Xyz", 10, "there is no layer \"Xyz\", but Add, BatchNorm, "),
    ("Dense", 1, "needs units"), ("Dense(0)", 7, "must be a whole number from 1 to 1073741824, not 0"),
    ("Dense(2", 8, "\")\" is missing"), ("Serial(Relu", 12, "\")\" is missing"),
    ("Serial[Relu", 12, "\"]\" is missing"),
    ("Dense(2, 3)", 10, "must be true or false"), ("Dense(2, true, 4)", 16, "takes no argument 4"),
    ("Dense(unit: 2)", 7, "takes no unit; it is written Dense(units, bias: true)"),
    ("Dense(2, units: 3)", 10, "units twice"), ("Embedding(256)", 1, "without a vocabulary file (--vocab)"),
    ("Relu[Relu]", 6, "holds no layers"), ("Dense(2) )", 10, "a name is expected"), ("7", 1, "a name is expected"),
    ("Dense(,)", 7, "a number or a word is expected"), ("Dense(2)é", 9, "a name is expected"),
    ("Dense(99999999999)", 7, "whole number"), ("Mean(axis: x)", 6, "whole number"),
    ("Embedding", 1, "needs its depth"),
    ("GRU(3, convention: both)", 8, "must be trax or lab, not both"),
    ("GRU(3, init: zeros)", 8, "must be trax or orthogonal, not zeros"),
    ("Embedding(3, 2, init: 1)", 17, "must be uniform or normal, not 1"), ("Scan(Relu)", 1, "Scan holds one cell"),
    ("Select(0, -1)", 11, "is no whole number"), ("Dropout(1)", 9, "must be a number from 0 to below 1"),
    ("Dropout(0.99999999999)", 9, "from 0 to below 1"), ("BatchNorm(eps: 0)", 11, "more than 0"),
    ("BatchNorm(eps: 1e-300)", 11, "more than 0"), ("BatchNorm(eps: 1e300)", 11, "more than 0"),
    ("BatchNorm(momentum: 1.5)", 11, "from 0 to 1"), ("LayerNorm(eps: nan)", 11, "more than 0"),
    ("LSTMCell(2, forget_bias: 1e39)", 13, "that a float holds"), ("Mean(axis: 8)", 6, "from -8 to 7"),
    ("Mean(axis: -99999999999999999999)", 6, "from -8 to 7"), ("Softmax(axis: 1000000000)", 9, "from -8 to 7"),
    ("Embedding(16777217, 2)", 11, "from 1 to 16777216"), ("OneHot(1073741824)", 8, "from 1 to 16777216"),
    ("Concatenate(1000000000)", 13, "from 1 to 1024"), ("Select(1048575)", 8, "from 0 to 1023"),
    ("Select(0, n_in: 1000000)", 11, "from 0 to 1024"), ("Select(0, 1: 0)", 11, "1: 0 is no whole number"),
    ("Relu Add_in3", 6, "takes 2 and gives 1"), ("Dense_2_out2", 1, "takes 1 and gives 1"),
    ("Relu Serial_in2[Relu]", 6, "takes 1 and gives 1"),
    ("Parallel(Concatenate(1000) Concatenate(1000))", 1, "but 1024 are the most"),
    (String(repeating: "Serial(", count: 65) + "Relu" + String(repeating: ")", count: 65), 456, "more than 64 deep"),
    (String(repeating: "Serial[", count: 9_000), 456, "more than 64 deep"),
    (
      "Relu " + String(repeating: "Serial(", count: 64) + "Relu" + String(repeating: ")", count: 64), 454,
      "more than 64 deep"
    ),
    (String(repeating: "Residual(", count: 22) + "Relu" + String(repeating: ")", count: 22), 199, "more than 64 deep"),
    (String(repeating: "Relu ", count: 14_000), 65_537, "longer than 65536 bytes"),
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

  /// Hyperparameters with which a step divides by zero, or makes a weight infinite at once.
  @Test(arguments: [
    ("Adam(1e300)", 6), ("Adam(0.1, b1: 1)", 11), ("Adam(0.1, b2: 1.5)", 11), ("Adam(0.1, b2: 0.99999999999)", 11),
    ("Adam(0.1, eps: 0)", 11), ("Adam(0.1, weight_decay: 2)", 11), ("RMSProp(0.1, gamma: 7)", 14),
    ("RMSProp(0.1, eps: 1e-100)", 14), ("Momentum(0.1, mass: 1e9)", 15), ("SM3(0.1, momentum: 3)", 10),
    ("Adafactor(0.1, clipping: 0)", 16), ("Adafactor(0.1, eps1: 0)", 16), ("SGD(1e39)", 5),
  ])
  func optimizersThatCanOnlyFailAreRefused(_ text: String, _ column: Int) {
    let error = #expect(throws: ExpressionError.self) { try OptimizerExpression.optimizer(text) }
    #expect(error?.column == column, "\(text): \(error.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [
    ("constant(1e39)", 10), ("cosine(1, 0)", 11), ("cosine(1, 99999999999)", 11), ("warmup(-1, 1)", 8),
    ("piecewise(1e300)", 11), ("piecewise(1, 5: nan)", 14), ("piecewise(1, 99999999999999999999: 1)", 14),
    ("multifactor(decay_factor: 2)", 13), ("multifactor(steps_per_decay: 0)", 13), ("multifactor(warmup_steps: 0)", 13),
  ])
  func schedulesThatCanOnlyFailAreRefused(_ text: String, _ column: Int) {
    let error = #expect(throws: ExpressionError.self) { try ScheduleExpression.schedule(text) }
    #expect(error?.column == column, "\(text): \(error.map { "\($0)" } ?? "")")
  }

  /// The deepest layers that are read print as something that is read.
  @Test func residualsComeBackFromWhatTheyPrint() throws {
    let deep = String(repeating: "Residual(", count: 21) + "Relu" + String(repeating: ")", count: 21)
    let model = try LayerExpression().model(deep)
    #expect(try LayerExpression().model(model.expression).expression == model.expression)
  }
}
