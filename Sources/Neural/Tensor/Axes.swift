/// Operations along the axes of tensors. A negative axis counts from the last.
extension Tensor {
  /// The axis as a number from 0.
  func axis(_ axis: Int) -> Int {
    precondition(-shape.count..<shape.count ~= axis, "the shape \(shape) has no axis \(axis)")
    return axis < 0 ? axis + shape.count : axis
  }

  /// The shape as three axes: all before an axis, the axis, all behind it.
  func around(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this.
  /// - Precondition: `order` names every axis once.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(shape.indices), "\(order) is no order of the axes of \(shape)")
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    return gathered(shape: order.map { shape[$0] }, strides: order.map { strides[$0] })
  }

  /// A matrix, or the last two axes of a stack of matrices, with rows and columns exchanged.
  /// - Precondition: There are two axes or more.
  public func transposed() -> Tensor {
    precondition(shape.count >= 2, "a tensor of shape \(shape) has no rows and columns")
    var order = Array(shape.indices)
    order.swapAt(order.count - 1, order.count - 2)
    return permuted(order)
  }

  /// The first two axes exchanged: `[batch, time, ...]` becomes `[time, batch, ...]`, and the other way round.
  public func swappingFirstAxes() -> Tensor {
    let (rows, columns, size) = (shape[0], shape[1], shape[2...].reduce(1, *))
    let target = [columns, rows] + shape[2...]
    if rows == 1 || columns == 1 { return reshaped(target) }
    return withValues { x in
      Tensor(shape: target) { y in
        for row in 0..<rows where size > 0 {
          for column in 0..<columns {
            (y.baseAddress! + (column * rows + row) * size).update(
              from: x.baseAddress! + (row * columns + column) * size, count: size)
          }
        }
      }
    }
  }

  /// The elements repeated along axes of length 1 and along new axes in front, as NumPy broadcasts.
  /// - Precondition: The axes are those of `target` from the last on, or 1.
  public func broadcast(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let missing = target.count - shape.count
    precondition(
      missing >= 0 && shape.indices.allSatisfy { shape[$0] == 1 || shape[$0] == target[missing + $0] },
      "the shape \(shape) can't be broadcast to \(target)")
    var strides = [Int](repeating: 0, count: target.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 { strides[missing + axis] = stride }
      stride *= shape[axis]
    }
    return gathered(shape: target, strides: strides)
  }

  /// The sums of the elements that `broadcast(to:)` from `target` would have made of one.
  public func summed(to target: [Int]) -> Tensor {
    if shape == target { return self }
    var result = self
    while result.shape.count > target.count { result = result.sum(axis: 0, keepsDimensions: false) }
    for axis in target.indices where target[axis] == 1 && result.shape[axis] != 1 {
      result = result.sum(axis: axis, keepsDimensions: true)
    }
    return result
  }

  /// The sums along an axis, counted from the end if negative.
  /// - Precondition: There is such an axis.
  public func sum(axis: Int, keepsDimensions: Bool) -> Tensor {
    let axis = self.axis(axis)
    let (outer, length, inner) = around(axis)
    var target = shape
    if keepsDimensions { target[axis] = 1 } else { target.remove(at: axis) }
    return withValues { x in
      Tensor(shape: target) { y in
        y.update(repeating: 0)
        for o in 0..<outer {
          for step in 0..<length {
            let start = (o * length + step) * inner
            for index in 0..<inner { y[o * inner + index] += x[start + index] }
          }
        }
      }
    }
  }

  /// The part of the tensor whose indices along an axis lie in `range`.
  /// - Precondition: The range lies within the axis.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let axis = self.axis(axis)
    let (outer, length, inner) = around(axis)
    precondition(
      0 <= range.lowerBound && range.upperBound <= length, "the axis has the length \(length), so \(range) is outside")
    var target = shape
    target[axis] = range.count
    return withValues { x in
      Tensor(shape: target) { y in
        for o in 0..<outer where !y.isEmpty {
          (y.baseAddress! + o * range.count * inner).update(
            from: x.baseAddress! + (o * length + range.lowerBound) * inner, count: range.count * inner)
        }
      }
    }
  }

  /// Tensors one after the other along an axis.
  /// - Precondition: There is a tensor, and all have the same other axes.
  public static func concatenate(_ parts: [Tensor], axis: Int = -1) -> Tensor {
    let axis = parts[0].axis(axis)
    var target = parts[0].shape
    target[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    for part in parts {
      var shape = part.shape
      shape[axis] = target[axis]
      precondition(shape == target, "tensors of shapes \(parts.map(\.shape)) can't be joined along axis \(axis)")
    }
    let outer = target[..<axis].reduce(1, *)
    return Tensor(shape: target) { y in
      var next = 0
      for o in 0..<outer {
        for part in parts {
          let size = part.count / outer
          part.withValues { x in
            if size > 0 { (y.baseAddress! + next).update(from: x.baseAddress! + o * size, count: size) }
          }
          next += size
        }
      }
    }
  }

  /// The slices at some indices of the first axis, in this order: `[rows.count, ...]`.
  /// - Precondition: There are such slices.
  public func selecting(rows: [Int]) -> Tensor {
    let size = shape[1...].reduce(1, *)
    precondition(rows.allSatisfy { 0..<shape[0] ~= $0 }, "the shape \(shape) does not have all of the rows \(rows)")
    return withValues { x in
      Tensor(shape: [rows.count] + shape[1...]) { y in
        for (index, row) in rows.enumerated() where size > 0 {
          (y.baseAddress! + index * size).update(from: x.baseAddress! + row * size, count: size)
        }
      }
    }
  }

  /// A tensor whose element `(i, j, …)` is the one at `i · strides[0] + j · strides[1] + …`.
  private func gathered(shape target: [Int], strides: [Int]) -> Tensor {
    withValues { x in
      Tensor(shape: target) { y in
        var indices = [Int](repeating: 0, count: target.count)
        var source = 0
        for index in 0..<y.count {
          y[index] = x[source]
          for axis in indices.indices.reversed() {
            indices[axis] += 1
            source += strides[axis]
            if indices[axis] < target[axis] { break }
            source -= indices[axis] * strides[axis]
            indices[axis] = 0
          }
        }
      }
    }
  }
}
