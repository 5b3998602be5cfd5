import Testing
import TrainingRuns

@Suite struct FourDigitsTests {
  @Test(arguments: [
    (0.693147, "0.6931"), (0.5, "0.5000"), (12.3456, "12.35"), (0.0012345678, "0.001235"), (0.00001234, "1.234e-5"),
    (9.99951, "10.00"), (9.9994, "9.999"), (1, "1.000"), (1234.6, "1235"), (123456.7, "123457"), (0, "0.000"),
    (-0.25, "-0.2500"), (.nan, "nan"), (.infinity, "inf"), (1e20, "1e+20"), (0.0001, "0.0001000"),
  ])
  func aNumberHasFourDigits(_ value: Double, _ text: String) { #expect(fourDigits(value) == text) }
}
