"""F scores of a few targets and predictions by scikit-learn's definitions (f1_score with average="macro" and "weighted"), written out:
the classes are those that occur in targets or predictions, and a class never predicted right has 0. Prints the figures
of MetricTests.swift.

    python3 Tests/References/f_scores.py
"""
from fractions import Fraction

TARGETS = [0, 0, 1, 1, 4, 4, 4]
PREDICTIONS = [0, 1, 1, 1, 4, 0, 5]


def scores(targets, predictions):
    pairs = list(zip(targets, predictions))
    for k in sorted(set(targets) | set(predictions)):
        right = sum(t == k and p == k for t, p in pairs)
        precision = Fraction(right, max(1, predictions.count(k)))
        recall = Fraction(right, max(1, targets.count(k)))
        total = precision + recall
        yield k, 2 * precision * recall / total if total else Fraction(0), targets.count(k)


found = list(scores(TARGETS, PREDICTIONS))
print(found)
print("macro", float(sum(f for _, f, _ in found) / len(found)))
print("weighted", float(sum(f * n for _, f, n in found) / len(TARGETS)))
