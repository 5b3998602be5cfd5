/// A long short-term memory over a sequence: `LSTMCell` at every step. Source: Trax `LSTM`.
public struct LSTM: RecurrentLayer, DeclaredLayer {
  public var scan: Scan<LSTMCell>

  /// - Parameter units: The depth of the output.
  public init(_ units: Int) {
    scan = Scan(LSTMCell(units))
  }

  /// The depth of the output.
  public var units: Int { scan.cell.units }

  public static let declaration = Declaration("LSTM", LSTM(1), .integer("units", \.scan.cell.units))

  public var name: String { "LSTM_\(units)" }
}
