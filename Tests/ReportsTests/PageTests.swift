import Foundation
import Neural
import Reports
import Testing

/// The pages and charts as a browser draws them. Skipped where there is no Chromium; `.ci/run` installs it.
@Suite(.enabled(if: Chromium.program != nil, "there is no chromium: apt-get install chromium"), .serialized)
struct PageTests {
  static let longNames = (0..<20).map { "a long name as the others have it, of class number \($0) of twenty" }

  /// A report on classes of these names: most predictions right, some wrong, some left open.
  static func report(_ names: [String]) -> ClassificationReport {
    var report = ClassificationReport(labels: names, classes: names.count)
    report.precisionTarget = 0.9
    for number in 0..<400 {
      let label = number % names.count
      var probabilities = names.indices.map { 1 + Double((number * 31 + $0 * 17) % 23) }
      probabilities[label] += Double(number % 40) * 2
      let sum = probabilities.reduce(0, +)
      probabilities = probabilities.map { $0 / sum }
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
      report.add(
        label: label, prediction: number % 50 == 49 ? nil : best, confidence: probabilities[best],
        probabilities: probabilities,
        text: { "<b>text</b> \(number) with\nlines, and aWordThatIsLonger\(String(repeating: "AndLonger", count: 30))" }
      )
    }
    report.topTokens = names.indices.map { [("word\($0)", 2.0), ("<i>", 1)] }
    return report
  }

  static let pages: [(name: String, html: String)] = [
    ("two classes", report(["no", "yes"]).html), ("twenty classes", report(longNames).html),
    ("one class", report(["only"]).html),
    ("sixty classes", report((0..<60).map { "class \($0)" }).html), ("several labels", multiLabelReport.html),
    (
      "one record",
      {
        var report = ClassificationReport(labels: nil, classes: 2)
        report.add(label: 0, prediction: 0, confidence: 0.5)
        return report.html
      }()
    ),
  ]

  static var multiLabelReport: MultiLabelReport {
    var report = MultiLabelReport(labels: longNames, classes: 20)
    for number in 0..<100 {
      let probabilities = (0..<20).map { Double((number * 37 + $0 * 11) % 101) / 100 }
      report.add(
        labels: [number % 20, number % 7], predictions: Set(probabilities.indices.filter { probabilities[$0] > 0.8 }),
        probabilities: probabilities,
        text: { "<b>text</b> \(number) with\nlines, and aWordThatIsLonger\(String(repeating: "AndLonger", count: 30))" }
      )
    }
    report.topTokens = longNames.indices.map { [("word\($0)", 2.0), ("<i>", 1)] }
    return report
  }

