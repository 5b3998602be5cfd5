import Random

/// The stages of `batch` as lazy sequences, to be put together as in Trax's `data.Serial`:
///
///     examples.filtered(by: LengthFilter(lengths: 1...512))
///       .shuffled(window: 1000, key: RandomKey(1))
///       .batched(by: LengthBuckets(boundaries: [32, 128], sizes: [64, 16, 4]))
///
/// Each takes what it needs from the one before when it is asked, so memory is bounded by windows and buckets.
extension Sequence {
  /// The elements in random order, drawn from a window that moves over them.
  public func shuffled(window: Int, key: RandomKey) -> UnfoldSequence<Element, ShuffledState<Self>> {
    let state = ShuffledState<Self>(elements: makeIterator(), window: WindowShuffle(size: window, key: key))
    return sequence(state: state) { (state: inout ShuffledState<Self>) in state.next() }
  }
}

extension Sequence<Example> {
  /// The examples that a filter lets through, as it cuts them.
  public func filtered(by filter: LengthFilter) -> UnfoldSequence<Example, (Iterator, LengthFilter)> {
    sequence(state: (makeIterator(), filter)) { (state: inout (Iterator, LengthFilter)) in
      while let example = state.0.next() {
        if let example = state.1.apply(example) { return example }
      }
      return nil
    }
  }

  /// Batches of the examples, and at the end those that are not full.
  public func batched(by buckets: LengthBuckets) -> UnfoldSequence<[Example], BatchedState<Self>> {
    let state = BatchedState<Self>(examples: makeIterator(), buckets: buckets)
    return sequence(state: state) { (state: inout BatchedState<Self>) in state.next() }
  }
}

/// Where a shuffled sequence is.
public struct ShuffledState<Base: Sequence> {
  var elements: Base.Iterator
  var window: WindowShuffle<Base.Element>
  /// What waits in the window, from the last to the first, when there are no more elements.
  var rest: [Base.Element]?

  mutating func next() -> Base.Element? {
    while rest == nil {
      guard let element = elements.next() else {
        rest = window.drain().reversed()
        break
      }
      if let out = window.push(element) { return out }
    }
    return rest!.popLast()
  }
}

/// Where a sequence of batches is.
public struct BatchedState<Base: Sequence<Example>> {
  var examples: Base.Iterator
  var buckets: LengthBuckets
  /// The batches that are not full, from the last to the first, when there are no more examples.
  var rest: [[Example]]?

  mutating func next() -> [Example]? {
    while rest == nil {
      guard let example = examples.next() else {
        rest = buckets.drain().reversed()
        break
      }
      if let batch = buckets.push(example) { return batch }
    }
    return rest!.popLast()
  }
}
