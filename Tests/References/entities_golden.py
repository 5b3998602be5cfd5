#!/usr/bin/env python3
"""Writes Tests/ReportsTests/Golden/entities.json: random tag sequences, many of them broken, and what seqeval says of them.

    pip install seqeval==1.2.2
    python3 Tests/References/entities_golden.py Tests/ReportsTests/Golden/entities.json

500 pairs of true and predicted tags; for each the entities that seqeval's default mode (conlleval's) finds in both, and for
every fifty pairs, and for all, the classification report and the accuracy over tokens.
"""

import json
import random
import sys
import warnings

import seqeval
from seqeval.metrics import accuracy_score, classification_report
from seqeval.metrics.sequence_labeling import get_entities

warnings.filterwarnings("ignore")
random.seed(14)
BIO = ["O", "B-per", "I-per", "B-geo", "I-geo", "B-a-b", "I-a-b"]
IOBES = BIO + ["E-per", "S-per", "E-geo", "S-geo"]
BARE = ["O", "B", "I"]


def sequence(tags, length):
    """Tags drawn alone, or with a leaning to go on as the one before."""
    drawn = []
    for _ in range(length):
        if drawn and drawn[-1] != "O" and random.random() < 0.4:
            drawn.append(drawn[-1].replace("B", "I", 1))
        else:
            drawn.append(random.choice(tags))
    return drawn


def damaged(tags, true):
    """The true tags with some others."""
    return [random.choice(tags) if random.random() < 0.25 else tag for tag in true]


def report(pairs):
    true, predicted = [list(part) for part in zip(*pairs)]
    figures = classification_report(true, predicted, output_dict=True, zero_division=0)
    rows = [
        [name, float(row["precision"]), float(row["recall"]), float(row["f1-score"]), int(row["support"])]
        for name, row in figures.items()
    ]
    return {"accuracy": accuracy_score(true, predicted), "rows": rows}


pairs = []
for index in range(500):
    tags = BARE if index % 20 == 19 else IOBES if index % 3 == 2 else BIO
    true = sequence(tags, random.randint(1, 14))
    pairs.append((true, damaged(tags, true) if index % 2 else sequence(tags, len(true))))

with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "versions": {"seqeval": seqeval.__version__ if hasattr(seqeval, "__version__") else "1.2.2"},
            "pairs": [[" ".join(true), " ".join(predicted)] for true, predicted in pairs],
            "entities": [[get_entities(true), get_entities(predicted)] for true, predicted in pairs],
            "reports": [report(pairs[start : start + 50]) for start in range(0, 500, 50)] + [report(pairs)],
        },
        file,
    )
    file.write("\n")
