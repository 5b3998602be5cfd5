import CFuzzer
import Glibc

/// Gives inputs of libFuzzer's to one of the readers: `fuzz TARGET [OPTIONS OF LIBFUZZER] [FOLDERS OF INPUTS]`.
/// `bin/fuzz` builds and runs it.
@main
struct Fuzz {
  /// Reads an input, and ends the process if what comes of it is not right.
  typealias Target = @Sendable (UnsafeBufferPointer<UInt8>) -> Void

  static let targets: [String: Target] = [
    "record": fuzzRecord, "batch": fuzzBatch, "vocabulary": fuzzVocabulary,
    "tweet": fuzzTweet, "subwords": fuzzSubwords, "subword-file": fuzzSubwordFile, "options": fuzzOptions,
    "model": fuzzModel, "expression": fuzzExpression, "vec": fuzzWordVectors,
    "report": fuzzReport, "labels": fuzzLabels,
  ]
  nonisolated(unsafe) static var target: Target = { _ in }

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1, let chosen = targets[arguments[1]] else {
      print(targets.keys.sorted().joined(separator: "\n"))
      exit(arguments.count > 1 ? 2 : 0)
    }
    target = chosen
    // What is left is libFuzzer's.
    var argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    var argc = CommandLine.argc - 1
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        Fuzz.target(UnsafeBufferPointer(start: data, count: size))
        return 0
      })
  }
}

/// Ends the process, so that libFuzzer keeps the input.
func expect(_ isRight: Bool, _ message: @autoclosure () -> String) {
  if !isRight { fatalError(message()) }
}

/// A file in memory that readers can open.
enum MemoryFile {
  private static let descriptor: CInt = memfd_create("input", 0)

  /// The name of a file with these bytes, until the next call.
  static func name(of bytes: UnsafeBufferPointer<UInt8>) -> String {
    ftruncate(descriptor, 0)
    expect(bytes.isEmpty || pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count, "pwrite")
    return "/proc/self/fd/\(descriptor)"
  }
}
