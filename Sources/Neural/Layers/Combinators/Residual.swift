/// Layers with a shortcut around them: their output is added to their input, or to what `shortcut` makes of it. Source:
/// Trax `Residual`; K. He et al., Deep Residual Learning for Image Recognition, 2015.
public func residual(_ layers: [any Layer], shortcut: any Layer = Serial([])) -> Serial {
  Serial([Branch([shortcut, Serial(layers)]), Add()])
}

/// How expressions call `residual`. It prints as the three layers that it is made of.
enum Residual {
  static let entry = CatalogueEntry<any Layer>(name: "Residual", depth: 3) { arguments throws(ExpressionError) in
    residual(try arguments.layers())
  }
}
