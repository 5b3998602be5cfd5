import ArgumentParser
import Text

/// Which entries of a vocabulary, or of a list of labels, come first.
enum EntryOrder: String, ExpressibleByArgument, CaseIterable {
  case firstSeen = "first-seen"
  case frequency
  /// By the bytes of the tokens.
  case token
  /// By the bytes of the names; for labels only.
  case name

  /// The order of counted tokens.
  var ofCounts: TokenCounts.Order {
    switch self {
    case .firstSeen: .firstSeen
    case .frequency: .frequency
    case .token, .name: .token
    }
  }
}
