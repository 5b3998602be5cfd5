import Foundation

/// A browser without a window, which tells what it has drawn of a page.
struct Chromium {
  /// The program, if it is there.
  static let program = ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// What `script`, a function's body in JavaScript, returns of a page in a frame so wide; it sees the `page` (a
  /// document) and its `view` (the window).
  /// - Parameter isDark: Whether the system is said to be dark.
  func ask(_ html: String, width: Int, isDark: Bool = false, _ script: String) throws -> [String: Any] {
    try ask([(html, width)], isDark: isDark, script)[0]
  }

  /// What `script` returns of each page.
  func ask(_ pages: [(html: String, width: Int)], isDark: Bool = false, _ script: String) throws -> [[String: Any]] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rivulet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Windows are at least 500 wide; frames are not.
    var frames = ""
    for (index, page) in pages.enumerated() {
      let file = folder.appendingPathComponent("page\(index).html")
      try page.html.write(to: file, atomically: true, encoding: .utf8)
      frames += "<iframe src=\"page\(index).html\" style=\"width:\(page.width)px;height:800px;border:0\"></iframe>\n"
    }
    let frame = """
      <!doctype html><body style="margin:0">\(frames)<script>
      onload = () => {
        const answers = [...document.querySelectorAll('iframe')].map(frame => {
          try { return (function (view, page) { \(script) })(frame.contentWindow, frame.contentDocument) }
          catch (error) { return {error: String(error)} }
        });
        document.body.textContent = 'ANSWER' + JSON.stringify(answers) + 'END';
      };
      </script></body>
      """
    let outer = folder.appendingPathComponent("frame.html")
    try frame.write(to: outer, atomically: true, encoding: .utf8)
    let output = folder.appendingPathComponent("output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "timeout", "300", Self.program!, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--allow-file-access-from-files", "--user-data-dir=\(folder.path)/profile", "--window-size=1300,900",
        "--virtual-time-budget=10000", "--dump-dom",
      ] + (isDark ? ["--blink-settings=preferredColorScheme=0"] : []) + [outer.absoluteString]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    guard let start = text.range(of: "ANSWER"), let end = text.range(of: "END", range: start.upperBound..<text.endIndex)
    else { throw Failure(description: "no answer in: \(text.suffix(500))") }
    let json = text[start.upperBound..<end.lowerBound].replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
    let answers = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]] ?? []
    if let error = answers.compactMap({ $0["error"] as? String }).first { throw Failure(description: error) }
    return answers
  }

  struct Failure: Error, CustomStringConvertible { let description: String }
}
