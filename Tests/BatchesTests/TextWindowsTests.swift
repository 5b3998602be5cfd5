import Batches
import Testing

@Suite struct TextWindowsTests {
  /// Row after row, the batches put together are the text.
  @Test(arguments: [1, 2, 3, 7, 40], [1, 2, 5, 64])
  func rowsContinueTheBatchBefore(_ rows: Int, _ window: Int) {
    for length in [0, 1, 2, 10, 41] {
      let text = (0..<Int32(length)).map { $0 + 1 }
      let windows = TextWindows(text, rows: rows, window: window)
      var stretches = [[Int]](repeating: [], count: length == 0 ? 0 : windows[0].count)
      for index in 0..<windows.count {
        #expect(windows[index].count == stretches.count && stretches.count <= rows)
        #expect(windows[index].contains { !$0.ids.isEmpty })
        for (row, example) in windows[index].enumerated() {
          #expect(example.ids.count <= window)
          stretches[row] += example.ids
        }
      }
      #expect(stretches.flatMap { $0 } == text.map { Int($0) })
      #expect(Set(stretches.dropLast().map(\.count)).count <= 1)
    }
  }
}
