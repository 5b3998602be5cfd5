"""fastText with the settings of its own search: fasttext_tuned.py FOLDER SECONDS METRIC SEEDS

FOLDER has the files `learn` and `held` to search with and `all` to train on with what was found, texts with labels as
fastText reads them, and `test.lines`, a text a line. Prints a JSON object: the settings, and of each training the
labels of `test.lines`, null where fastText has none. There are as many trainings as SEEDS, as long as they take no more
than a fifth of the time of the search.
"""
import json
import sys
import time

import fasttext

folder, seconds, metric, seeds = sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
# It may search for the depth of its tables, too, but then tries some of 40 GB, and may not end in time: with fastText's
# own depth it is 4 GB at most.
found = fasttext.train_supervised(f"{folder}/learn", autotuneValidationFile=f"{folder}/held", autotuneMetric=metric,
                                  autotuneDuration=round(seconds), dim=100, thread=2, verbose=0).f.getArgs()
settings = {name: getattr(found, name) for name in ("epoch", "lr", "dim", "wordNgrams", "minn", "maxn", "bucket")}
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
