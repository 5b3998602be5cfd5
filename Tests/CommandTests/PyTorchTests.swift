import Foundation
import Testing

/// Model files in PyTorch, by `samples/pytorch/load_model.py`, where PyTorch and safetensors are there.
@Suite struct PyTorchTests {
  private static let isHere =
    (try? Shell.inFolder { try $0.run("python3 -c 'import torch, safetensors'").status }) == 0

  private static let preparation = """
    set -e
    export PYTHONDONTWRITEBYTECODE=1
    tweet-tokenize samples/tweets.jsonl > all.tokens; vocab-build all.tokens > vocab.json
    tensorize --vocab vocab.json all.tokens > tweets.ids
    batch --shuffle --seed 1 --epochs 3 --quiet tweets.ids > tweets.batches
    tensorize --characters --plain --append-end samples/lines.txt > lines.ids
    batch --language-model --batch-size 8 --epochs 8 --quiet lines.ids > lines.batches
    ngrams='--ngrams 2 --char-ngrams 2-3 --hash-bits 16'
    tensorize --vocab vocab.json $ngrams all.tokens > ngrams.ids
    batch --shuffle --seed 1 --epochs 2 --quiet ngrams.ids > ngrams.batches
    echo '{"ids":[]}' | tee -a tweets.ids lines.ids >> ngrams.ids

    """

  /// The numbers of a model and those of PyTorch differ by rounding alone: in every precision of the file, where rows
  /// of it are left out, and for texts without ids.
  @Test(
    .enabled(if: isHere, "skipped: no PyTorch or safetensors"),
    arguments: [
      ("tweets", "--preset classifier --vocab vocab.json"),
      ("tweets", "--preset classifier --vocab vocab.json --precision half"),
      ("tweets", "--preset classifier --vocab vocab.json --precision int8"),
      ("tweets", "--layers 'EmbeddingSum(16, dropout: 0.3, power: 0.5) Normalize Dense(8) Relu Dense(2) LogSoftmax'"),
      (
        "tweets",
        "--layers 'Embedding(20) Mean LayerNorm(eps: 0.001) Residual[Dense(20) Tanh] Dense(2, bias: false) LogSoftmax'"
      ),
      ("tweets", "--layers 'Branch[Embedding(16) PaddingMask] MaskedMean Sigmoid Dense(2) LogSoftmax'"),
      ("tweets", "--layers 'Embedding(8) GRU(8, convention: lab) Mean Dense(2) LogSoftmax' --precision int8"),
      ("ngrams", "--preset text --steps 40 --tokenizer \"$ngrams\" --precision int8"),
      ("lines", "--preset gru-lm --units 16 --depth 2 --steps 30"),
      ("lines", "--preset gru-lm --units 16 --depth 3 --steps 30 --precision half"),
      ("lines", "--preset gru-lm-trax --units 20 --depth 2 --steps 30 --precision int8"),
    ])
  func pyTorchSaysWhatTheProgramsSay(_ records: String, _ options: String) throws {
    let compare = Shell.repository.appendingPathComponent("Tests/References/interoperability.py").path
    let isLanguage = records == "lines"
    let asked = isLanguage ? "perplexity --per-token" : "predict"
    let result = try Shell.inFolder {
      try $0.run(
        """
        \(Self.preparation)
        train --quiet --seed 1 \(isLanguage || options.contains("--vocab") ? "" : "--vocab vocab.json") \(options) \\
          --model model.safetensors \(records).batches > reports.jsonl
        \(asked) --model model.safetensors \(records).ids > said.jsonl
        python3 \(compare) model.safetensors said.jsonl
        """)
    }
    #expect(result.status == 0, "\(options): \(result)")
    let words = result.output.split(separator: " ")
    let count = try #require(Int(words.first ?? ""))
    let largest = try #require(words.last.flatMap { Double($0.dropLast()) })
    #expect(count > 1000 && largest <= 1e-5, "\(options): \(result.output)")
  }

  /// A layer that has no module is named, and so is a file that is no model.
  @Test(.enabled(if: isHere, "skipped: no PyTorch or safetensors"))
  func whatPyTorchLacksIsSaid() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        \(Self.preparation)
        train --quiet --seed 1 --vocab vocab.json --layers 'Embedding(8) LSTM(4) Mean Dense(2) LogSoftmax' --steps 2 \\
          --model model.safetensors tweets.batches > reports.jsonl
        python3 samples/pytorch/load_model.py model.safetensors tweets.ids 2>&1 | tail -n 1 | cut -c 1-50
        """)
    }
    #expect(result.output == "NotImplementedError: no module for the layer LSTM,\n", "\(result)")
  }
}
