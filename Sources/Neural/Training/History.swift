import Records

/// The figures of a run over its steps, by mode (`train`, `eval`, …) and metric. Source: Trax `training.History`.
public struct History: Equatable, Sendable {
  /// A figure and its step.
  public struct Point: Equatable, Sendable {
    public let step: Int
    public let value: Float
  }

  private struct Series: Equatable, Sendable {
    let mode: String, metric: String
    var points: [Point]
  }

  private var series: [Series] = []

  public init() {}

  /// Notes a figure.
  public mutating func append(mode: String, metric: String, step: Int, value: Float) {
    let point = Point(step: step, value: value)
    if let index = series.firstIndex(where: { $0.mode == mode && $0.metric == metric }) {
      series[index].points.append(point)
    } else {
      series.append(Series(mode: mode, metric: metric, points: [point]))
    }
  }

  /// The figures of a mode and metric, in the order of their steps.
  public func get(mode: String, metric: String) -> [Point] {
    series.first { $0.mode == mode && $0.metric == metric }?.points ?? []
  }

  /// The modes that have figures, in the order in which they came.
  public var modes: [String] {
    series.reduce(into: []) { modes, series in if !modes.contains(series.mode) { modes.append(series.mode) } }
  }

  /// The metrics that a mode has figures of.
  public func metrics(of mode: String) -> [String] { series.filter { $0.mode == mode }.map(\.metric) }

  /// The last figure of every mode and metric, by `mode_metric`.
  public var last: [String: Double] {
    series.reduce(into: [:]) { $0["\($1.mode)_\($1.metric)"] = Double($1.points.last!.value) }
  }

  /// The history as JSON: `[["train","loss",[[10,0.5],…]],…]`.
  func appendJSON(to output: inout [UInt8]) {
    output.appendJSON(list: series) { output, series in
      output.append("[")
      output.appendJSON(series.mode)
      output.append(",")
      output.appendJSON(series.metric)
      output.append(",")
      output.appendJSON(list: series.points) { output, point in
        output.append("[")
        output.appendJSON(point.step)
        output.append(",")
        output.appendJSON(point.value)
        output.append("]")
      }
      output.append("]")
    }
  }

  /// Reads what `appendJSON` wrote; nil when it is something else.
  init?(_ json: JSON) {
    guard let items = json.items else { return nil }
    for item in items {
      guard let parts = item.items, parts.count == 3, let mode = parts[0].string, let metric = parts[1].string,
        let points = parts[2].items
      else { return nil }
      for point in points {
        guard let pair = point.items, pair.count == 2, let step = pair[0].integer, step >= 0,
          let value = pair[1].number.map({ Float($0) }), value.isFinite
        else { return nil }
        append(mode: mode, metric: metric, step: step, value: value)
      }
    }
  }
}
