/// The loss and metrics of a run over its steps, by mode (`train`, `eval`, …) and metric. Source: Trax
/// `training.History`.
public struct History: Equatable, Sendable {
  /// A value and its step.
  public struct Point: Equatable, Sendable {
    /// The step, from 1.
    public let step: Int
    /// The value of the metric.
    public let value: Float
  }

  /// The points of one metric in one mode.
  package struct Series: Equatable, Sendable {
    package let mode: String, metric: String
    package fileprivate(set) var points: [Point]
  }

  package private(set) var series: [Series] = []

  /// A history of no steps.
  public init() {}

  /// Notes a value.
  public mutating func append(mode: String, metric: String, step: Int, value: Float) {
    let point = Point(step: step, value: value)
    if let index = series.firstIndex(where: { $0.mode == mode && $0.metric == metric }) {
      series[index].points.append(point)
    } else {
      series.append(Series(mode: mode, metric: metric, points: [point]))
    }
  }

  /// The values of a metric in a mode, in the order of their steps.
  public func get(mode: String, metric: String) -> [Point] {
    series.first { $0.mode == mode && $0.metric == metric }?.points ?? []
  }

  /// The modes that have values, in the order in which they came.
  public var modes: [String] {
    series.reduce(into: []) { modes, series in if !modes.contains(series.mode) { modes.append(series.mode) } }
  }

  /// The metrics that a mode has values of.
  public func metrics(of mode: String) -> [String] { series.filter { $0.mode == mode }.map(\.metric) }

  /// The last value of every mode and metric, by `mode_metric`.
  public var last: [String: Double] {
    series.reduce(into: [:]) { $0["\($1.mode)_\($1.metric)"] = Double($1.points.last!.value) }
  }
}
