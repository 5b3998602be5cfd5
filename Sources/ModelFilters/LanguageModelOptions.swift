import ArgumentParser
import Models

extension LanguageModel.Weights: ExpressibleByArgument {}

/// The lines of an example that make a file of lines, and a small language model of them in tiny.safetensors.
public let languageModelExample = """
  printf '%s\\n' to be or not to be that is the question > lines.txt
  tensorize --characters --plain --append-end lines.txt |
    batch --language-model --batch-size 2 --repeat |
    train --preset gru-lm --units 8 --depth 1 --steps 20 --seed 1 --tokenizer '--characters --append-end' \\
      --model tiny.safetensors
  """
