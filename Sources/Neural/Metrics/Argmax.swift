extension Tensor {
  /// The index of the largest number of every row; of equals the first.
  public func argmax() -> [Int] {
    withValues { values in
      (0..<rows).map { row in
        var best = row * depth
        for index in best..<(row + 1) * depth where values[index] > values[best] { best = index }
        return best - row * depth
      }
    }
  }
}
