/// The layers of a `Serial` as they are run: one after the other, and two or more in one where they know how to do that
/// for the inputs that come.
struct Stages {
  private let layers: [any Layer]
  private var next = 0

  init(_ layers: [any Layer]) { self.layers = layers }

  /// The next layer to run, with the index of the first layer that it stands for; nil at the end.
  /// - Parameter stack: The tensors that there are, the topmost first.
  mutating func next(on stack: [Tensor]) -> (index: Int, layer: any Layer)? {
    guard next < layers.count else { return nil }
    let index = next
    return (index, fused(inputs: stack.prefix(layers[index].inputCount).map(\.shape)))
  }

  /// The layers with those fused that know how to do that for inputs of all shapes.
  static func forInference(_ layers: [any Layer]) -> [any Layer] {
    var (stages, fused) = (Stages(layers), [any Layer]())
    while stages.next < layers.count { fused.append(stages.fused(inputs: nil)) }
    return fused
  }

  /// The next layer, in one with those behind it that it can be fused with.
  private mutating func fused(inputs: [[Int]]?) -> any Layer {
    var layer = layers[next]
    next += 1
    while next < layers.count, let both = layer.fused(with: layers[next], inputs: inputs) {
      layer = both
      next += 1
    }
    return layer
  }
}
