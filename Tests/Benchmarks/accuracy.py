"""How much is right on six sets of labelled texts: the preset text, LinearSVC and fastText, all of the same tokens."""
import json
import os
import shutil
import statistics
import subprocess
import time

from contestants import Unavailable
from labelled import SETS, score, tenth
from work import HERE, Target

# Ours, as one would type it; `train` and `test` are JSON Lines with "text" and "label".
TOKENS = """
tweet-tokenize --raw --keep-handles train > train.tokens
tweet-tokenize --raw --keep-handles test > test.tokens
vocab-build train.tokens > vocab
"""
TRAINING = """
tensorize --vocab vocab {runs} train.tokens |
  batch --labels {labels} --class-weights balanced --batch-size 32 --epochs 10 --shuffle --seed {seed} |
  train --preset text --steps {steps} --seed {seed} --vocab vocab --labels {labels} --tokenizer '{runs}' \\
    --precision {precision} --model model.safetensors > reports
"""
PREDICTIONS = "predict --model model.safetensors --only prediction test > predictions"
RUNS = "--ngrams 2 --char-ngrams 2-5"
# How ours is made: n-grams and precision. The first is what is compared.
KINDS = {"ours": (RUNS, "single"), "half": (RUNS, "half"), "int8": (RUNS, "int8"), "words": ("", "single")}


