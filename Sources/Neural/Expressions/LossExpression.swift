/// Reads expressions of losses that have hyperparameters: `TripletLoss(margin: 0.25, hardest: below-positive)`.
public enum LossExpression {
  /// The triplet loss of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func tripletLoss(_ text: String) throws(ExpressionError) -> TripletLoss {
    try loss(text, TripletLoss.declaration)
  }

  /// The squared hinge loss of an expression: `SquaredHinge(margin: 4)`.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func squaredHinge(_ text: String) throws(ExpressionError) -> SquaredHingeLoss {
    try loss(text, SquaredHingeLoss.declaration)
  }

  private static func loss<Product>(
    _ text: String, _ declaration: Declaration<Product>
  ) throws(ExpressionError) -> Product {
    try CatalogueEntry.make(Expression.call(in: text), from: [declaration.entry { $0 }], kind: "loss")
  }
}

extension TripletLoss {
  /// How the loss is written.
  public var expression: String { Self.declaration.expression(of: self) }
}

extension SquaredHingeLoss {
  /// How the loss is written.
  public var expression: String { Self.declaration.expression(of: self) }
}
