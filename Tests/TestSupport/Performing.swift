/// The message of the error that `body` throws, or nil.
package func performing(_ body: () throws -> Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}
