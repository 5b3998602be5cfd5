/// Reads optimizer expressions: `Adam(0.01)`, `Momentum(0.1, mass: 0.9)`.
public enum OptimizerExpression {
  /// The optimizer of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func optimizer(_ text: String) throws(ExpressionError) -> any Optimizer {
    try CatalogueEntry.make(Expression.call(in: text), from: catalogue, kind: "optimizer")
  }

  /// How every optimizer is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  /// The catalogue as text: how every optimizer is written, and what it is, a line each.
  public static var listing: String { CatalogueEntry.listing(catalogue) }

  /// All that expressions can call. A new optimizer has its declaration in its own file, and a line here.
  private static let catalogue: [CatalogueEntry<any Optimizer>] = [
    Adafactor.entry.described("Adam's idea with the means of rows and columns: little memory"),
    Adam.entry.described("steps by the running means of gradients and of their squares"),
    Momentum.entry.described("steepest descent that keeps going, in Nesterov's form"),
    RMSProp.entry.described("steps divided by the root of the running mean of squares"),
    SGD.entry.described("steepest descent"),
    SM3.entry.described("Adagrad's idea with a number a row and a column: little memory"),
  ]
}
