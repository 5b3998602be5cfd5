"""Compares a report of `predict --report-file report.json` with scikit-learn's figures of the same predictions.

    python3 -m venv ~/sklearn && ~/sklearn/bin/pip install scikit-learn
    predict --model m.safetensors --report-file report.json test.ids > predictions.jsonl
    ~/sklearn/bin/python Tests/References/classification_report.py report.json predictions.jsonl
"""
import json
import sys

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, confusion_matrix, log_loss, precision_recall_fscore_support, roc_auc_score

report = json.load(open(sys.argv[1]))
records = [json.loads(line) for line in open(sys.argv[2])]
labels, predictions = ([r[name] for r in records] for name in ("label", "prediction"))
classes = list(range(len(report["confusion_matrix"])))
worst = abs(report["accuracy"] - accuracy_score(labels, predictions))
assert report["confusion_matrix"] == confusion_matrix(labels, predictions, labels=classes).tolist()
for average, rows in ((None, report["classes"][:-2]), ("macro", [report["classes"][-2]]), ("weighted", [report["classes"][-1]])):
    figures = precision_recall_fscore_support(labels, predictions, labels=classes if average is None else None, average=average, zero_division=0)
    for name, values in zip(("precision", "recall", "f1"), figures):
        worst = max(worst, np.abs(np.ravel(values) - [row[name] for row in rows]).max())
confidence = np.exp([max(r["log_probabilities"]) for r in records])
right, error = np.equal(labels, predictions), 0
for low in range(10):
    inside = (confidence > low / 10) & (confidence <= (low + 1) / 10)
    if inside.any():
        error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
worst = max(worst, abs(error - report["expected_calibration_error"]))
probabilities = np.exp([r["log_probabilities"] for r in records])
worst = max(worst, abs(log_loss(labels, probabilities, labels=classes) - report["log_loss"]))
for curve in report.get("curves", []):
    label = 1 if len(classes) == 2 else [row["name"] for row in report["classes"]].index(curve["name"])
    truth = np.equal(labels, label)
    for name, score in (("roc_auc", roc_auc_score), ("average_precision", average_precision_score)):
        if curve[name] is not None:
            worst = max(worst, abs(score(truth, probabilities[:, label]) - curve[name]))
print(f"{len(records)} records, {len(classes)} classes: largest difference {worst:.2g}")
sys.exit(int(worst > 1e-6))
