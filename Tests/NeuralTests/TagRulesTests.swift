import Neural
import Testing

@Suite struct TagRulesTests {
  @Test func rulesSayWhatMayFollow() throws {
    let rules = try #require(TagRules(starts: [true, false], follows: [[true, true], [false, true]]))
    #expect(rules.count == 2)
    #expect(rules.permit(0, after: nil) && !rules.permit(1, after: nil))
    #expect(rules.permit(1, after: 0) && !rules.permit(0, after: 1))
  }

  @Test func rulesThatPermitNothingAreNone() {
    #expect(TagRules(starts: [], follows: []) == nil)
    #expect(TagRules(starts: [false], follows: [[true]]) == nil)
    // One step is possible, and two, but no third.
    #expect(TagRules(starts: [true, false], follows: [[false, true], [false, false]]) == nil)
    #expect(TagRules(starts: [true, false], follows: [[false, true], [true, false]]) != nil)
  }
}
