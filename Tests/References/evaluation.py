"""Evaluations over several uneven batches with weights, some of them 0, by scikit-learn: accuracy_score, f1_score (macro and weighted) and
log_loss with sample_weight, of the whole set at once. Examples of weight 0 are left out before, since they count for
nothing. Writes Tests/NeuralTests/Golden/evaluation.json, which MetricTests.swift reads.

    python3 -m venv venv && venv/bin/pip install scikit-learn
    venv/bin/python Tests/References/evaluation.py > Tests/NeuralTests/Golden/evaluation.json
"""
import json

import numpy as np
from scipy.special import softmax
from sklearn.metrics import accuracy_score, f1_score, log_loss

random = np.random.default_rng(7)
SETS = [(2, [5, 1, 9], 0.5), (3, [7, 7, 2, 1], 0.7), (6, [1, 16, 4], 1.0), (9, [13, 5, 11, 1], 0.8)]
evaluations = []
for classes, sizes, favour in SETS:
    count = sum(sizes)
    # Multiples of 1/64, which floats hold exactly. Not all classes need to occur.
    logits = np.round(random.normal(size=(count, classes)) * 64) / 64
    targets = random.integers(0, max(2, classes - 1), count)
    logits[np.arange(count), targets] += favour
    weights = random.choice([0, 0.5, 1, 3], count, p=[0.2, 0.2, 0.5, 0.1])
    kept = weights > 0
    y, p, w = targets[kept], softmax(logits, axis=1)[kept], weights[kept]
    guesses = p.argmax(axis=1)
    evaluations.append(
        {
            "classes": classes,
            "sizes": sizes,
            "logits": [[float(x) for x in row] for row in logits],
            "targets": [int(t) for t in targets],
            "weights": [float(x) for x in weights],
            "loss": float(f"{log_loss(y, p, sample_weight=w, labels=range(classes)):.9g}"),
            "accuracy": float(f"{accuracy_score(y, guesses, sample_weight=w):.9g}"),
            "macro_averaged_f_score": float(f"{f1_score(y, guesses, average='macro', sample_weight=w):.9g}"),
            "weighted_f_score": float(f"{f1_score(y, guesses, average='weighted', sample_weight=w):.9g}"),
        }
    )
print("[" + ",\n".join(json.dumps(e) for e in evaluations) + "]")
