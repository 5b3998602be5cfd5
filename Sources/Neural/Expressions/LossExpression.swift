/// Reads expressions of losses that have hyperparameters: `TripletLoss(margin: 0.25, hardest: below-positive)`.
public enum LossExpression {
  /// The triplet loss of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func tripletLoss(_ text: String) throws(ExpressionError) -> TripletLoss {
    let entries = [TripletLoss.declaration.entry { $0 }]
    return try CatalogueEntry.make(Expression.call(in: text), from: entries, kind: "loss")
  }
}

extension TripletLoss {
  /// How the loss is written.
  public var expression: String { Self.declaration.expression(of: self) }
}
