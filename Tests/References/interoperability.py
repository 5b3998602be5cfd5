"""Compares what PyTorch makes of a model file, by `samples/pytorch/load_model.py`, with what the programs have written.

    python3 -m venv ~/torch && ~/torch/bin/pip install torch safetensors
    predict --model sentiment.safetensors test.ids > predictions.jsonl            # records with ids
    ~/torch/bin/python Tests/References/interoperability.py sentiment.safetensors predictions.jsonl
    perplexity --model lines.safetensors --per-token lines.ids > scores.jsonl     # records with ids
    ~/torch/bin/python Tests/References/interoperability.py lines.safetensors scores.jsonl

Prints the largest difference of a log probability (of several labels: of a probability), relative to those beyond 1, and
fails above 1e-5.
"""
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "samples/pytorch"))
import load_model

model = load_model.load(sys.argv[1])
differences = []
for line in open(sys.argv[2]):
    record = json.loads(line)
    y = load_model.log_probabilities(model, record["ids"])
    if "probabilities" in record:  # several labels
        y, ours = y.exp(), record["probabilities"]
    else:
        ours = record["log_probabilities" if "log_probabilities" in record else "token_log_probabilities"]
    for a, b in zip(ours, y.tolist(), strict=True):
        if a is not None:  # padding is no target
            differences.append(abs(a - b) / max(abs(b), 1))
largest = float(torch.tensor(differences).max())
print(f"{len(differences)} numbers, largest difference {largest:.2g}")
sys.exit(int(not largest <= 1e-5))
