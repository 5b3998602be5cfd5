import Random

extension BatchPipeline {
  /// What batches are made of the examples.
  public struct Options {
    /// The number of examples of a batch.
    var batchSize: Int
    /// Batches of examples of about equal length, if there are boundaries.
    var buckets: LengthBuckets
    /// Whether every class has an equal share of each batch.
    var isBalanced: Bool
    /// Whether all classes count the same together: an example weighs n / (k · c) where c of all n examples have its
    /// class, and there are k classes.
    var weighsClassesEqually: Bool
    /// Whether the whole set is shuffled, anew for every epoch.
    var isShuffled: Bool
    /// The size of the buffer in which a stream is shuffled.
    var shuffleWindow: Int?
    /// What random orders are drawn from.
    var key: RandomKey
    /// The passes through the examples; nil for no end.
    var epochs: Int?
    /// Whether every batch says how often the examples have been gone through with it.
    var countsEpochs: Bool
    /// Whether batches that are not full are left out.
    var dropsRemainder: Bool
    /// The number of batches at the beginning that are not written.
    var skipped: Int
    /// Where labels are, and which ones there may be.
    var labels: LabelField
    /// Whether records may have a class for every id, in place of a label.
    var takesTags: Bool
    /// The targets are the ids themselves; there are no labels.
    var isLanguageModel: Bool
    /// The length of the windows of one running text, if the records are its parts.
    var window: Int?
    /// Targets of this id, or label, weigh nothing.
    var maskedID: Int?
    /// The fields of the ids of the two texts, where records are pairs.
    var pair: PairFields?
    /// Batches are of duplicates only, no two rows of which are duplicates of each other.
    var isOfTriplets: Bool

    /// Batches of `batchSize` examples, or of those of `buckets`; each other option as the option of `batch` that it is
    /// for.
    /// - Precondition: Where a record may have several labels, `labels` knows the number of classes.
    public init(
      batchSize: Int, buckets: LengthBuckets, isBalanced: Bool = false, weighsClassesEqually: Bool = false,
      isShuffled: Bool = false, shuffleWindow: Int? = nil, key: RandomKey = RandomKey(0), epochs: Int? = 1,
      countsEpochs: Bool = false,
      dropsRemainder: Bool = false, skipped: Int = 0, labels: LabelField = LabelField(), takesTags: Bool = true,
      isLanguageModel: Bool = false, window: Int? = nil, maskedID: Int? = nil, pair: PairFields? = nil,
      isOfTriplets: Bool = false
    ) {
      precondition(pair != nil || !isOfTriplets, "triplets are made of pairs")
      precondition(!labels.isSeveral || labels.classCount != nil, "rows of 0 and 1 need the number of classes")
      self.labels = labels
      self.takesTags = takesTags && !labels.isSeveral && !isLanguageModel
      self.batchSize = batchSize
      self.buckets = buckets
      self.isBalanced = isBalanced
      self.weighsClassesEqually = weighsClassesEqually
      self.isShuffled = isShuffled
      self.shuffleWindow = shuffleWindow
      self.key = key
      self.epochs = epochs
      self.countsEpochs = countsEpochs
      self.dropsRemainder = dropsRemainder
      self.skipped = skipped
      self.isLanguageModel = isLanguageModel
      self.window = window
      self.maskedID = maskedID
      self.pair = pair
      self.isOfTriplets = isOfTriplets
    }
  }
}
