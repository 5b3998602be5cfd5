import JSONLines
import Neural

extension History {
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
    self.init()
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
