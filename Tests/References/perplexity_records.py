"""Turns two NumPy files, log probabilities [batch, time, vocabulary] and targets [batch, time], into records for `perplexity`: a
line for each row of the batch. Needs nothing but Python.

    python3 Tests/References/perplexity_records.py predictions.npy targets.npy | perplexity
"""
import ast
import json
import struct
import sys


def read(file):
    """The numbers of an .npy file (float32 or int32) and their shape."""
    with open(file, "rb") as f:
        data = f.read()
    assert data[:6] == b"\x93NUMPY", f"{file} is no .npy file"
    size, start = (struct.unpack("<H", data[8:10])[0], 10) if data[6] == 1 else (struct.unpack("<I", data[8:12])[0], 12)
    header = ast.literal_eval(data[start:start + size].decode())
    assert not header["fortran_order"] and header["descr"] in ("<f4", "<i4", "<i8"), header
    kind = {"<f4": "f", "<i4": "i", "<i8": "q"}[header["descr"]]
    return [x[0] for x in struct.iter_unpack("<" + kind, data[start + size:])], header["shape"]


predictions, (rows, time, classes) = read(sys.argv[1])
targets, shape = read(sys.argv[2])
assert shape == (rows, time), "predictions and targets differ in shape"
for row in range(rows):
    first = row * time
    steps = [predictions[(first + t) * classes:(first + t + 1) * classes] for t in range(time)]
    print(json.dumps({"predictions": steps, "targets": targets[first:first + time]}, separators=(",", ":")))
