"""Works of whole processes: their start, small inputs, models that are loaded, single records, files from the disk."""
import os
import re

from contestants import FirstAnswer, Latency, PerSecond, Pipeline, Start
from work import HERE, REPOSITORY, Target, Work, microseconds, quoted
from works_classifier import sentiment_model

TEXT_PROGRAMS = ["tweet-tokenize", "vocab-build", "tensorize", "batch"]
NEURAL_PROGRAMS = ["train", "predict", "perplexity", "gru-sample"]


def startup(setup):
    def slowest(programs):
        def figure(results):
            medians = [results.map(program + " ", lambda median: median) for program in programs]
            return None if None in medians else max(medians)
        return figure
    return Work(
        "from start to end, the median of 50 runs in a round", "ms",
        [*(Start(f"{name} --version", [name, "--version"], ours=True) for name in TEXT_PROGRAMS + NEURAL_PROGRAMS),
         Start("true (any process)", ["true"]), Start("fasttext", ["fasttext"]),
         Start("jq --version", ["jq", "--version"]), Start("python3 -c pass", [setup.python, "-c", "pass"])],
        [Target("all programs ≤ 4 ms", slowest(TEXT_PROGRAMS + NEURAL_PROGRAMS), 4, False)],
        lower_is_better=True, has_ratios=False)


def first_pipeline(setup):
    """The first pipeline of README as a script, and a folder for it with the samples."""
    with open(f"{REPOSITORY}/README.md") as file:
        commands = re.search(r"## One pipeline.*?```sh\n(.*?)```", file.read(), re.DOTALL)[1]
    folder, script = setup.path("readme"), setup.path("readme.sh")
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(f"{folder}/samples"):
        os.symlink(f"{REPOSITORY}/samples", f"{folder}/samples")
    with open(script, "w") as file:
        file.write(f"set -euo pipefail\n{commands}")
    return ["bash", script], folder


def small(setup):
    model, part = sentiment_model(setup), setup.path("ten")
    setup.make(quoted(
        "head -n 10 {tweets} > {part}.tweets; tweet-tokenize --quiet {part}.tweets > {part}.tokens; "
        "vocab-build --quiet {part}.tokens > {part}.vocab; "
        "tensorize --quiet --vocab {part}.vocab {part}.tokens > {part}.ids; "
        "batch --quiet --batch-size 10 {part}.ids > {part}.batches; "
        "head -n 10 {labelled} > {part}.labelled; cut -d ' ' -f 2- {part}.labelled > {part}.lines; "
        "train --quiet --preset gru-lm-trax --units 16 --depth 1 --steps 2 --seed 1 --tokenizer --characters "
        "--model {part}.lm {batches}",
        tweets=setup.data.tweets(), labelled=setup.data.labelled_tweet_lines(), part=part,
        batches=setup.data.character_batches()))

    def row(name, command, kind="", runs=20, **options):
        reads = f"{part}.{kind}" if kind else os.devnull
        return Start(name, command, reads=reads, runs=runs, **options)

    def ours(kind, *command):
        return row(" ".join(command[:1]), [command[0], "--quiet", *command[1:]], kind, ours=True)

    def python(name, script, *arguments, kind):
        return row(name, [setup.python, os.path.join(HERE, script), *arguments], kind, runs=3)
    readme, folder = first_pipeline(setup)
    return Work(
        "10 records through each program, and README's first pipeline, from start to end", "ms",
        [ours("tweets", "tweet-tokenize"), ours("tokens", "vocab-build"),
         ours("tokens", "tensorize", "--vocab", f"{part}.vocab"), ours("ids", "batch"),
         ours("batches", "train", "--layers", "Embedding(9088, 256) Mean Dense(2) LogSoftmax", "--steps", "1", "--seed",
              "1", "--model", f"{part}.safetensors"),
         ours("tokens", "predict", "--model", f"{model}.safetensors"),
         ours("lines", "perplexity", "--plain", "--model", f"{part}.lm"),
         row("gru-sample, 10 characters", ["gru-sample", "--quiet", "--seed", "1", "--length", "10", "--model",
                                           f"{part}.lm"], ours=True),
         row("README's first pipeline", readme, runs=3, ours=True, folder=folder),
         row("fasttext predict", ["fasttext", "predict", f"{model}.bin", "-"], "lines"),
         row("fasttext supervised, dim 256", ["fasttext", "supervised", "-input", f"{part}.labelled", "-output",
                                              f"{part}.fasttext", "-dim", "256", "-epoch", "1", "-thread", "1",
                                              "-verbose", "0"]),
         row("jq -c '.tokens|length'", ["jq", "-c", ".tokens|length"], "tokens"),
         python("Python json", "json_lines.py", "json", kind="tokens"),
         python("Python NLTK process_tweet", "tweets_once.py", setup.data.stop_words(), kind="tweets")],
        lower_is_better=True, has_ratios=False)


