"""fastText with the settings of its own search: fasttext_tuned.py FOLDER SECONDS METRIC SEEDS

FOLDER has the files `learn` and `held` to search with and `all` to train on with what was found, texts with labels as
fastText reads them, and `test.lines`, a text a line. Prints a JSON object: the settings, and of each training the
labels of `test.lines`, null where fastText has none. There are as many trainings as SEEDS, as long as they take no more
than a fifth of the time of the search.
"""
import json
import subprocess
import sys
import time

import fasttext

SEARCH = """
import fasttext, sys
folder, seconds, metric = sys.argv[1:]
fasttext.train_supervised(f"{folder}/learn", autotuneValidationFile=f"{folder}/held", autotuneMetric=metric,
                          autotuneDuration=round(float(seconds)), dim=100, thread=2, verbose=3)
"""


def search(folder, seconds, metric):
    """The settings of the best trial.

    A trial whose table is not there yet when the time is up would go on to its end, for many minutes. So the search is
    a process that is ended then; it says enough of each trial. It may search for the depth of its tables, too, but then
    tries some of 40 GB: with fastText's own depth it is 4 GB at most.
    """
    command = [sys.executable, "-c", SEARCH, folder, str(seconds), metric]
    try:
        said = subprocess.run(command, stdout=subprocess.PIPE, timeout=seconds + 5).stdout
    except subprocess.TimeoutExpired as expired:
        said = expired.stdout or b""
    trial, best, best_score = {}, None, -1.0
    for line in said.decode().splitlines():
        name, _, value = line.partition(" = ")
        if name == "currentScore" and float(value) > best_score:
            best, best_score = dict(trial), float(value)
        trial[name] = value
    if best is None:
        sys.exit("fastText's search came to no trial")
    whole = ("epoch", "dim", "wordNgrams", "minn", "maxn", "bucket")
    return {"lr": float(best["lr"]), **{name: int(best[name]) for name in whole}}


folder, seconds, metric, seeds = sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
settings = search(folder, seconds, metric)
with open(f"{folder}/test.lines", encoding="utf-8") as file:
    texts = file.read().split("\n")[:-1]
answers, end = [], time.monotonic() + seconds / 5
for seed in range(1, seeds + 1):
    if answers and time.monotonic() > end:
        break
    model = None  # the memory of the one before is free again
    model = fasttext.train_supervised(f"{folder}/all", thread=2, verbose=0, seed=seed, **settings)
    labels, _ = model.predict(texts)
    answers.append([int(label[0].removeprefix("__label__")) if label else None for label in labels])
print(json.dumps({"settings": settings, "answers": answers}))
