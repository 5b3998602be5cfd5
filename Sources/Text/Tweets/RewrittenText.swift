/// A text that steps make of another one, each from what the one before it made; if asked for, with where every part came
/// from.
struct RewrittenText {
  /// How many zeros stand behind a text, so that it can be read some bytes at a time.
  static let padding = 32

  /// What the last step made, zeros behind it, and perhaps what is left of longer texts.
  private(set) var padded: [UInt8] = []
  /// How many bytes the last step made.
  private(set) var count = 0
  private var output = Output()
  /// Where the parts came from, of each step; those from `stepCount` on are of texts before.
  private var steps: [Parts] = []
  private var stepCount = 0

  /// What a step writes.
  struct Output {
    fileprivate var bytes: [UInt8] = []
    fileprivate var parts: Parts?

    /// Appends what comes from a range of the text that the step reads: that text, less of it, or something else.
    @inline(__always)
    mutating func append(_ part: Bytes, from source: Range<Int>) {
      bytes.append(contentsOf: part)
      parts?.append(end: bytes.count, source: source)
    }

    /// Appends a range of the text that the step reads.
    @inline(__always)
    mutating func append(_ text: Bytes, _ start: Int, _ end: Int) { append(text.slice(start, end), from: start..<end) }

    /// Appends a character in place of a range of the text that the step reads.
    mutating func append(scalar: UInt32, from source: Range<Int>) {
      bytes.append(scalar: scalar)
      parts?.append(end: bytes.count, source: source)
    }
  }

  /// Begins with a text as it came.
  mutating func begin(_ text: Bytes, notesOrigins: Bool) {
    count = text.count
    let missing = count + Self.padding - padded.count
    if missing > 0 { padded.append(contentsOf: repeatElement(0, count: missing)) }
    padded.withUnsafeMutableBufferPointer { padded in
      if let start = text.baseAddress { padded.baseAddress!.update(from: start, count: count) }
      (padded.baseAddress! + count).update(repeating: 0, count: Self.padding)
    }
    stepCount = 0
    if notesOrigins != (output.parts != nil) { output.parts = notesOrigins ? Parts() : nil }
  }

  /// Gives what the last step made to `body`.
  @inline(__always)
  func withText<Result>(_ body: (Bytes) -> Result) -> Result {
    padded.withUnsafeBufferPointer { body($0.slice(0, count)) }
  }

  /// Puts what a step makes of the text in its place.
  mutating func rewrite(_ step: (Bytes, inout Output) -> Void) {
    output.bytes.removeAll(keepingCapacity: true)
    padded.withUnsafeBufferPointer { step($0.slice(0, count), &output) }
    count = output.bytes.count
    output.bytes.append(contentsOf: repeatElement(0, count: Self.padding))
    swap(&padded, &output.bytes)
    guard let areTheSame = output.parts?.areTheSame(count) else { return }
    if !areTheSame {
      if stepCount == steps.count { steps.append(Parts()) }
      swap(&steps[stepCount], &output.parts!)
      stepCount += 1
    }
    output.parts!.removeAll()
  }

  /// The range, in the text as it came, that a range of what the last step made came from. Ranges must be asked for in
  /// their order and not overlap; then those that come out are in order and don't overlap either.
  mutating func origin(of range: Range<Int>) -> Range<Int> {
    var range = range
    for step in (0..<stepCount).reversed() { range = steps[step].source(of: range) }
    return range
  }

  /// The parts of a text, and what they came from.
  fileprivate struct Parts {
    private var parts: [(end: Int, source: Range<Int>)] = []
    /// The part in which the last range ended.
    private var current = 0

    mutating func removeAll() {
      parts.removeAll(keepingCapacity: true)
      current = 0
    }

    mutating func append(end: Int, source: Range<Int>) {
      if end > (parts.last?.end ?? 0) { parts.append((end, source)) }
    }

    /// Whether they are what a step has read, or its beginning: so many bytes in their places.
    func areTheSame(_ count: Int) -> Bool {
      parts.isEmpty || parts.count == 1 && parts[0].end == count && parts[0].source == 0..<count
    }

    /// A part that is there as a whole came from its whole source; of one that is there in part, the bytes count from the
    /// source's first.
    mutating func source(of range: Range<Int>) -> Range<Int> {
      while parts[current].end <= range.lowerBound { current += 1 }
      let start = current > 0 ? parts[current - 1].end : 0
      let lower = parts[current].source.lowerBound + range.lowerBound - start
      var partStart = start
      while parts[current].end < range.upperBound {
        partStart = parts[current].end
        current += 1
      }
      let (end, source) = parts[current]
      let isWhole = end == range.upperBound && range.lowerBound <= partStart
      return lower..<(isWhole ? source.upperBound : source.lowerBound + range.upperBound - partStart)
    }
  }
}
