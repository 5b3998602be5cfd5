/// Reads optimizer expressions: `Adam(0.01)`, `Momentum(0.1, mass: 0.9)`.
public enum OptimizerExpression {
  /// The optimizer of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func optimizer(_ text: String) throws(ExpressionError) -> any Optimizer {
    try CatalogueEntry.make(Expression.call(in: text), from: catalogue, kind: "optimizer")
  }

  /// How every optimizer is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  /// All that expressions can call. A new optimizer has its declaration in its own file, and a line here.
  private static let catalogue: [CatalogueEntry<any Optimizer>] = [
    Adafactor.entry, Adam.entry, Momentum.entry, RMSProp.entry, SGD.entry, SM3.entry,
  ]
}
