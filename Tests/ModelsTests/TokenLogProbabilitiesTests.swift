import Models
import Testing

@Suite struct TokenLogProbabilitiesTests {
  @Test func theyAreWrittenAsTheTargetsAreListed() {
    func text(_ fill: (inout TokenLogProbabilities) -> Void) -> String {
      var (list, output) = (TokenLogProbabilities(), [UInt8]())
      fill(&list)
      list.write(to: &output)
      return String(decoding: output, as: UTF8.self)
    }
    #expect(text { _ in } == "[]")
    // A float has its own digits, a double all of its.
    #expect(
      text {
        $0.append(Double(Float(-0.1)))
        $0.append(-0.1)
        $0.append(nil)
      } == "[-0.1,-0.1,null]")
    #expect(text { $0.append(-0.1234567890123) } == "[-0.1234567890123]")
    #expect(
      text {
        $0.append(row: [-1, nil])
        $0.append(row: [])
        $0.append(-2)
      } == "[[-1.0,null],[],-2.0]")
  }
}
