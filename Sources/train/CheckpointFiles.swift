import Filters
import Glibc
import Records

/// The checkpoints of a model file, `MODEL.checkpoint-STEP` beside it.
struct CheckpointFiles {
  private let model: String

  init(model: String) { self.model = model }

  func file(step: Int) -> String { "\(model).checkpoint-\(step)" }

  /// The checkpoint of the latest step, or nil.
  func newest() throws(FileError) -> String? { try steps().last.map(file) }

  /// Removes all checkpoints but the `count` newest, and what writers that were killed have left.
  func prune(keeping count: Int) throws(FileError) {
    for step in try steps().dropLast(count) { unlink(file(step: step)) }
  }

  /// Removes the temporary files of writers that were killed.
  func removeLeftovers() throws(FileError) {
    for name in try Folder.names(beside: model) where name.hasPrefix(base) {
      AtomicFile.removeLeftover(Folder.path(of: name, beside: model))
    }
  }

  /// The steps of the checkpoints that are there, from the first to the latest.
  private func steps() throws(FileError) -> [Int] {
    let prefix = "\(base).checkpoint-"
    return try Folder.names(beside: model).compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }.sorted()
  }

  private var base: String { model.split(separator: "/").last.map(String.init) ?? model }
}
