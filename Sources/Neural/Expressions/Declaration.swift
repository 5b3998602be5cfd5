/// How a layer or an optimizer is written in expressions: its name, and its hyperparameters, each declared once. From
/// that come the expression that is printed, the parser's checks and messages, and the help.
///
///     static let declaration = Declaration(
///       "Dense", Dense(1), .integer("units", \.units) { $0.units = $1 }, .truth("bias", \.useBias) { $0.useBias = $1 })
public struct Declaration<Product: Sendable>: Sendable {
  /// The word of the call.
  public let name: String
  private let prototype: Product
  private let hyperparameters: [Hyperparameter<Product>]

  /// - Parameters:
  ///   - prototype: One that has the default of every hyperparameter, and anything for those that must be given.
  ///   - hyperparameters: In the order in which values without a label stand for them.
  init(_ name: String, _ prototype: Product, _ hyperparameters: Hyperparameter<Product>...) {
    self.name = name
    self.prototype = prototype
    self.hyperparameters = hyperparameters
  }

  /// The call that makes this product.
  func expression(of product: Product) -> String {
    let arguments = hyperparameters.compactMap { $0.argument(of: product, default: prototype) }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }

  /// The entry in a catalogue.
  func entry<Kind>(_ asKind: @escaping @Sendable (Product) -> Kind) -> CatalogueEntry<Kind> {
    CatalogueEntry(name: name, parameters: hyperparameters.map { $0.parameter(default: prototype) }) {
      [prototype, hyperparameters] arguments throws(ExpressionError) in
      var product = prototype
      for hyperparameter in hyperparameters { try hyperparameter.read(arguments, &product) }
      return asKind(product)
    }
  }
}

/// A layer that expressions can call, by a declaration in its own file. `LayerExpression.catalogue` lists them.
public protocol DeclaredLayer: Layer {
  /// The layer's name and hyperparameters.
  static var declaration: Declaration<Self> { get }
}

extension DeclaredLayer {
  public var kind: String { Self.declaration.name }
  public var expression: String { Self.declaration.expression(of: self) }

  /// The entry in the catalogue of layers.
  static var entry: CatalogueEntry<any Layer> { declaration.entry { $0 } }
}

/// An optimizer that expressions can call, by a declaration in its own file. `OptimizerExpression.catalogue` lists
/// them.
public protocol DeclaredOptimizer: Optimizer {
  /// The optimizer's name and hyperparameters.
  static var declaration: Declaration<Self> { get }
}

extension DeclaredOptimizer {
  public var expression: String { Self.declaration.expression(of: self) }

  /// The entry in the catalogue of optimizers.
  static var entry: CatalogueEntry<any Optimizer> { declaration.entry { $0 } }
}
