"""How time and memory of the programs grow with the number of records."""
import math
import os
import shlex
import subprocess
import time

from works import quoted

# The system's `time` says how much memory a program took at most; what Python hears of a child counts its own, too.
TIME = "/usr/bin/time"


def measured(command, output, note):
    """Seconds of one program, and its peak memory in MB if that can be told. `note` is a file for it."""
    arguments = shlex.split(command)
    if os.path.exists(TIME):
        arguments = [TIME, "-f", "%M", "-o", note, *arguments]
    with open(output, "wb") as file:
        start = time.perf_counter()
        subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, check=True, text=True)
        seconds = time.perf_counter() - start
    if not os.path.exists(TIME):
        return seconds, None
    with open(note) as file:
        return seconds, int(file.read()) / 1024


def slope(counts, seconds):
    """The exponent of growth: the slope of the line through the logarithms, by least squares."""
    x, y = ([math.log(value) for value in values] for values in (counts, seconds))
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y)) / sum((a - middle_x) ** 2 for a in x)


def run(setup, say, write):
    """Runs the programs and prints a table. Returns whether all of them ran."""
    counts = [10_000, 100_000] + [1_000_000] * (not setup.quick)
    paths = {name: setup.path(f"growth.{name}") for name in ("tokens", "vocab", "ids", "classifier", "lm")}
    # The models are small; what grows is the stream.
    setup.make(quoted(
        "tweet-tokenize --quiet {tweets} | tee {tokens} | vocab-build --quiet > {vocab}; "
        "tensorize --quiet --vocab {vocab} {tokens} | batch --quiet | train --quiet --preset classifier --steps 20 "
        "--seed 1 --vocab {vocab} --model {classifier}; "
        "train --quiet --preset gru-lm-trax --units 16 --depth 1 --steps 2 --seed 1 --tokenizer --characters --model {lm} "
        "{batches}", **paths, tweets=setup.data.tweets(), batches=setup.data.character_batches()))
    programs = {
        "tweet-tokenize": ("tweet-tokenize --quiet {tweets}", "tokens"),
        "vocab-build": ("vocab-build --quiet {tokens}", "vocab"),
        "tensorize": ("tensorize --quiet --vocab {vocab} {tokens}", "ids"),
        "batch": ("batch --quiet {ids}", None),
        "batch --shuffle": ("batch --quiet --shuffle --seed 1 {ids}", None),
        "predict": ("predict --quiet --model {classifier} {tokens}", None),
        "perplexity": ("perplexity --quiet --plain --model {lm} {lines}", None),
    }
    figures = {name: [] for name in programs}
    for count in counts:
        paths["tweets"], paths["lines"] = setup.data.tweets(count), setup.data.tweet_lines(count, 20)
        for name, (command, output) in programs.items():
            try:
                pair = measured(quoted(command, **paths), paths[output] if output else os.devnull, setup.path("memory"))
            except subprocess.CalledProcessError as error:
                say(f"growth: {name} failed: {error.stderr.strip()}")
                continue
            figures[name].append(pair)
            say(f"growth: {count:,} records: {name}: {pair[0]:.3g} s")
    print("\ngrowth: seconds (and peak MB) by the number of records; one run each")
    print("  " + " " * 16 + "".join(f"{count:>18,}" for count in counts) + "   slope, log-log")
    is_whole = True
    for name, pairs in figures.items():
        if len(pairs) < len(counts):
            print(f"  {name:16}  not measured")
            is_whole = False
            continue
        exponent = slope(counts, [seconds for seconds, _ in pairs])
        cells = (f"{seconds:.3g} ({'–' if memory is None else f'{memory:.0f}'})" for seconds, memory in pairs)
        print(f"  {name:16}{''.join(f'{cell:>18}' for cell in cells)}{exponent:11.2f}", flush=True)
        write({"work": "growth", "program": name, "records": counts, "slope": exponent,
               "seconds": [seconds for seconds, _ in pairs], "peak_mb": [memory for _, memory in pairs]})
    return is_whole
