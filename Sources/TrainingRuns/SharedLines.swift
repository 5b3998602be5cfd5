import Files
import Neural

/// Lines that the first rank of a run reads and all ranks get, one by one; so is the end of the input, and what keeps it
/// from being read.
final class SharedLines {
  private var reader: LineReader
  private let block = LineBlock()
  private let exchange: any Exchange
  private let isStopped: @Sendable () -> Bool
  /// The line of another rank, which lasts until the next one.
  private var received = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

  init(_ reader: LineReader, exchange: any Exchange, isStopped: @escaping @Sendable () -> Bool) {
    self.reader = reader
    self.exchange = exchange
    self.isStopped = isStopped
  }

  deinit { received.deallocate() }

  /// The next line, or nil at the end.
  /// - Throws: `FileError` for failed input, `BatchStream.Interrupted`.
  func next() throws -> Line? {
    guard exchange.ranks > 1 else { return try read() }
    guard exchange.rank == 0 else { return try take(Message(exchange.join([]))) }
    do {
      let line = try read()
      _ = exchange.join(Message(line).words)
      return line
    } catch {
      _ = exchange.join(Message(error).words)
      throw error
    }
  }

  /// The next line if it has been read already; nil if it must be waited for.
  /// - Precondition: There is one rank.
  func nextAtHand() -> Line? { block.nextLine() }

  private func read() throws -> Line? {
    while true {
      if let line = block.nextLine() { return line }
      let isMore = try reader.next(into: block)
      if isStopped() { throw BatchStream.Interrupted() }
      if !isMore { return nil }
    }
  }

  private func take(_ message: Message) throws -> Line? {
    switch message.kind {
    case .interrupted: throw BatchStream.Interrupted()
    case .failure: throw FileError(message.name, "so says rank 0")
    case .end: return nil
    case .longLine: return Line(bytes: nil, file: message.name, number: message.number)
    case .line:
      received.deallocate()
      received = .allocate(capacity: max(message.bytes.count, 1))
      _ = received.update(fromContentsOf: message.bytes)
      return Line(
        bytes: Bytes(rebasing: Bytes(received)[..<message.bytes.count]), file: message.name, number: message.number)
    }
  }
}

/// What the first rank tells the others instead of a line.
private struct Message {
  enum Kind: UInt32 { case line, longLine, end, interrupted, failure }
  let kind: Kind
  var (name, number, bytes): (String, Int, [UInt8]) = ("", 0, [])

  init(_ line: Line?) {
    kind = line.map { $0.bytes == nil ? .longLine : .line } ?? .end
    guard let line else { return }
    (name, number, bytes) = (line.file, line.number, line.bytes.map { Array($0) } ?? [])
  }

  init(_ error: any Error) {
    kind = error is BatchStream.Interrupted ? .interrupted : .failure
    name = "\(error)"
  }

  /// Kind, number, the lengths of name and line in bytes, and both as bytes in memory.
  var words: [UInt32] {
    let text = Array(name.utf8) + bytes
    let head = [kind.rawValue, UInt32(truncatingIfNeeded: number), UInt32(name.utf8.count), UInt32(bytes.count)]
    var body = [UInt32](repeating: 0, count: (text.count + 3) / 4)
    body.withUnsafeMutableBytes { $0.copyBytes(from: text) }
    return head + body
  }

  init(_ words: [UInt32]) {
    kind = Kind(rawValue: words[0])!
    number = Int(words[1])
    let text = words.dropFirst(4).withUnsafeBytes { Array($0) }
    name = String(decoding: text.prefix(Int(words[2])), as: UTF8.self)
    bytes = Array(text.dropFirst(Int(words[2])).prefix(Int(words[3])))
  }
}