class Set:
    """One of the sets, with its tokens, in a folder of its own."""

    def __init__(self, name, parts, folder):
        self.name, self.folder = name, folder
        os.makedirs(folder)
        for part, records in zip(("train", "test"), parts):
            with open(f"{folder}/{part}", "w", encoding="utf-8") as file:
                for record in records:
                    record = {name: record[name] for name in ("text", "label")}
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
        self.run(TOKENS)
        (self.texts, self.labels), (self.test_texts, self.test_labels) = map(self.tokens, ("train", "test"))

    def run(self, commands):
        command = f"set -euo pipefail; {commands}"
        result = subprocess.run(["bash", "-c", command], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        if result.returncode:
            raise Unavailable((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])

    def tokens(self, part):
        """The tokens of each text with blanks between, and the labels."""
        with open(f"{self.folder}/{part}.tokens", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        return [" ".join(record["tokens"]) for record in records], [record["label"] for record in records]

    def score(self, predictions):
        return score(self.name, self.test_labels, predictions)


def ours(data, kind, seeds):
    """Scores, seconds from tokens to model file, and bytes of the file, each a number a seed."""
    runs, precision = KINDS[kind]
    labels = ",".join(map(str, range(max(data.labels) + 1)))
    scores, times, sizes = [], [], []
    for seed in range(1, seeds + 1):
        start = time.perf_counter()
        data.run(TRAINING.format(runs=runs, labels=labels, seed=seed, precision=precision,
                                 steps=-(-10 * len(data.labels) // 32)))
        times.append(time.perf_counter() - start)
        sizes.append(os.path.getsize(f"{data.folder}/model.safetensors"))
        data.run(PREDICTIONS)
        with open(f"{data.folder}/predictions") as lines:
            scores.append(data.score([json.loads(line)["prediction"] for line in lines]))
    return {"scores": scores, "seconds": times, "bytes": sizes}


def linear_svc(data):
    """scikit-learn's LinearSVC of words, pairs and runs of 2 to 5 characters; C is the best on a tenth."""
    try:
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
    except ImportError as error:
        raise Unavailable(str(error)) from None

    features = {}

    def predictions(c, texts, labels, others):
        kinds = [TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True),
                 TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)]
        key = len(texts)
        if key not in features:
            features[key] = [hstack([kind.fit_transform(texts) for kind in kinds]).tocsr(),
                             hstack([kind.transform(others) for kind in kinds]).tocsr()]
        model = LinearSVC(C=c, class_weight="balanced", random_state=0).fit(features[key][0], labels)
        return model.predict(features[key][1]).tolist()

    learn, held = ([(data.texts[place], data.labels[place]) for place in places] for places in tenth(data.labels))
    (texts, labels), (others, targets) = zip(*learn), zip(*held)
    best = max((0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
               key=lambda c: score(data.name, targets, predictions(c, texts, labels, others)))
    found = predictions(best, data.texts, data.labels, data.test_texts)
    return {"scores": [data.score(found)], "notes": f"C {best}"}


def fasttext(data, seeds, minutes, python):
    """fastText with the settings of its own search on a tenth, trained anew on everything (fasttext_tuned.py)."""
    def write(name, lines):
        with open(f"{data.folder}/{name}", "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    labelled = [f"__label__{label} {text}" for label, text in zip(data.labels, data.texts)]
    learn, held = tenth(data.labels)
    write("learn", [labelled[place] for place in learn])
    write("held", [labelled[place] for place in held])
    write("all", labelled)
    write("test.lines", data.test_texts)
    # Of all labels fastText knows the F1 of all predictions together only, no mean of the classes.
    metric = "f1:__label__1" if data.name == "irony" else "f1"
    command = [python, "-B", f"{HERE}/fasttext_tuned.py", data.folder, str(60 * minutes), metric, str(seeds)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode:
        lines = [line for line in result.stderr.replace("\r", "\n").splitlines() if "Progress" not in line]
        raise Unavailable(f"exit status {result.returncode}: {' '.join(lines[-1:])}")
    result, commonest = json.loads(result.stdout), statistics.mode(data.labels)
    notes = " ".join(f"{name} {value:.4g}" for name, value in result["settings"].items())
    scores = [data.score([commonest if answer is None else answer for answer in answers])
              for answers in result["answers"]]
    return {"scores": scores, "notes": f"{notes}; trainings: {len(scores)}"}


def mean(figures, kind, field="scores"):
    """The mean over the sets of the means over the seeds; None where one is missing."""
    every = [row[kind] and statistics.mean(row[kind][field]) for row in figures.values()]
    return statistics.mean(every) if every and None not in every else None


def ahead(figures):
    """Ours less the better of the others, by set and in the mean; None without one of them."""
    margins = {}
    for name, some in [*((name, {name: row}) for name, row in figures.items()), ("mean", figures)]:
        of_ours, *peers = (mean(some, kind) for kind in ("ours", "LinearSVC", "fastText"))
        margins[name] = None if None in (of_ours, *peers) else of_ours - max(peers)
    return margins


def lost(figures, kind):
    single, other = mean(figures, "ours"), mean(figures, kind)
    return None if None in (single, other) else single - other


TARGETS = [
    Target("mean ≥ that of the better of the two", lambda figures: ahead(figures)["mean"], 0),
    Target("no set more than 1 point behind", lambda figures: None if None in ahead(figures).values()
           else min(ahead(figures).values()), -1),
    Target("goal: mean ≥ that of the better + 2", lambda figures: ahead(figures)["mean"], 2),
    Target("half loses ≤ 0.3 points", lambda figures: lost(figures, "half"), 0.3, False),
    Target("int8 loses ≤ 0.3 points", lambda figures: lost(figures, "int8"), 0.3, False),
]


def text(figure, signed=False):
    return "–" if figure is None else f"{figure:+.1f}" if signed else f"{figure:.1f}"


def print_table(header, lines):
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]
    for line in [header, *lines]:
        first, *others = (cell.rjust(width) if place else cell.ljust(width)
                          for place, (cell, width) in enumerate(zip(line, widths)))
        print("  " + "   ".join([first, *others]))


def cell(row):
    """Mean (lowest … highest)."""
    if row is None:
        return "–"
    scores = row["scores"]
    spread = f" ({min(scores):.1f} … {max(scores):.1f})" if len(scores) > 1 else ""
    return text(statistics.mean(scores)) + spread


def report(figures, seeds, minutes, write):
    margins = ahead(figures)
    print(f"\naccuracy: macro F1 (irony: F1 of class 1) in points; seeds: {seeds}, mean (lowest … highest); "
          f"fastText's autotune: {minutes:g} min a set")
    peers = ("ours", "LinearSVC", "fastText")
    print_table(
        ["set", "preset text", "LinearSVC", "fastText", "ours − better", "seconds"],
        [[name, *(cell(row[kind]) for kind in peers), text(margins[name], True),
          text(row["ours"] and statistics.mean(row["ours"]["seconds"]))] for name, row in figures.items()]
        + [["mean", *(text(mean(figures, kind)) for kind in peers), text(margins["mean"], True),
            text(mean(figures, "ours", "seconds"))]])
    print("\naccuracy: the file in MB, and the score, by --precision; and without runs (--ngrams, --char-ngrams)")
    kinds = ("ours", "half", "int8")
    megabytes = lambda row: "–" if row is None else f"{statistics.mean(row['bytes']) / 1e6:.2f}"  # noqa: E731
    print_table(
        ["set", *(name for kind in ("single", "half", "int8") for name in (kind, "")), "words alone"],
        [[name, *(part for kind in kinds for part in (megabytes(row[kind]), cell(row[kind]))), cell(row["words"])]
         for name, row in figures.items()]
        + [["mean", *(part for kind in kinds for part in ("", text(mean(figures, kind)))),
            text(mean(figures, "words"))]])
    for name, row in figures.items():
        for kind in ("LinearSVC", "fastText"):
            if row[kind]:
                print(f"  {name}: {kind}: {row[kind]['notes']}")
    for target in TARGETS:
        value = target.figure(figures) if len(figures) == len(SETS) else None
        verdict = "not measured" if value is None else f"{value:.2f}, {'met' if target.is_met(value) else 'NOT MET'}"
        print(f"  target {target.text}: {verdict}")
        write({"work": "accuracy", "target": target.text, "value": value,
               "is_met": None if value is None else target.is_met(value)})


def run(setup, names, seeds, minutes, say, write):
    """Measures the sets of these names (all of them without) and prints tables. Returns whether all of ours ran."""
    figures, is_whole = {}, True
    for name in names or SETS:
        try:
            data = Set(name, SETS[name](setup.data), setup.path(name))
        except FileNotFoundError as error:
            print(f"accuracy: {name} is skipped: {error}", flush=True)
            continue
        contestants = {kind: (lambda kind=kind: ours(data, kind, seeds)) for kind in KINDS}
        contestants["LinearSVC"] = lambda: linear_svc(data)
        contestants["fastText"] = lambda: fasttext(data, seeds, minutes, setup.python)
        figures[name] = {}
        for kind, measure in contestants.items():
            say(f"accuracy: {name}, {len(data.labels):,} and {len(data.test_labels):,} texts: {kind}")
            try:
                row = measure()
                say(f"accuracy: {name}: {kind}: {cell(row)} {row.get('notes', '')}")
                write({"work": "accuracy", "set": name, "contestant": kind, "minutes": minutes, **row})
            except Unavailable as error:
                row = None
                print(f"accuracy: {name}: {kind} is not measured: {error}", flush=True)
                is_whole &= kind not in KINDS
                write({"work": "accuracy", "set": name, "contestant": kind, "failure": str(error)})
            figures[name][kind] = row
        shutil.rmtree(data.folder)
    if figures:
        report(figures, seeds, minutes, write)
    return is_whole
