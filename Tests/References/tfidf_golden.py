"""Writes Tests/NeuralTests/Golden/tfidf.json: texts of ids, and what scikit-learn's tf-idf makes of them times a table.

    python3 -m venv ~/learn && ~/learn/bin/pip install scikit-learn
    ~/learn/bin/python Tests/References/tfidf_golden.py > Tests/NeuralTests/Golden/tfidf.json

Each group of ids is a TfidfVectorizer(binary=True) of its own, fitted on the first texts and applied to the others, among which
are ids that were not seen, an empty text, and padding.
"""
import json

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

ROWS, DEPTH, WORDS = 40, 3, 12
random = np.random.default_rng(5)


def draw(count, least):
    return [random.integers(1, ROWS, random.integers(least, 9)).tolist() for _ in range(count)]


fitted = draw(20, 1)
others = draw(6, 2) + [[], [WORDS], [3, 3, 3]]
table = random.normal(size=(ROWS, DEPTH)).round(4)
bias = random.normal(size=DEPTH).round(4)
y = np.tile(bias, (len(others), 1))
for group in (range(1, WORDS), range(WORDS, ROWS)):
    def members(text):
        return [i for i in text if i in group]
    features = TfidfVectorizer(analyzer=members, binary=True).fit(fitted)
    ids = sorted(features.vocabulary_, key=features.vocabulary_.get)
    y += features.transform(others) @ table[ids]
print(json.dumps({
    "rows": ROWS, "depth": DEPTH, "words": WORDS, "fitted": fitted, "others": others, "table": table.ravel().tolist(),
    "bias": bias.tolist(), "outputs": [float(f"{v:.9g}") for v in y.ravel()]}))