def model_load(setup):
    model, lm = sentiment_model(setup), setup.path("loaded")
    setup.make(quoted(
        "for precision in single half int8; do train --quiet --preset gru-lm-trax --steps 1 --seed 1 --tokenizer "
        "--characters --precision $precision --model {lm}.$precision {batches}; done", lm=lm,
        batches=setup.data.character_batches()))

    def ours(precision):
        return FirstAnswer(f"perplexity, 2 GRUs of 512, {precision}",
                           ["perplexity", "--quiet", "--plain", "--per-record", "--model", f"{lm}.{precision}"],
                           b"a line of text\n", ours=True)
    script = [setup.python, os.path.join(HERE, "first_answer.py")]
    rows = [
        FirstAnswer("predict, 256 columns",
                    ["predict", "--quiet", "--only", "prediction", "--model", f"{model}.safetensors"],
                    b'{"tokens":["happi","day"]}\n', ours=True),
        *map(ours, ("single", "half", "int8")),
        FirstAnswer("fasttext predict, 256 columns", ["fasttext", "predict", f"{model}.bin", "-"], b"happy day\n"),
        FirstAnswer("torch.load, 2 GRUs of 512", [*script, lm + ".torch"], b"a line of text\n", runs=2)]

    def size(contestant, _):
        path = next((part for part in contestant.command if part.startswith(setup.folder)), "")
        return f"{os.path.getsize(path) / 1e6:.1f} MB" if os.path.exists(path) else ""
    return Work("from start to the first answer, files in memory", "ms", rows, lower_is_better=True, has_ratios=False,
                limit=size,
                targets=[Target("predict ≤ 1 × fastText", lambda results: results.ratio("predict", ["fasttext"]), 1,
                                False)])


def latency(setup):
    model, lines = sentiment_model(setup), setup.data.tweet_lines(10_000)
    predict = quoted("predict --quiet --model {model}.safetensors --only prediction", model=model)
    return Work(
        f"the answer to one record, through pipes, {Latency.COUNT:,} times: the median (p50)", "µs",
        [Latency("predict, tokens", predict, f"{model}.tokens", microseconds, ours=True),
         Latency("tweet-tokenize | predict, lines", f"tweet-tokenize --quiet --plain --only tokens | {predict}", lines,
                 microseconds, ours=True),
         Latency("fasttext predict, lines", quoted("fasttext predict {model}.bin -", model=model), lines,
                 microseconds)],
        lower_is_better=True, has_ratios=True,
        targets=[Target("predict ≤ 1 × fastText", lambda results: results.ratio("predict", ["fasttext"]), 1, False)])


def cold(setup):
    records, model = setup.data.whole_records(200_000), sentiment_model(setup) + ".safetensors"
    size = os.path.getsize(records)
    programs = [
        ("tweet-tokenize", "tweet-tokenize --quiet --only tokens {records}", [records]),
        ("vocab-build", "vocab-build --quiet {records}", [records]), ("batch", "batch --quiet {records}", [records]),
        ("predict", "predict --quiet --model {model} --only prediction {records}", [records, model]),
        ("wc -l (only reads)", "wc -l {records}", [records])]

    def row(name, command, files):
        return Pipeline(name, quoted(command, records=records, model=model), PerSecond(size / 1e6), cold=files,
                        ours=not name.startswith("wc"))
    return Work(
        f"a file of {size / 1e6:.0f} MB from the disk (cold: the system's pages of it are dropped before each run) and "
        "from memory (warm)", "MB/s",
        [row(f"{name}, {state}", command, files if state == "cold" else [])
         for name, command, files in programs for state in ("cold", "warm")], has_ratios=False)
