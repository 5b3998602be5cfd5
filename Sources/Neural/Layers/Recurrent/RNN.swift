/// A plain recurrent network over a sequence: `RNNCell` at every step.
public struct RNN: RecurrentLayer, DeclaredLayer {
  public var scan: Scan<RNNCell>

  /// - Parameters:
  ///   - units: The depth of the state and of the output.
  ///   - activation: The activation function.
  public init(_ units: Int, activation: RNNCell.Activation = .tanh) {
    scan = Scan(RNNCell(units, activation: activation))
  }

  /// The depth of the output.
  public var units: Int { scan.cell.units }

  public static let declaration = Declaration(
    "RNN", RNN(1), .integer("units", \.scan.cell.units), .choice("activation", \.scan.cell.activation))

  public var name: String { "RNN_\(units)" }
}
