"""Opens a model of ours with the `safetensors` package, rebuilds it in PyTorch, and compares what both say of the same records.

    python3 -m venv ~/torch && ~/torch/bin/pip install torch safetensors numpy
    predict --model sentiment.safetensors test.ids > predictions.jsonl            # records with ids
    ~/torch/bin/python Tests/References/interoperability.py sentiment.safetensors predictions.jsonl
    perplexity --model lines.safetensors --per-record lines.ids > scores.jsonl    # records with ids
    ~/torch/bin/python Tests/References/interoperability.py lines.safetensors scores.jsonl

Prints the largest difference of a log probability (of a language model: of its mean over a record), relative to those beyond
1, and fails above 1e-5.
"""
import json
import re
import sys

import torch
from safetensors import safe_open

with safe_open(sys.argv[1], "pt") as file:
    metadata = file.metadata()
    names = set(file.keys())
    w = {}
    for name in names:
        if name.rsplit(".", 1)[0] in names:  # the scales or the rows of another
            continue
        x = file.get_tensor(name).double()
        if name + ".scales" in names:  # train --precision int8
            x *= file.get_tensor(name + ".scales")
        if name + ".rows" in names:  # rows of zeros are left out
            rows = file.get_tensor(name + ".rows")
            x, kept = torch.zeros(len(rows), x.shape[1], dtype=torch.float64), x
            x[rows] = kept
        w[name] = x
kinds = re.findall(r"[A-Z]\w*", metadata["layers"].split("(", 1)[1])


def gru(x, place):
    gates, gates_bias, candidate, candidate_bias = (
        w[f"{place}.GRU.{name}"] for name in ("gates", "gatesBias", "candidate", "candidateBias"))
    h, ys = torch.zeros(candidate.shape[1], dtype=torch.float64), []
    for step in x:
        u, r = torch.sigmoid(torch.cat([step, h]) @ gates + gates_bias).chunk(2)
        c = torch.tanh(torch.cat([step, r * h]) @ candidate + candidate_bias)
        h = u * h + (1 - u) * c
        ys.append(h)
    return torch.stack(ys)


def forward(ids):
    x = torch.tensor(ids)
    for place, kind in enumerate(kinds):
        if kind == "ShiftRight":
            x = torch.cat([torch.zeros(1, dtype=torch.long), x[:-1]])
        elif kind == "Embedding":
            x = w[f"{place}.Embedding.table"][x]
        elif kind == "Mean":
            x = x.mean(0)
        elif kind == "GRU":
            x = gru(x, place)
        elif kind == "Dense":
            x = x @ w[f"{place}.Dense.kernel"] + w[f"{place}.Dense.bias"]
        elif kind == "LogSoftmax":
            x = torch.log_softmax(x, -1)
        else:
            sys.exit(f"no {kind} here")
    return x


largest, records = 0, 0
for line in open(sys.argv[2]):
    record = json.loads(line)
    y = forward(record["ids"])
    if "log_probabilities" in record:
        ours = torch.tensor(record["log_probabilities"], dtype=torch.float64)
        difference = ((y - ours).abs() / y.abs().clamp(min=1)).max()
    else:
        total = y[torch.arange(len(record["ids"])), torch.tensor(record["ids"])].sum()
        difference = abs(total - record["total_log_probability"]) / len(record["ids"])
    largest, records = max(largest, float(difference)), records + 1
print(f"{metadata['layers']}: {records} records, largest difference {largest:.2g}")
sys.exit(int(not records or largest > 1e-5))
