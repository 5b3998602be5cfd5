import ArgumentParser
import Files
import Filters
import Glibc
import ModelFilters
import Models
import Neural
import Random
import Text

/// A language model in, new text out.
@main
struct GRUSample: Program {
  static let configuration = CommandConfiguration(
    commandName: "gru-sample",
    abstract: "Write new text with a language model, character by character.",
    discussion: """
      Draws from the model's probabilities of the next character, again and again, and writes the prime and what \
      follows it as it is drawn. With --count the texts are drawn side by side and written one after the other, a \
      blank line between them. Primes may also be records with "text" in files (- is standard input).

      With --json a text is a record: the prime's fields, "sample" (what follows the prime), "index" (0, 1, … of \
      --count), "characters" (the number of ids drawn) and "log_probability" (the sum of ln p of what was drawn, at \
      temperature 1).

      A prime becomes ids by the options that the model holds (train --tokenizer), as the beginning of a text: without \
      the end's id, and, with --trim, without white space at its start. One of more ids than --max-length is refused.
      """,
    version: versionAndCommit)

  static let guides = ["language-models"]

  static let commonOptions = [
    "--model", "--prime", "--length", "--temperature", "--top-k", "--top-p", "--count", "--stop", "--seed",
    "--weights", "--threads",
  ]

  static let example = """
    \(languageModelExample)
    gru-sample --model tiny.safetensors --prime 'to ' --length 20 --seed 1
    """

  @Argument(
    help: ArgumentHelp("Files of records with primes; - is standard input.", valueName: "file"), completion: .file())
  var files: [String] = []

  @Option(help: .modelFile, completion: .file())
  var model: String

  @Option(help: "The text to go on from.")
  var prime: String?

  @Option(help: "The number of characters to draw (bytes, if the model works on bytes).")
  var length = 500

  @Option(help: "Below 1 the probable becomes more probable, above 1 less; 0 takes the most probable.")
  var temperature: Float = 1

  @Option(help: ArgumentHelp("Draw from this many of the most probable characters.", valueName: "n"))
  var topK: Int?

  @Option(
    help: ArgumentHelp("Draw from the most probable characters that together have this probability.", valueName: "p"))
  var topP: Float?

  @Option(help: "The number of texts for every prime, drawn side by side.")
  var count = 1

  @Option(help: ArgumentHelp("End a text before this string.", valueName: "text"))
  var stop: String?

  @Option(
    help: ArgumentHelp(
      """
      What to do with characters of a prime that the model does not know: fail, skip (leave them out) or keep (as \
      __UNK__); fail if not given.
      """,
      valueName: "policy"))
  var onUnknown: OnUnknown?

  @Flag(help: "Write records.")
  var json = false

  @OptionGroup var seeding: SeedOptions

  @Option(
    help: """
      The precision of the kernels of GRUs and dense layers: float as they were trained, half or int8 (8 bits a number, \
      with a step for every column) for more characters a second. What that costs tells perplexity --weights.
      """)
  var weights = LanguageModel.Weights.float

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print no seed.")
  var quiet = false

  enum OnUnknown: String, ExpressibleByArgument, CaseIterable { case fail, skip, keep }

  func validate() throws {
    guard 1...Int(UInt32.max) ~= length else { throw ValidationError("--length must be from 1 to \(UInt32.max).") }
    guard stop != "" else { throw ValidationError("--stop must not be empty.") }
    guard temperature >= 0, temperature.isFinite else { throw ValidationError("--temperature must be 0 or more.") }
    guard topK ?? 1 >= 1 else { throw ValidationError("--top-k must be 1 or more.") }
    guard topP.map({ $0 > 0 && $0 <= 1 }) ?? true else { throw ValidationError("--top-p must be above 0, at most 1.") }
    guard 1...4096 ~= count else { throw ValidationError("--count must be from 1 to 4096.") }
    if prime != nil, !files.isEmpty { throw ValidationError("Give either --prime or files of primes.") }
  }

  func run() throws {
    for file in files where file != "-" && Folder.status(of: file) == nil && errno == ENOENT {
      throw FileError(file, "No such file or directory (--prime takes a text)")
    }
    try setMatrixThreads(threading.threads)
    let model = try Model(contentsOf: model)
    let languageModel = try LanguageModel(model, file: self.model, weights: weights)
    let signature = languageModel.signature
    let options = try TokenizerOptions(model.tokenizer, ofModel: self.model)
    guard let characters = CharacterEncoding(vocabulary: model.vocabulary, ids: signature.ids, options) else {
      throw FileError(self.model, "its \(signature.ids) ids are not those of characters")
    }
    guard count <= signature.idsAtOnce else {
      throw ValidationError("--count must be from 1 to \(signature.idsAtOnce) with such a model.")
    }
    guard onUnknown == nil || characters.vocabulary != nil else {
      throw ValidationError("--on-unknown goes with a model of characters; this one works on bytes and knows all.")
    }
    // The most probable character is no matter of chance.
    let seed = seeding.seed(orThatOf: temperature == 0 ? 0 : nil, isQuiet: quiet)
    var writer = SampleWriter(
      options: self, model: languageModel, characters: characters.ofBeginnings, longestText: options.maxLength,
      key: RandomKey(seed))
    StopSignal.watch()
    if files.isEmpty {
      try writer.write(prime: prime ?? "")
    } else {
      try writer.writeAll(primesIn: files)
    }
    try writer.close()
    StopSignal.exitIfReceived()
  }
}
