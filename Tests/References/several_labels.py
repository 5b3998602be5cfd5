"""Writes Tests/NeuralTests/Golden/several-labels.json: cross entropies of several labels a row, their gradients and the metrics, as
PyTorch and scikit-learn compute them; and Tests/ReportsTests/Golden/several-labels.jsonl: predictions of a model of ours on held-out
texts with three labels that do not exclude each other, and in its last line scikit-learn's figures of them.

    python3 -m venv venv && venv/bin/pip install torch scikit-learn numpy
    PATH=$PWD/bin:$PATH venv/bin/python Tests/References/several_labels.py

The loss is `BCEWithLogitsLoss`, whose elements are weighted by rows; the mean over rows is that of their weights. Logits go up to
80 and down to -80, where probabilities are 0 or 1 as floats.
"""
import json
import math
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics

root = Path(__file__).parents[2]
generator = np.random.default_rng(3)


def pack(x):
    x = np.asarray(x, dtype=np.float32)
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in x.ravel()]}


def loss_case(rows, classes, scale):
    x = (scale * generator.standard_normal((rows, classes))).astype(np.float32).clip(-80, 80)
    t = (generator.random((rows, classes)) < 0.4).astype(np.float32)
    w = generator.choice([0, 0.5, 1, 2], rows).astype(np.float32)
    w[0] = 1
    logits = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    each = torch.nn.BCEWithLogitsLoss(reduction="none")(logits, torch.tensor(t, dtype=torch.float64)).mean(1)
    loss = (each * torch.tensor(w)).sum() / w.sum()
    loss.backward()
    said, weights = x >= 0, w.astype(float)
    averages = {
        name: metrics.f1_score(t, said, average=average, sample_weight=weights, zero_division=0)
        for name, average in (("micro_f_score", "micro"), ("macro_f_score", "macro"), ("samples_f_score", "samples"))
    }
    averages["subset_accuracy"] = metrics.accuracy_score(t, said, sample_weight=weights)
    return {
        "logits": pack(x), "targets": pack(t), "weights": pack(w), "log_probabilities": pack(torch.nn.functional.logsigmoid(logits).detach()),
        "loss": loss.item(), "gradient": pack(logits.grad), "metrics": averages,
    }


sizes = ((1, 2, 1), (5, 3, 2), (7, 2, 3), (64, 9, 2), (33, 4, 30))
golden = {"cases": [loss_case(*size) for size in sizes]}
(root / "Tests/NeuralTests/Golden/several-labels.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")

# Texts about food, weather and travel, or two of them, or none; a few words say nothing, and some labels are wrong.
words = {
    "food": "soup bread lunch cheese tasty dinner pasta".split(), "weather": "rain sunny storm cloud wind snow cold".split(),
    "travel": "train flight hotel ticket luggage border map".split(),
}
others = "the a today was very we it and then some".split()
chance = random.Random(5)


def example():
    labels = [name for name in words if chance.random() < 0.4]
    tokens = chance.choices(others, k=chance.randint(3, 8))
    for name in labels:
        tokens += chance.choices(words[name], k=chance.randint(1, 2))
    chance.shuffle(tokens)
    flipped = [name for name in words if (name in labels) != (chance.random() < 0.05)]
    return json.dumps({"tokens": tokens, "labels": flipped})


pipeline = """
vocab-build train.jsonl > vocab.json
tensorize --vocab vocab.json train.jsonl | batch --several-labels --labels food,weather,travel --shuffle --seed 1 --epochs 12 |
  train --preset classifier --units 16 --loss binary-cross-entropy --optimizer 'Adam(0.02)' --seed 1 --vocab vocab.json \\
    --labels food,weather,travel --model topics.safetensors > reports.jsonl
predict --model topics.safetensors --threshold weather=0.4,2=0.6 --report-file report.json held-out.jsonl
"""
with tempfile.TemporaryDirectory() as folder:
    for name, count in (("train", 600), ("held-out", 150)):
        Path(folder, name + ".jsonl").write_text("".join(example() + "\n" for _ in range(count)))
    output = subprocess.run(pipeline, shell=True, cwd=folder, check=True, capture_output=True, text=True).stdout
    report = json.loads(Path(folder, "report.json").read_text())

records = [json.loads(line) for line in output.splitlines()]
names = list(words)
truth = np.array([[name in r["labels"] for name in names] for r in records])
said = np.array([[name in r["label_name"] for name in names] for r in records])
# They are written as floats, with as many digits as tell one from the next.
p = np.array([r["probabilities"] for r in records]).astype(np.float32).astype(float)
assert ((p >= np.array([0.5, 0.4, 0.6], dtype=np.float32)) == said).all()
figures = {f"{average}_f1": metrics.f1_score(truth, said, average=average, zero_division=0) for average in ("micro", "macro", "samples")}
figures["subset_accuracy"] = metrics.accuracy_score(truth, said)
figures["log_loss"] = float(np.mean([metrics.log_loss(truth[:, k], p[:, k]) for k in range(3)]))
figures["classes"] = [
    dict(zip(("precision", "recall", "f1"), metrics.precision_recall_fscore_support(truth[:, k], said[:, k], average="binary", zero_division=0)))
    for k in range(3)
]
for key in ("micro_f1", "macro_f1", "samples_f1", "log_loss"):
    assert abs(report[key] - figures[key]) < 1e-9, (key, report[key], figures[key])
for ours, theirs in zip(report["classes"], figures["classes"]):
    assert all(abs(ours[key] - value) < 1e-9 for key, value in theirs.items())
assert math.isclose(report["exact_matches"] / report["records"], figures["subset_accuracy"])
with open(root / "Tests/ReportsTests/Golden/several-labels.jsonl", "w") as file:
    for r in records:
        file.write(json.dumps({key: r[key] for key in ("labels", "probabilities", "prediction")}, separators=(",", ":")) + "\n")
    file.write(json.dumps(figures) + "\n")
print(figures)
