"""How time and memory of the programs grow with the number of records, with one long line, with many types."""
import math
import os
import shutil
import subprocess
import tempfile

import usage
from contestants import last_line
from data import Data, json_line, word
from tables import print_lines, print_targets, short
from work import REPOSITORY, Target, quoted

# From this number of records on, the start of a program no longer counts.
FROM = 100_000
LARGE = 10_000_000
PROGRAMS = {
    "tweet-tokenize": ("tweet-tokenize --quiet {tweets}", "tokens"),
    "vocab-build": ("vocab-build --quiet {tokens}", "vocab"),
    "tensorize": ("tensorize --quiet --vocab {vocab} {tokens}", "ids"),
    "batch": ("batch --quiet {ids}", None),
    "batch --shuffle": ("batch --quiet --shuffle --seed 1 {ids}", None),
    "predict": ("predict --quiet --model {classifier} {tokens}", None),
    "perplexity": ("perplexity --quiet --plain --model {lm} {lines}", None),
}
GROWS = {"batch --shuffle"}  # the whole set is in memory


class Failed(Exception):
    """A program failed; the message is its own."""


def measured(command, output=os.devnull, times=1):
    """The fastest of some runs of a program, which writes to a file, with the most memory that one took."""
    costs = []
    for _ in range(times):
        with open(output, "wb") as file, tempfile.TemporaryFile("w+") as errors:
            status, cost = usage.run(["bash", "-c", f"exec {command}"], stdin=subprocess.DEVNULL, stdout=file,
                                     stderr=errors)
            if status:
                raise Failed(last_line(errors) or f"exit status {status}")
        costs.append(cost)
    peaks = [cost.peak for cost in costs if cost.peak is not None]
    return min(costs)._replace(peak=max(peaks) if peaks else None)


def slope(counts, seconds):
    """The exponent of growth: the slope of the line through the logarithms, by least squares.

    >>> round(slope([10, 100, 1000], [0.2, 2, 20]), 6)
    1.0
    """
    x, y = ([math.log(value) for value in values] for values in (counts, seconds))
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y)) / sum((a - middle_x) ** 2 for a in x)


def cell(cost):
    return f"{short(cost.seconds)} ({'–' if cost.peak is None else short(cost.peak)})"


def many_records(setup, paths, counts, say, write):
    """Prints a table and the targets. Returns whether all programs ran."""
    costs = {name: [] for name in PROGRAMS}
    for count in counts:
        # Ten million records are not kept.
        data = setup.data if count <= 1_000_000 else Data(setup.path("large"), REPOSITORY)
        paths = {**paths, "tweets": data.tweets(count), "lines": data.tweet_lines(count, 20)}
        for name, (command, output) in PROGRAMS.items():
            try:
                cost = measured(quoted(command, **paths), paths[output] if output else os.devnull,
                                3 if count <= 1_000_000 else 1)
            except Failed as error:
                say(f"growth: {name} failed: {error}")
                continue
            costs[name].append(cost)
            say(f"growth: {count:,} records: {name}: {short(cost.seconds)} s")
    shutil.rmtree(setup.path("large"), ignore_errors=True)
    start = counts.index(FROM)
    slopes, slopes_of_cpu, memory = {}, {}, {}
    lines = [["seconds (and peak MB) by records", *(f"{count:,}" for count in counts), "slope", "of CPU s",
              f"peak ÷ that of {FROM:,}", ""]]
    for name, row in costs.items():
        if len(row) < len(counts):
            lines.append([name, *[""] * len(counts), "", "", "", "not measured"])
            continue
        slopes[name] = slope(counts[start:], [cost.seconds for cost in row[start:]])
        peaks = [cost.peak for cost in row]
        if None not in peaks:
            memory[name] = peaks[-1] / peaks[start]
        of_cpu = slopes_of_cpu[name] = slope(counts[start:], [cost.cpu for cost in row[start:]])
        lines.append([name, *map(cell, row), f"{slopes[name]:.2f}", f"{of_cpu:.2f}",
                      f"{memory[name]:.2f}" if name in memory else "–", ""])
        write({"work": "growth", "program": name, "records": counts, "slope": slopes[name],
               "slope_of_cpu": of_cpu,
               "seconds": [cost.seconds for cost in row], "cpu_seconds": [cost.cpu for cost in row], "peak_mb": peaks})
    print(f"\ngrowth: the fastest of three runs (of one, above a million); slope, log-log, from {FROM:,} records on")
    print_lines(lines)
    is_whole = len(slopes) == len(PROGRAMS)

    def farthest(slopes):
        return lambda _: max(abs(value - 1) for value in slopes.values()) if is_whole else None
    print_targets("growth", [
        Target("slopes 1.00 ± 0.05: the farthest is off by", farthest(slopes), 0.05, False),
        Target("the same of CPU s", farthest(slopes_of_cpu), 0.05, False),
        Target(f"peak memory ≤ 1.1 × that of {FROM:,} records (but of batch --shuffle)",
               lambda _: max((value for name, value in memory.items() if name not in GROWS), default=None), 1.1, False),
    ], None, write)
    return is_whole


