import Neural

extension HTMLPage {
  /// What a calibration counts, and how that is called.
  struct CalibrationWords {
    /// What is counted, and the two kinds of it.
    let counted: String, right: String, wrong: String
    /// What its bins are of, and the share of the first kind.
    let sureness: String, share: String
    /// The title of the histogram.
    let title: String
  }

  /// Adds charts and a table of how sure a model is, and how right.
  mutating func add(_ calibration: Calibration, _ words: CalibrationWords) {
    let bins = calibration.bins
    let (right, all) = bins.reduce((0, 0)) { ($0.0 + $1.right, $0.1 + $1.count) }
    add(
      BarChart(
        title: words.title,
        description: "\(words.right): \(right), \(words.wrong): \(all - right), by \(words.sureness).",
        xLabel: words.sureness, yLabel: words.counted, parts: (words.right, words.wrong),
        bars: bins.map { ($0.low, $0.high, $0.right, $0.count - $0.right) }))
    let points = bins.filter { $0.count > 0 }.map { (x: $0.confidence, y: $0.accuracy) }
    var reliability = LineChart(
      "Reliability: is the model as right as it is sure?", xLabel: words.sureness, yLabel: words.share,
      series: [.init("the model", points, isMarked: true), .init("perfect", [(0, 0), (1, 1)])],
      xRange: 0...1, yRange: 0...1)
    reliability.description = "The \(words.share) over the \(words.sureness); the next table has the numbers."
    add(reliability)
    addTable(
      "\(words.counted.prefix(1).uppercased())\(words.counted.dropFirst()) by \(words.sureness)",
      headings: [words.sureness, "mean", words.share, words.counted],
      rows: bins.filter { $0.count > 0 }.map {
        Self.row(
          "\(fixed($0.low, decimals: 1)) to \(fixed($0.high, decimals: 1))",
          [fixed($0.confidence, decimals: 4), fixed($0.accuracy, decimals: 4), "\($0.count)"])
      })
  }

  /// Adds a table of the most confident errors.
  /// - Parameters:
  ///   - first: The heading of the classes of the records.
  ///   - second: The heading of what was said.
  ///   - none: What is written where there were no errors.
  ///   - row: An error's class, what was said, with which probability, and the text.
  mutating func addWorst<Wrong>(
    _ errors: [Wrong], _ title: String, first: String = "class", second: String, none: String,
    row: (Wrong) -> (label: String, said: String, probability: String, text: String)
  ) {
    add(heading: "Worst errors")
    guard !errors.isEmpty else { return add(paragraph: none) }
    addTable(
      title, headings: [first, second, "probability", "text"],
      rows: errors.map(row).map { error in
        "<tr><th scope=\"row\">\(escaped(error.label))</th><td>\(escaped(error.said))</td>"
          + "<td>\(error.probability)</td><td class=\"text\">\(escaped(error.text))</td></tr>\n"
      }, kind: "errors")
  }

  /// Adds a table of the words that speak most for each class, if there are some.
  mutating func addWords(_ topTokens: [[(token: String, nats: Double)]], of names: [String]) {
    guard !topTokens.isEmpty else { return }
    add(heading: "Words that matter most")
    addTable(
      "The words that speak most for each class, the first most", headings: ["class", "words"],
      rows: zip(names, topTokens).map { name, tokens in
        Self.row(name, [tokens.map(\.token).joined(separator: " ")], kind: "text")
      },
      kind: "words")
  }
}
