"""Reads files of batches, as `batch` writes them."""
import json

import numpy as np


def read(file):
    """The inputs `[batch, time]` and the targets of every batch."""
    with open(file) as lines:
        records = [json.loads(line) for line in lines]
    return [(np.array(r["inputs"], np.int32), np.array(r["targets"], np.int32)) for r in records]


def without_padding(inputs):
    """All ids that are not padding in a row, and where each text begins among them."""
    lengths = (inputs != 0).sum(axis=1)
    return inputs[inputs != 0], np.concatenate([[0], np.cumsum(lengths)[:-1]])
