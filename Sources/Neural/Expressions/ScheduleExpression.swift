/// Reads schedule expressions: `warmup_and_rsqrt_decay(100, 0.01)`.
public enum ScheduleExpression {
  /// The schedule of an expression.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public static func schedule(_ text: String) throws(ExpressionError) -> Schedule {
    try CatalogueEntry.make(Expression.call(in: text), from: catalogue, kind: "schedule")
  }

  /// How every schedule is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  /// The catalogue as text: how every schedule is written, and what it is, a line each.
  public static var listing: String { CatalogueEntry.listing(catalogue) }

  private static var catalogue: [CatalogueEntry<Schedule>] {
    [
      .init(name: "constant", summary: "the same rate at every step", parameters: [.init("value")]) {
        arguments throws(ExpressionError) in
        constant(try arguments.number("value"))
      },
      .init(
        name: "cosine", summary: "half a cosine down, again and again, behind a rise",
        parameters: [
          .init("max_value"), .init("steps_per_cycle"), .init("min_value", "1e-05"), .init("warmup_steps", "0"),
        ]
      ) { arguments throws(ExpressionError) in
        cosine(
          maximum: try arguments.number("max_value"), stepsPerCycle: try arguments.integer("steps_per_cycle"),
          minimum: try arguments.number("min_value"),
          warmupSteps: try arguments.integer("warmup_steps", in: 0...1 << 30))
      },
      .init(
        name: "multifactor", summary: "a product of factors, as Trax has it",
        parameters: [
          .init("factors", "constant.linear_warmup.rsqrt_decay"), .init("constant", "0.1"),
          .init("warmup_steps", "400"), .init("decay_factor", "0.5"), .init("steps_per_decay", "20000"),
          .init("steps_per_cycle", "100000"), .init("second_constant", "0.01"),
          .init("second_constant_step", "10000"), .init("minimum", "0"),
        ]
      ) { arguments throws(ExpressionError) in
        var factors: [ScheduleFactor] = []
        for name in arguments.words("factors") {
          guard let factor = ScheduleFactor(rawValue: name) else {
            let names = ScheduleFactor.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExpressionError(column: arguments.call.column, "there is no factor \"\(name)\", but \(names)")
          }
          factors.append(factor)
        }
        return multifactor(
          factors, constant: try arguments.number("constant"), warmupSteps: try arguments.integer("warmup_steps"),
          decayFactor: try arguments.number("decay_factor", .share),
          stepsPerDecay: try arguments.integer("steps_per_decay"),
          stepsPerCycle: try arguments.integer("steps_per_cycle"),
          secondConstant: try arguments.number("second_constant"),
          secondConstantStep: try arguments.integer("second_constant_step"), minimum: try arguments.number("minimum"))
      },
      .init(name: "piecewise", summary: "constant pieces", takesList: true, form: "piecewise(value, step: value, …)") {
        arguments throws(ExpressionError) in
        var values: [Double] = []
        var boundaries: [Int] = []
        for argument in arguments.call.arguments {
          guard let value = Double(argument.value), Float(value).isFinite, value >= 0 else {
            throw ExpressionError(column: argument.column, "\(argument.value) is no number of 0 or more")
          }
          // The first value stands alone; the others begin at a step, each later than the one before.
          let step = argument.label.flatMap { Int($0) }
          guard (step == nil) == values.isEmpty, step ?? .max > boundaries.last ?? 0 else {
            throw ExpressionError(column: argument.column, "it is written piecewise(value, step: value, …)")
          }
          values.append(value)
          if let step { boundaries.append(step) }
        }
        guard !values.isEmpty else { throw ExpressionError(column: arguments.call.column, "piecewise needs a value") }
        return piecewise(values, boundaries: boundaries)
      },
      .init(
        name: "warmup", summary: "a rise in a line, then constant",
        parameters: [.init("warmup_steps"), .init("max_value")]
      ) {
        arguments throws(ExpressionError) in
        warmup(
          steps: try arguments.integer("warmup_steps", in: 0...1 << 30), maximum: try arguments.number("max_value"))
      },
      .init(
        name: "warmup_and_rsqrt_decay", summary: "a rise in a line, then down with the root of the step",
        parameters: [.init("warmup_steps"), .init("max_value")]
      ) {
        arguments throws(ExpressionError) in
        warmupAndRsqrtDecay(
          steps: try arguments.integer("warmup_steps", in: 0...1 << 30), maximum: try arguments.number("max_value"))
      },
    ]
  }
}
