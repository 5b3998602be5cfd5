import ArgumentParser
import Text

/// Which entries of a vocabulary, or of a list of labels, come first.
enum EntryOrder: String, ExpressibleByArgument, CaseIterable {
  case firstSeen = "first-seen"
  case frequency
  /// By the bytes of the names; for labels only.
  case name

  /// The order of counted tokens; names are sorted later.
  var ofCounts: TokenCounts.Order { self == .frequency ? .frequency : .firstSeen }
}
