import Neural
import Random
import Testing

@Suite struct LayerPlanTests {
  /// The plan says the shapes of outputs, weights and state that come to be.
  @Test(arguments: LayerCase.all)
  func aPlanIsWhatComesToBe(_ test: LayerCase) throws {
    var layer = try LayerExpression().model(test.expression)
    let plan = try layer.plan(test.shapes)
    #expect(try layer.initialize(test.shapes, key: RandomKey(1)) == plan.outputs)
    #expect(layer.weights.map(\.name) == plan.weights.map(\.name))
    #expect(layer.weights.map(\.value.shape) == plan.weights.map(\.shape))
    let state = Dictionary(uniqueKeysWithValues: layer.state.map { ($0.name, $0.value.shape) })
    for entry in plan.state { #expect(state[entry.name] == entry.shape) }
  }
}
