"""Makes Tests/ReportsTests/Golden/reports.jsonl: 200 random sets of predictions with scikit-learn's figures of them.

    python3 -m venv ~/sklearn && ~/sklearn/bin/pip install scikit-learn
    ~/sklearn/bin/python Tests/References/reports.py > Tests/ReportsTests/Golden/reports.jsonl

Of two classes, of several, and of several labels a record; with ties among the scores, scores of 0 and 1, classes that do
not occur, and reports of one record. A figure that is not defined is null.
"""
import json
import warnings

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, log_loss, roc_auc_score

warnings.simplefilter("ignore")
random = np.random.default_rng(13)


def curves(truth, scores):
    """AUC and average precision of each column, and the means of those that are defined."""
    columns = list(zip(np.transpose(truth), np.transpose(scores)))
    auc = [roc_auc_score(t, s) if 0 < t.sum() < len(t) else None for t, s in columns]
    precision = [average_precision_score(t, s) if t.sum() > 0 else None for t, s in columns]
    mean = [float(np.mean(known)) if (known := [v for v in values if v is not None]) else None for values in (auc, precision)]
    return {"auc": auc, "average_precision": precision, "macro_auc": mean[0], "macro_average_precision": mean[1]}


def averages(truth, predictions, *names):
    return {f"{name}_f1": f1_score(truth, predictions, average=name, zero_division=0) for name in names}


for index in range(200):
    several = index % 3 == 2
    classes = 2 if index % 3 == 0 else int(random.integers(1 if several else 3, 7))
    n = int(random.choice([1, 2, 3, 7, 20, 40]))
    digits = int(random.choice([10, 100, 1000]))  # few different scores make ties
    report = {"classes": classes}
    if several:
        scores = random.integers(0, digits + 1, (n, classes)) / digits
        truth = (random.random((n, classes)) < np.clip(scores * random.random() + random.normal(0, 0.2, (n, classes)), 0, 1)).astype(int)
        predicted = (scores >= 0.5).astype(int)
        report["labels"] = [np.flatnonzero(row).tolist() for row in truth]
        report["f1"] = np.ravel(f1_score(truth, predicted, average=None, zero_division=0) if classes > 1 else f1_score(truth, predicted, zero_division=0)).tolist()
        if classes > 1:
            report |= averages(truth, predicted, "micro", "macro", "samples", "weighted")
        losses = [log_loss(t, s, labels=[0, 1]) for t, s in zip(truth.T, scores.T)]
        report["log_loss"] = float(np.mean(losses))
        report |= curves(truth, scores)
    else:
        scores = np.array([random.multinomial(digits, random.dirichlet([0.7] * classes)) for _ in range(n)]) / digits
        present = random.permutation(classes)[: random.integers(1, classes + 1)]
        labels = np.where(random.random(n) < 0.5, scores.argmax(1), random.choice(present, n))
        predicted = scores.argmax(1)
        truth = np.eye(classes, dtype=int)[labels]
        report["labels"] = labels.tolist()
        report |= averages(labels, predicted, "micro", "macro", "weighted")
        report["log_loss"] = log_loss(labels, scores, labels=range(classes))
        report["brier"] = brier_score_loss(labels, scores[:, 1], pos_label=1) if classes == 2 else float(((scores - truth) ** 2).sum(1).mean())
        columns = [1] if classes == 2 else range(classes)
        report |= curves(truth[:, columns], scores[:, columns])
    report["probabilities"] = scores.tolist()
    print(json.dumps(report, separators=(",", ":")))
