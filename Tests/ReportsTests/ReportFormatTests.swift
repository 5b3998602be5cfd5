import Reports
import Testing

@Suite struct ReportFormatTests {
  @Test func theEndOfTheNameSaysTheFormat() {
    #expect(ReportFormat(ofFile: "a/report.html") == .html && ReportFormat(ofFile: "r.json") == .json)
    for name in ["report", "report.txt", "html", ".json.gz"] { #expect(ReportFormat(ofFile: name) == .text) }
  }
}
