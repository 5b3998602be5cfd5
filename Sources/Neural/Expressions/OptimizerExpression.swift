/// Reads optimizer expressions: `Adam(0.01)`, `Adam(0.01, weight_decay: 0)`, `SGD(0.1)`.
public enum OptimizerExpression {
  /// The optimizer of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func optimizer(_ text: String) throws(ExpressionError) -> any Optimizer {
    let calls = try Expression.calls(in: text)
    guard calls.count == 1 else { throw ExpressionError(column: calls[1].column, "one optimizer is enough") }
    return try CatalogueEntry.make(calls[0], from: catalogue, kind: "optimizer")
  }

  /// How every optimizer is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  private static var catalogue: [CatalogueEntry<any Optimizer>] {
    let adam = Adam()
    return [
      .init(
        name: "Adam",
        parameters: [
          .init("learning_rate", "\(adam.learningRate)"), .init("weight_decay", "\(adam.weightDecay)"),
          .init("b1", "\(adam.b1)"), .init("b2", "\(adam.b2)"), .init("eps", "\(adam.eps)"),
        ]
      ) { arguments throws(ExpressionError) in
        Adam(
          try arguments.number("learning_rate"), weightDecay: try arguments.number("weight_decay"),
          b1: try arguments.number("b1"), b2: try arguments.number("b2"), eps: try arguments.number("eps"))
      },
      .init(name: "SGD", parameters: [.init("learning_rate", "\(SGD().learningRate)")]) {
        arguments throws(ExpressionError) in
        SGD(try arguments.number("learning_rate"))
      },
    ]
  }
}
