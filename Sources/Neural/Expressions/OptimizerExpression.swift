/// Reads optimizer expressions: `Adam(0.01)`, `Momentum(0.1, mass: 0.9)`.
public enum OptimizerExpression {
  /// The optimizer of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func optimizer(_ text: String) throws(ExpressionError) -> any Optimizer {
    try CatalogueEntry.make(Expression.call(in: text), from: catalogue, kind: "optimizer")
  }

  /// How every optimizer is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  private static func rate(_ value: Double) -> CatalogueEntry<any Optimizer>.Parameter {
    .init("learning_rate", "\(value)")
  }

  private static func decay(_ value: Double) -> CatalogueEntry<any Optimizer>.Parameter {
    .init("weight_decay", "\(value)")
  }

  private static var catalogue: [CatalogueEntry<any Optimizer>] {
    let (adam, adafactor, momentum, rmsProp, sm3) = (Adam(), Adafactor(), Momentum(), RMSProp(), SM3())
    return [
      .init(
        name: "Adafactor",
        parameters: [
          rate(adafactor.learningRate), .init("decay", "\(adafactor.decay)"),
          .init("clipping", "\(adafactor.clipping)"), decay(adafactor.weightDecay), .init("eps1", "\(adafactor.eps1)"),
          .init("eps2", "\(adafactor.eps2)"),
        ]
      ) { arguments throws(ExpressionError) in
        Adafactor(
          try arguments.number("learning_rate"), decay: try arguments.number("decay"),
          clipping: try arguments.number("clipping", .positive),
          weightDecay: try arguments.number("weight_decay", .share),
          eps1: try arguments.number("eps1", .positive), eps2: try arguments.number("eps2"))
      },
      .init(
        name: "Adam",
        parameters: [
          rate(adam.learningRate), decay(adam.weightDecay), .init("b1", "\(adam.b1)"), .init("b2", "\(adam.b2)"),
          .init("eps", "\(adam.eps)"), .init("lazy", "\(adam.isLazy)"),
        ]
      ) { arguments throws(ExpressionError) in
        Adam(
          try arguments.number("learning_rate"), weightDecay: try arguments.number("weight_decay", .share),
          b1: try arguments.number("b1", .belowOne), b2: try arguments.number("b2", .belowOne),
          eps: try arguments.number("eps", .positive),
          isLazy: try arguments.truth("lazy"))
      },
      .init(
        name: "Momentum",
        parameters: [
          rate(momentum.learningRate), .init("mass", "\(momentum.mass)"), decay(momentum.weightDecay),
          .init("nesterov", "\(momentum.nesterov)"),
        ]
      ) { arguments throws(ExpressionError) in
        Momentum(
          try arguments.number("learning_rate"), mass: try arguments.number("mass", .share),
          weightDecay: try arguments.number("weight_decay", .share), nesterov: try arguments.truth("nesterov"))
      },
      .init(
        name: "RMSProp",
        parameters: [
          rate(rmsProp.learningRate), .init("gamma", "\(rmsProp.gamma)"), .init("eps", "\(rmsProp.eps)"),
        ]
      ) { arguments throws(ExpressionError) in
        RMSProp(
          try arguments.number("learning_rate"), gamma: try arguments.number("gamma", .share),
          eps: try arguments.number("eps", .positive))
      },
      .init(name: "SGD", parameters: [rate(SGD().learningRate)]) { arguments throws(ExpressionError) in
        SGD(try arguments.number("learning_rate"))
      },
      .init(
        name: "SM3",
        parameters: [rate(sm3.learningRate), .init("momentum", "\(sm3.momentum)"), decay(sm3.weightDecay)]
      ) { arguments throws(ExpressionError) in
        SM3(
          try arguments.number("learning_rate"), momentum: try arguments.number("momentum", .share),
          weightDecay: try arguments.number("weight_decay", .share))
      },
    ]
  }
}