def one_line(setup, paths):
    """Files of one line of almost 16 MB, the longest that the programs take, and their names and commands."""
    text, tokens = setup.path("long-text"), setup.path("long-tokens")
    size = 16_000_000
    with open(text, "w", encoding="utf-8") as file:
        every = " ".join(text for text, _ in setup.data.tweet_list)
        bytes_of_every = len(json_line({"text": every}).encode())
        repeated = " ".join([every] * (size // bytes_of_every + 1))
        while len(line := json_line({"text": repeated}).encode()) > size:
            repeated = repeated[:len(repeated) * size // len(line) - 1]
        file.write(json_line({"text": repeated}))
    with open(tokens, "w", encoding="utf-8") as file:
        words = [word(number) for number in range(9000)]
        each = sum(len(word) + 3 for word in words)
        file.write(json_line({"tokens": words * (size // each)}))
    paths = {**paths, "text": text, "long": tokens}
    return [(f"{name}, one line of {os.path.getsize(file) / 1e6:.1f} MB", quoted(command, **paths))
            for name, command, file in (
                ("tweet-tokenize", "tweet-tokenize --quiet --only tokens {text}", text),
                ("tensorize", "tensorize --quiet --vocab {vocab} --only ids {long}", tokens),
                ("predict", "predict --quiet --model {classifier} --only prediction {long}", tokens))]


def many_types(setup):
    """A file of LARGE words, no two alike."""
    path, count = setup.path("types"), LARGE
    with open(path, "w", encoding="utf-8") as file:
        for first in range(0, count, 10):
            file.write(json_line({"tokens": [word(number) for number in range(first, first + 10)]}))
    return [(f"vocab-build, {count:,} types", quoted("vocab-build --quiet {path}", path=path))]


def run(setup, is_large, say, write):
    """Runs the programs and prints tables. Returns whether all of them ran."""
    counts = [10_000, FROM, 300_000 if setup.quick else 1_000_000]
    if is_large:
        free = shutil.disk_usage(setup.folder).free / 1e9
        if free < 15:
            print(f"\ngrowth: no {LARGE:,} records: {free:.0f} GB are free in {setup.folder}, 15 are needed")
            is_large = False
        else:
            counts.append(LARGE)
    paths = {name: setup.path(f"growth.{name}") for name in ("tokens", "vocab", "ids", "classifier", "lm")}
    # The models are small; what grows is the stream.
    setup.make(quoted(
        "tweet-tokenize --quiet {tweets} | tee {tokens} | vocab-build --quiet > {vocab}; "
        "tensorize --quiet --vocab {vocab} {tokens} | batch --quiet | train --quiet --preset classifier --steps 20 "
        "--seed 1 --vocab {vocab} --model {classifier}; "
        "train --quiet --preset gru-lm-trax --units 16 --depth 1 --steps 2 --seed 1 --tokenizer --characters "
        "--model {lm} {batches}", **paths, tweets=setup.data.tweets(), batches=setup.data.character_batches()))
    is_whole = many_records(setup, paths, counts, say, write)
    lines = [["one run each", "seconds", "CPU s", "peak MB", ""]]
    for name, command in one_line(setup, paths) + (many_types(setup) if is_large else []):
        try:
            cost = measured(command)
        except Failed as error:
            lines.append([name, "–", "", "", f"not measured: {error}"])
            is_whole = False
            continue
        lines.append([name, short(cost.seconds), short(cost.cpu), "–" if cost.peak is None else short(cost.peak), ""])
        write({"work": "growth", "program": name, "seconds": cost.seconds, "cpu_seconds": cost.cpu,
               "peak_mb": cost.peak})
    print("\ngrowth: long lines and large vocabularies")
    print_lines(lines)
    return is_whole
