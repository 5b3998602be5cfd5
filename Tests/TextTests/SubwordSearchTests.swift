import Testing
import Text

/// Against Tensor2Tensor's algorithm as it stands there: a dictionary with every piece of every word.
@Suite struct SubwordSearchTests {
  /// Characters in UTF-8, whose order is that of the code points.
  typealias Piece = [UInt32]

  struct Plain {
    private var words: [Piece: Int] = [:]
    private var alphabet = Set("\\_u;0123456789<pad>EOS".unicodeScalars.map(\.value))

    mutating func add(_ text: String, times: Int) {
      for word in Self.words(of: text) {
        alphabet.formUnion(word.map(\.value))
        var escaped = ""
        for scalar in word {
          switch scalar {
          case "\\": escaped += "\\\\"
          case "_": escaped += "\\u"
          case "\n": escaped += "\\10;"
          default: escaped.unicodeScalars.append(scalar)
          }
        }
        words[(escaped + "_").unicodeScalars.map(\.value), default: 0] += times
      }
    }

    /// Runs of letters and digits, and of other characters; a single space between two words is none.
    private static func words(of text: String) -> [[Unicode.Scalar]] {
      var words: [[Unicode.Scalar]] = []
      for scalar in text.unicodeScalars {
        if let last = words.last?.last, isAlphanumeric(last) == isAlphanumeric(scalar) {
          words[words.count - 1].append(scalar)
        } else {
          words.append([scalar])
        }
      }
      return words.enumerated().filter { $0 == 0 || $0 == words.count - 1 || $1 != [" "] }.map(\.element)
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    func vocabulary(target: Int, _ low: Int = 1, _ high: Int = 1000) -> [Piece] {
      let middle = (low + high) / 2
      var pieces: [Piece]?
      for _ in 0..<4 { pieces = self.pieces(pieces, minimum: middle) }
      let reserved = ["<pad>_", "<EOS>_"].map { $0.unicodeScalars.map(\.value) }
      let vocabulary = reserved + pieces!
      let distance = abs(vocabulary.count - target)
      if distance <= (target - 1) / 100 || low >= high || middle < 2 { return vocabulary }
      let other =
        vocabulary.count > target
        ? self.vocabulary(target: target, middle + 1, high) : self.vocabulary(target: target, low, middle - 1)
      return abs(other.count - target) < distance ? other : vocabulary
    }

    private func pieces(_ pieces: [Piece]?, minimum: Int) -> [Piece] {
      let known = pieces.map(Set.init)
      var counts: [Piece: Int] = [:]
      for (word, count) in words {
        var start = 0
        while start < word.count {
          let lengths = 1...min(word.count - start, SubwordBuilder.longestPiece)
          for length in lengths { counts[Piece(word[start..<start + length]), default: 0] += count }
          start += known.map { known in lengths.last { known.contains(Piece(word[start..<start + $0])) }! } ?? 1
        }
      }
      var kept: [(count: Int, piece: Piece)] = []
      for piece in counts.keys.filter({ $0.count > 1 }).sorted(by: { $0.count > $1.count }) {
        let count = counts[piece]!
        guard count >= minimum else { continue }
        kept.append((count, piece))
        for length in 1..<piece.count { counts[Piece(piece.prefix(length))]! -= count }
      }
      for character in alphabet { kept.append((counts[[character]] ?? 0, [character])) }
      kept.sort { $0.count != $1.count ? $0.count > $1.count : $1.piece.lexicographicallyPrecedes($0.piece) }
      return kept.map(\.piece)
    }
  }

  /// Texts that occur up to hundreds of times, so that bisection goes both ways.
  @Test(arguments: 0..<40) func thePiecesAreThoseOfTheDictionary(_ seed: UInt64) {
    var state = 2 * seed + 1
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let alphabets = ["ab", "aab_\\ ", "abcdefgh  .", "xé漢д5 ☔😀\n", "0123456789;\\u_ ", "aaaaaaab "].map {
      Array($0.unicodeScalars)
    }
    let alphabet = alphabets[draw(alphabets.count)]
    var (builder, plain) = (SubwordBuilder(), Plain())
    for _ in 0..<draw(30) {
      var text = ""
      for _ in 0..<draw(40) { text.unicodeScalars.append(alphabet[draw(alphabet.count)]) }
      let times = 1 + draw([3, 30, 700][draw(3)])
      plain.add(text, times: times)
      text.withUTF8 { text in
        for _ in 0..<times { builder.add(text) }
      }
    }
    let target = [1, 30, 40, 60, 120, 500, .max][draw(7)]
    #expect(pieces(builder, target) == plain.vocabulary(target: target))
  }

  /// Pieces end at a length, also where all words go on alike, or only one does.
  @Test func thePiecesOfLongWordsAreThoseOfTheDictionary() {
    for unit in ["x", "abc"] {
      let word = String(repeating: unit, count: (SubwordBuilder.longestPiece + 6) / unit.count)
      var (builder, plain) = (SubwordBuilder(), Plain())
      for text in [word, "b" + word] {
        var text = text
        plain.add(text, times: 1)
        text.withUTF8 { builder.add($0) }
      }
      #expect(pieces(builder, .max) == plain.vocabulary(target: .max))
    }
  }

  private func pieces(_ builder: SubwordBuilder, _ target: Int) -> [Piece] {
    builder.vocabulary(target: target).pieces.map {
      String(decoding: $0, as: UTF8.self).unicodeScalars.map(\.value)
    }
  }
}
