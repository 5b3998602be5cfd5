import Neural

extension ModelSignature {
  /// The signature of layers that take two texts.
  /// - Throws: `LayerError` when they give neither the log probabilities of two classes nor two vectors, or do not apply
  ///   the same layers to both texts first.
  static func ofPairs(_ layers: Serial, _ shapes: ModelShapes) throws(LayerError) -> ModelSignature {
    guard let side = layers.layers.first?.sharedSide, side.inputCount == 1, side.outputCount == 1 else {
      throw LayerError("a model of two texts begins with Siamese[…], which makes one vector of each")
    }
    guard let ids = layers.idCount else { throw LayerError("no layer takes ids, as Embedding does") }
    var vectors: [[Int]] = []
    for input in ModelShapes.pairs { vectors.append(try side.plan([input[0]]).outputs[0]) }
    guard vectors.allSatisfy({ $0.count == 2 && $0[1] == vectors[0].last }),
      zip(vectors, ModelShapes.pairs).allSatisfy({ $0[0] == $1[0][0] })
    else {
      throw LayerError("Siamese[…] makes \(vectors[0]) of ids \(ModelShapes.pairs[0][0]), not a vector, [batch, depth]")
    }
    let kind: Kind
    switch (shapes.outputs[0].count, shapes.plan.logProbabilities) {
    case (2, nil): kind = .pairVectors
    case (1, .exclusive) where shapes.outputs.allSatisfy({ $0[0].count == 2 && $0[0][1] == 2 }): kind = .pairClassifier
    default:
      throw LayerError(
        "the outputs have the shapes \(shapes.outputs[0]), but those of a model of pairs are log probabilities of two "
          + "classes, as Siamese[…] DotProduct Logistic gives them, or the two vectors of Siamese[…]")
    }
    let rows = zip(shapes.outputs, ModelShapes.pairs).allSatisfy { outputs, input in
      outputs.allSatisfy { $0[0] == input[0][0] } && (kind == .pairClassifier || outputs[0] == outputs[1])
    }
    guard rows else { throw LayerError("outputs of the shapes \(shapes.outputs) do not follow the batch") }
    guard !shapes.plan.mixesBatch else {
      throw LayerError("a softmax over the rows of a batch mixes what has no relation")
    }
    return ModelSignature(kind: kind, ids: ids, classes: 2, shapes)
  }

  /// The signature of layers that tell which of several words stand near one; nil for others.
  static func ofWordVectors(_ layers: Serial, _ shapes: ModelShapes) -> ModelSignature? {
    guard shapes.plan.logProbabilities == .exclusive, let ids = layers.idCount, !shapes.plan.mixesBatch,
      zip(shapes.outputs, ModelShapes.pairs).allSatisfy({ $0 == [$1[1] + [2]] })
    else { return nil }
    return ModelSignature(kind: .wordVectors, ids: ids, otherIDs: layers.otherIDCount, classes: 2, shapes)
  }

  /// What labelled pairs are checked against, of any model of pairs: one that is to learn vectors of duplicates is
  /// tried out on others, too.
  public var ofLabelledPairs: ModelSignature {
    var copy = self
    copy.kind = .pairClassifier
    return copy
  }

  /// A signature of a kind.
  private init(kind: Kind, ids: Int, otherIDs: Int? = nil, classes: Int, _ shapes: ModelShapes) {
    takesSteps = false
    (self.kind, self.ids, self.otherIDs, self.classes) = (kind, ids, otherIDs ?? ids, classes)
    weightCount = shapes.weightCount
    idsAtOnce = LayerPlan.mostNumbers / max(shapes.plan.numbers, 1)
  }
}
