import Glibc

/// Which of the signs stand in a text that the steps before tokenizing look for: most steps have nothing to do in most
/// texts, and one pass over sixteen bytes at a time finds that out for all of them.
struct FoundSigns {
  /// A `$`, with which a stock ticker begins.
  let dollar: Bool
  /// An `&`, with which an HTML entity begins.
  let ampersand: Bool
  /// An `@`, with which a handle begins.
  let at: Bool
  /// A `#`, which is removed.
  let numberSign: Bool
  /// A `:` with a `/` behind it, as links have it.
  let scheme: Bool
  /// Four equal ASCII characters in a row.
  let run: Bool
  /// A character beyond ASCII.
  let beyondASCII: Bool

  /// All of them, with which no step is left out.
  static let all = FoundSigns()

  private init() {
    (dollar, ampersand, at, numberSign, scheme, run, beyondASCII) = (true, true, true, true, true, true, true)
  }

  /// - Parameter text: A text with zeros behind it (`RewrittenText.padding`).
  init(in text: Bytes) {
    typealias Block = SIMD16<UInt8>
    let start = UnsafeRawPointer(text.baseAddress!)
    var (dollars, ampersands, ats, numberSigns) = (Block(), Block(), Block(), Block())
    var (schemes, runs, all) = (Block(), Block(), Block())
    func found(_ byte: UInt8, in block: Block) -> Block { Self.equal(block, Block(repeating: byte)) }
    for index in stride(from: 0, to: text.count, by: 16) {
      let block = start.loadUnaligned(fromByteOffset: index, as: Block.self)
      let second = start.loadUnaligned(fromByteOffset: index + 1, as: Block.self)
      let third = start.loadUnaligned(fromByteOffset: index + 2, as: Block.self)
      let fourth = start.loadUnaligned(fromByteOffset: index + 3, as: Block.self)
      all |= block
      dollars |= found(UInt8(ascii: "$"), in: block)
      ampersands |= found(UInt8(ascii: "&"), in: block)
      ats |= found(UInt8(ascii: "@"), in: block)
      numberSigns |= found(UInt8(ascii: "#"), in: block)
      schemes |= found(UInt8(ascii: ":"), in: block) & found(UInt8(ascii: "/"), in: second)
      runs |= Self.equal(block, second) & Self.equal(second, third) & Self.equal(third, fourth) & ~found(0, in: block)
    }
    dollar = dollars != Block()
    ampersand = ampersands != Block()
    at = ats != Block()
    numberSign = numberSigns != Block()
    scheme = schemes != Block()
    // Zeros are those behind the text, or so rare that all that have one may have a run of them.
    run = runs != Block() || memchr(start, 0, text.count) != nil
    beyondASCII = all & Block(repeating: 0x80) != Block()
  }

  /// 0xff where bytes are equal, 0 elsewhere.
  @inline(__always)
  private static func equal(_ one: SIMD16<UInt8>, _ other: SIMD16<UInt8>) -> SIMD16<UInt8> {
    SIMD16<UInt8>().replacing(with: 0xff, where: one .== other)
  }
}
