import ArgumentParser
import Batches
import Filters

/// How many examples are in a batch, by their length or whatever it is.
struct BatchSizeOptions: ParsableArguments {
  @Option(help: "The number of examples of a batch; 16 if not given.")
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      """
      Put examples of about equal length together: those of up to so many ids, of up to so many, …, and all longer \
      ones. Needs --batch-sizes, one more, instead of --batch-size.
      """, valueName: "n,n,…"))
  var bucketByLength: CommaList?

  @Option(help: ArgumentHelp("The batch sizes of those lengths.", valueName: "n,n,…"))
  var batchSizes: CommaList?

  /// The examples that a batch may have: all of them are held until it is full.
  private static let batchSizes = 1...1 << 24

  func validate() throws {
    guard Self.batchSizes ~= batchSize ?? 1 else {
      throw ValidationError("--batch-size must be from 1 to \(Self.batchSizes.upperBound).")
    }
    if bucketByLength != nil, batchSize != nil {
      throw ValidationError("--bucket-by-length takes --batch-sizes instead of --batch-size.")
    }
    guard (bucketByLength == nil) == (batchSizes == nil) else {
      throw ValidationError("--bucket-by-length and --batch-sizes go together.")
    }
    _ = try buckets()
  }

  /// The buckets of `--bucket-by-length`, or the one for all.
  func buckets() throws -> LengthBuckets {
    guard let bucketByLength, let batchSizes else { return LengthBuckets(boundaries: [], sizes: [batchSize ?? 16]) }
    func numbers(_ list: CommaList, _ option: String) throws -> [Int] {
      try list.items.map { item in
        guard let number = Int(item), number >= 1 else {
          throw ValidationError("\(option): \"\(item)\" is not a whole number of 1 or more.")
        }
        return number
      }
    }
    let boundaries = try numbers(bucketByLength, "--bucket-by-length")
    let sizes = try numbers(batchSizes, "--batch-sizes")
    guard sizes.allSatisfy(Self.batchSizes.contains) else {
      throw ValidationError("--batch-sizes: the largest is \(Self.batchSizes.upperBound).")
    }
    guard zip(boundaries, boundaries.dropFirst()).allSatisfy(<) else {
      throw ValidationError("--bucket-by-length: the lengths must rise.")
    }
    guard sizes.count == boundaries.count + 1 else {
      throw ValidationError("--batch-sizes needs \(boundaries.count + 1) sizes for \(boundaries.count) lengths.")
    }
    return LengthBuckets(boundaries: boundaries, sizes: sizes)
  }
}
