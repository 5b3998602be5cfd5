"""Times KenLM's scores of texts by their characters: kenlm_score.py LINES

A call scores all lines by runs of three bytes, counted in the lines themselves. Smoothing is of no matter here: it
changes the numbers of the table and not how they are looked up.
"""
import collections
import importlib.metadata
import math
import os
import sys
import tempfile

import kenlm

import timing

with open(sys.argv[1], "rb") as file:
    lines = [" ".join(f"{byte:02x}" for byte in line.rstrip(b"\n")) for line in file]
counts = [collections.Counter() for _ in range(3)]
for line in lines:
    marked = ["<s>", *line.split(), "</s>"]
    for length, counter in enumerate(counts, 1):
        counter.update(zip(*(marked[start:] for start in range(length))))
counts[0][("<unk>",)] = 1
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.arpa")
    with open(path, "w") as file:
        file.write("\\data\\\n" + "".join(f"ngram {length}={len(c)}\n" for length, c in enumerate(counts, 1)))
        for length, counter in enumerate(counts, 1):
            file.write(f"\n\\{length}-grams:\n")
            total = sum(counter.values())
            for run, count in counter.items():
                begun = counts[length - 2][run[:-1]] if length > 1 else total
                back = "\t-0.5" if length < 3 else ""
                file.write(f"{math.log10(0.9 * count / begun):.5f}\t{' '.join(run)}{back}\n")
        file.write("\n\\end\\\n")
    model = kenlm.Model(path)
timing.serve(lambda _: sum(map(model.score, lines)), 2, version=importlib.metadata.version("kenlm"))