  /// Nothing makes the page wider than a telephone, or than a window; what is wider scrolls by itself and can have the
  /// focus of the keyboard. Everything has a name to be read aloud, and what is marked as a table's heading says of what.
  @Test func pagesFit() throws {
    let views = Self.pages.flatMap { page in [360, 1200].map { (page.name, page.html, $0) } }
    let answers = try Chromium().ask(
      views.map { ($0.1, $0.2) },
      """
      const all = selector => [...page.querySelectorAll(selector)];
      const regions = all('.wide');
      return {
        inner: view.innerWidth, scroll: page.documentElement.scrollWidth,
        outside: all('main > *').filter(e => e.getBoundingClientRect().right > view.innerWidth).length,
        unfocusable: regions.filter(e => { e.focus(); return page.activeElement !== e || !e.getAttribute('aria-label') }).length,
        stuck: regions.filter(e => e.scrollWidth > e.clientWidth
          && (e.scrollLeft = 50, e.scrollLeft === 0)).length,
        tables: all('table').length, noCaption: all('table').filter(t => !t.caption || !t.caption.innerText).length,
        noScope: all('th:not([scope])').length,
        images: all('svg').length,
        unnamed: all('svg').filter(s => s.getAttribute('role') !== 'img'
          || !(s.getAttribute('aria-labelledby') || 'none').split(' ').every(id => page.getElementById(id))
          || !page.getElementById(s.getAttribute('aria-describedby'))).length,
        ids: all('[id]').length - new Set(all('[id]').map(e => e.id)).size,
        outOfPicture: all('svg text').filter(t => { const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
          return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1 }).length,
        smallest: Math.min(99, ...all('svg text').map(t => t.getBoundingClientRect().height)),
        bold: all('td b, td i').length, language: page.documentElement.lang };
      """)
    for ((name, _, width), answer) in zip(views, answers) {
      func number(_ key: String) throws -> Int { Int(try #require(answer[key] as? Double, "\(key)")) }
      #expect(try number("inner") == width && number("scroll") <= width, "\(name)")
      for key in ["outside", "unfocusable", "stuck", "noCaption", "noScope", "unnamed", "ids", "outOfPicture", "bold"] {
        #expect(try number(key) == 0, "\(name) at \(width): \(key)")
      }
      #expect(try number("tables") >= 2 && number("images") >= 2 && number("smallest") >= 10, "\(name)")
      #expect(answer["language"] as? String == "en")
    }
    #expect(answers.count == 12)
  }

  /// What is drawn is what was counted.
  @Test func whatIsDrawn() throws {
    let answer = try Chromium().ask(
      Self.report(["no", "yes"]).html, width: 1000,
      """
      const charts = [...page.querySelectorAll('svg')];
      const heights = [...charts[2].querySelectorAll('.bar')].map(b => b.getBBox().height);
      const curve = charts[0].querySelectorAll('path[stroke-linejoin]')[0];
      const box = curve.getBBox(), plane = charts[0].querySelector('path.axis:last-of-type');
      return { titles: charts.map(c => c.querySelector('title').textContent), bars: heights.length,
        height: heights.reduce((a, b) => a + b, 0), curve: [box.width, box.height],
        cells: [...page.querySelectorAll('.matrix td')].map(c => c.innerText.replace(/\\s+/g, ' ')),
        errors: [...page.querySelectorAll('.errors tbody tr')].length,
        text: page.querySelector('.errors td.text').textContent.slice(0, 11),
        words: page.querySelector('.words td').textContent };
      """)
    let titles = try #require(answer["titles"] as? [String])
    #expect(titles.count == 4 && titles[0].hasPrefix("ROC") && titles[2].hasPrefix("Confidence"))
    // The ROC curve goes from corner to corner.
    #expect(answer["curve"] as? [Double] == [544, 276])
    #expect(try #require(answer["bars"] as? Double) > 5)
    let cells = try #require(answer["cells"] as? [String])
    let records = cells.map { Int($0.split(separator: " ")[0])! }
    #expect(cells.count == 4 && records.reduce(0, +) == 392 && cells.allSatisfy { $0.hasSuffix("%") })
    #expect(answer["errors"] as? Double == 10 && (answer["text"] as? String)?.hasPrefix("<b>text</b>") ?? false)
    #expect(answer["words"] as? String == "word0 <i>")
  }

  /// The same of several labels a record.
  @Test func whatIsDrawnOfSeveralLabels() throws {
    let answer = try Chromium().ask(
      Self.multiLabelReport.html, width: 1000,
      """
      const charts = [...page.querySelectorAll('svg')];
      const bars = [...charts[2].querySelectorAll('.bar')];
      return { titles: charts.map(c => c.querySelector('title').textContent), bars: bars.length,
        largest: Math.max(...bars.map(b => b.getBBox().height)), plane: charts[2].querySelector('path.axis').getBBox().height,
        errors: [...page.querySelectorAll('.errors tbody tr')].map(r => [...r.cells].slice(1, 3).map(c => c.innerText)),
        text: page.querySelector('.errors td.text').textContent.slice(0, 11),
        words: [...page.querySelectorAll('.words td')].map(c => c.textContent),
        records: [...page.querySelectorAll('table')][2].rows.length };
      """)
    let titles = try #require(answer["titles"] as? [String])
    #expect(titles.count == 4 && titles[0].hasPrefix("ROC") && titles[2].hasPrefix("Probability of labels"))
    #expect(try #require(answer["bars"] as? Double) == 20 && #require(answer["largest"] as? Double) > 100)
    let errors = try #require(answer["errors"] as? [[String]])
    #expect(errors.count == 10 && Set(errors.map { $0[0] }) == ["missed", "wrongly given"])
    let sure = errors.map { $0[0] == "missed" ? 1 - Double($0[1])! : Double($0[1])! }
    #expect(zip(sure, sure.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 } && sure[0] == 1)
    #expect((answer["text"] as? String)?.hasPrefix("<b>text</b>") ?? false)
    let words = try #require(answer["words"] as? [String])
    #expect(words.count == 20 && words[3] == "word3 <i>" && answer["records"] as? Double == 11)
  }

  /// Letters stand out from what is behind them by 4.5 or more (WCAG 2.2, 1.4.3), in the light and in the dark.
  @Test(arguments: [false, true]) func everythingCanBeRead(_ isDark: Bool) throws {
    let answer = try Chromium().ask(
      Self.report(["no", "yes", "sometimes"]).html, width: 1000, isDark: isDark,
      """
      const parse = c => { const n = c.match(/[0-9.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n };
      const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
      const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b };
      const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) };
      const paper = parse(view.getComputedStyle(page.body).backgroundColor);
      const cells = [...page.querySelectorAll('h1, h2, p, td, th, caption')].map(e => { const s = view.getComputedStyle(e);
        return contrast(parse(s.color), over(parse(s.backgroundColor), paper)) });
      // What a cell of any share would look like.
      const cell = page.querySelector('.matrix td'), shares = [];
      for (let share = 0; share <= 100; share++) {
        cell.style.setProperty('--share', (0.9 * share / 100).toFixed(2));
        cell.className = 0.9 * share / 100 > 0.75 ? 'full' : '';
        const s = view.getComputedStyle(cell);
        shares.push(contrast(parse(s.color), over(parse(s.backgroundColor), paper)));
      }
      const ground = parse(view.getComputedStyle(page.querySelector('.paper')).fill);
      const letters = [...page.querySelectorAll('svg text')].map(t => contrast(parse(view.getComputedStyle(t).fill), ground));
      const lines = [...page.querySelectorAll('svg path.line')].map(l => contrast(parse(view.getComputedStyle(l).stroke), ground));
      return { paper: light(paper), ground: light(ground), cells: Math.min(...cells), shares: Math.min(...shares),
        letters: Math.min(...letters), lines: Math.min(...lines) };
      """)
    func number(_ key: String) throws -> Double { try #require(answer[key] as? Double, "\(key)") }
    #expect(try (number("paper") < 0.1) == isDark && (number("ground") < 0.1) == isDark)
    #expect(try number("cells") >= 4.5 && number("letters") >= 4.5, "\(answer)")
    #expect(try number("shares") >= 4.4, "\(answer)")
    #expect(try number("lines") >= 2, "\(answer)")
  }

  /// A chart that stands alone: the names of lines are in the picture and not above each other.
  @Test func legendsOfLongNamesDoNotOverlap() throws {
    let chart = LineChart(
      "Loss", xLabel: "step", yLabel: "loss",
      series: (Self.longNames.prefix(5)
        + [
          "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "短い名前ではない名前は長い名前です、とても長い名前だと思います", "iii",
        ]).map {
          .init($0, [(0, 1), (1, 2)])
        })
    let page = "<!doctype html><body><style>svg{width:100%;height:auto}</style>\(chart.svg())</body>"
    let answers = try Chromium().ask(
      [(page, 700), (page, 360)],
      """
      const boxes = [...page.querySelectorAll('text')].filter(t => t.previousElementSibling && t.previousElementSibling.matches('path.line')).map(t => t.getBBox());
      let overlaps = 0;
      boxes.forEach((a, i) => boxes.forEach((b, j) => { if (i < j && a.x < b.x + b.width && b.x < a.x + a.width
        && a.y < b.y + b.height - 2 && b.y < a.y + a.height - 2) overlaps++ }));
      return { count: boxes.length, overlaps, right: Math.max(...boxes.map(b => b.x + b.width)),
        bottom: Math.max(...boxes.map(b => b.y + b.height)),
        top: Math.min(...[...page.querySelectorAll('path.grid')].map(p => p.getBBox().y)) };
      """)
    for answer in answers {
      func number(_ key: String) throws -> Double { try #require(answer[key] as? Double, "\(key)") }
      #expect(try number("count") == 8 && number("overlaps") == 0 && number("right") <= 640, "\(answer)")
      #expect(try number("bottom") <= number("top"))
    }
    #expect(answers.count == 2)
  }

  @Test func aRunThatDivergedIsDrawnAsFarAsItGoes() throws {
    var history = History()
    for (index, loss) in [0.7, 0.9, 4, .nan, .infinity, 2].enumerated() {
      history.append(mode: "train", metric: "loss", step: index + 1, value: Float(loss))
    }
    let answer = try Chromium().ask(
      "<!doctype html><body>\(LineChart(lossesOf: history).svg())</body>", width: 700,
      """
      const line = page.querySelector('path[stroke-linejoin]');
      return { path: line.getAttribute('d'), length: line.getTotalLength(), warning: page.querySelector('.warning').textContent };
      """)
    #expect((answer["path"] as? String)?.filter { $0 == "M" }.count == 2)
    #expect(try #require(answer["length"] as? Double) > 100)
    #expect((answer["warning"] as? String)?.contains("step 4 is no finite number") ?? false)
  }
}
