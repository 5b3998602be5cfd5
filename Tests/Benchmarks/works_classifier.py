"""Works of the tweet classifier: training steps, whole trainings, predictions."""
import json
import os
import re

from contestants import Difference, PerSecond, Pipeline
from work import CLASSIFIER, Target, Work, milliseconds, quoted, ratio

ROW = 256 * 4  # bytes of a row of the embedding


def dense_peers(setup, value):
    file = setup.data.batches(16)
    return [setup.peer("torch dense, fused Adam", "classifier.py", "step", "torch-dense", file, value=value),
            setup.peer("jax dense", "classifier.py", "step", "jax-dense", file, value=value)]


def classifier_step(setup):
    file = setup.data.batches(16)
    with open(file) as lines:
        touched = [len({id for row in json.loads(line)["inputs"] for id in row}) for line in lines]
    rows = sum(touched) / len(touched)

    def limit(contestant, median):
        # Adam reads the table, its gradient and two moments, and writes the table and the moments.
        moved = 7 * ROW * (9088 if "dense" in contestant.name else rows)
        return f"{moved / 1e6:.1f} MB a step, " + setup.share_of_bandwidth(moved / median * 1000, 2)
    return Work(
        f"a training step, {CLASSIFIER}, batch 16, Adam(0.01)", "ms/step",
        [setup.in_process("Trainer, 2 threads", "step", file, 2, CLASSIFIER, "Adam(0.01)", value=milliseconds),
         *dense_peers(setup, milliseconds),
         setup.peer("torch SparseAdam, padded", "classifier.py", "step", "torch-padded", file, value=milliseconds),
         setup.peer("torch SparseAdam, unpadded", "classifier.py", "step", "torch-unpadded", file,
                    value=milliseconds)],
        [Target("≤ 1/12 (0.0833) of the best dense peer", ratio("Trainer", "torch dense", "jax dense"), 1 / 12, False),
         Target("≤ 1/6 (0.167) of torch SparseAdam", ratio("Trainer", "torch SparseAdam"), 1 / 6, False)],
        lower_is_better=True, limit=limit)


def classifier_pipe(setup):
    counts = (2_000, 12_000) if setup.quick else (5_000, 45_000)
    command = quoted(
        "batch --quiet --batch-size 16 --repeat {ids} | train --quiet --layers {layers} --optimizer 'Adam(0.01)' "
        "--seed 1 --steps {{count}} --model {model}",
        ids=setup.data.ids(), layers=CLASSIFIER, model=setup.path("pipe.safetensors"))
    return Work(
        f"steps of batch | train, by the difference of runs of {counts[0]:,} and {counts[1]:,} (peers: in process)",
        "steps/s",
        [Difference("batch | train", command, counts, PerSecond(1), ours=True),
         *dense_peers(setup, PerSecond(1))],
        [Target("≥ 5 × the best dense peer", ratio("batch | train", "torch dense", "jax dense"), 5)])


def fasttext_train(setup):
    epochs = 25
    tokens = epochs * setup.data.id_count
    model = setup.path("tokens")

    def ours(batch):
        command = quoted(
            "batch --quiet --batch-size {batch} --epochs {epochs} {ids} | train --quiet --threads 2 --layers {layers} "
            "--optimizer 'Adam(0.01)' --seed 1 --model {model}.safetensors",
            batch=batch, epochs=epochs, ids=setup.data.ids(), layers=CLASSIFIER, model=model)
        return Pipeline(f"batch | train, batch {batch}", command, PerSecond(tokens), ours=True, has_first_run=False,
                        reads=setup.data.ids(), instruction_sizes=(64, 192))

    def peer(threads):
        def note(messages):
            rates = re.findall(r"words/sec/thread: *(\d+)", messages)
            return f"its own figure: {int(rates[-1]) * threads:,} words/s" if rates else ""
        command = quoted(
            "fasttext supervised -input {input} -output {model} -dim 256 -epoch {epochs} -thread {threads}",
            input=setup.data.labelled_words(), model=model, epochs=epochs, threads=threads)
        return Pipeline(f"fasttext supervised, thread {threads}", command, PerSecond(tokens), has_first_run=False,
                        read_note=note)
    return Work(
        f"training, {epochs} epochs of 10,000 tweets, the whole process", "tokens/s",
        [ours(64), ours(16), peer(2), peer(1)],
        [Target("batch 64 ≥ 1 × fastText", ratio("batch | train, batch 64", "fasttext supervised"), 1)])


def sentiment_model(setup):
    """A classifier of tweets, `.safetensors` with a table of 256 columns, and fastText's of the same size, `.bin`."""
    model = setup.path("sentiment")
    if not os.path.exists(f"{model}.safetensors"):
        setup.make(quoted(
            "tweet-tokenize --quiet {tweets} > {model}.tokens; vocab-build --quiet {model}.tokens > {model}.vocab; "
            "tensorize --quiet --vocab {model}.vocab {model}.tokens | "
            "batch --quiet --balance --shuffle --seed 1 --repeat | "
            "train --quiet --layers 'Embedding(256) Mean Dense(2) LogSoftmax' --steps 300 --seed 1 "
            "--vocab {model}.vocab --labels negative,positive --model {model}.safetensors; "
            "! command -v fasttext || fasttext supervised -input {labelled} -output {model} -dim 256 -thread 2",
            tweets=setup.data.tweets(), labelled=setup.data.labelled_tweet_lines(), model=model))
    return model


def predict_pipe(setup):
    count = 200_000
    lines, model = setup.data.tweet_lines(count), sentiment_model(setup)

    def ours(name, only_tokens, only_prediction):
        command = quoted(f"tweet-tokenize --quiet --plain {only_tokens} < {{lines}} | "
                         f"predict --quiet --model {{model}}.safetensors {only_prediction}", lines=lines, model=model)
        return Pipeline(name, command, PerSecond(count), ours=True, reads=lines)
    return Work(
        f"predictions for {count:,} lines, the whole pipeline, Embedding(256)", "lines/s",
        [ours("tweet-tokenize | predict, --only", "--only tokens", "--only prediction"),
         ours("tweet-tokenize | predict", "", ""),
         Pipeline("fasttext predict", quoted("fasttext predict {model}.bin - < {lines}", model=model, lines=lines),
                  PerSecond(count))],
        [Target("with --only ≥ 1 × fastText", ratio("tweet-tokenize | predict, --only", "fasttext"), 1)])


def predict_characters(setup):
    count, runs = 100_000, "--ngrams 2 --char-ngrams 3-5 --hash-bits 18"
    lines, model = setup.data.tweet_lines(count), setup.path("characters")
    setup.make(quoted(
        f"tweet-tokenize --quiet --raw {{tweets}} > {{model}}.tokens; vocab-build --quiet {{model}}.tokens > "
        f"{{model}}.vocab; tensorize --quiet --vocab {{model}}.vocab {runs} {{model}}.tokens | "
        "batch --quiet --shuffle --seed 1 > {model}.batches; "
        "for layers in text classifier; do train --quiet --preset $layers --steps 300 --seed 1 --vocab {model}.vocab "
        f"--labels negative,positive --tokenizer '{runs}' --model {{model}}.$layers {{model}}.batches; done; "
        "! command -v fasttext || fasttext supervised -input {labelled} -output {model} -dim 64 -wordNgrams 2 -minn 3 "
        "-maxn 5 -bucket 262144 -epoch 1 -thread 2",
        tweets=setup.data.tweets(), labelled=setup.data.labelled_tweet_lines(), model=model))

    def ours(name, preset):
        command = quoted(f"tweet-tokenize --quiet --raw --plain --only tokens < {{lines}} | "
                         f"predict --quiet --model {{model}}.{preset} --only prediction", lines=lines, model=model)
        return Pipeline(name, command, PerSecond(count), ours=True, reads=lines)
    return Work(
        f"predictions for {count:,} lines, the whole pipeline, pairs of tokens and runs of 3 to 5 characters",
        "lines/s",
        [ours("preset classifier, Embedding(64)", "classifier"), ours("preset text", "text"),
         Pipeline("fasttext predict, dim 64", quoted("fasttext predict {model}.bin - < {lines}", model=model,
                                                     lines=lines), PerSecond(count))],
        [Target("≥ 1 × fastText", ratio("preset classifier", "fasttext"), 1)])


def predict_ids(setup):
    file = setup.data.batches(256)
    row_bytes = setup.data.id_count / 10_000 * ROW
    value = PerSecond(256)
    return Work(
        f"forward, {CLASSIFIER}, batch 256, from ids in memory", "rows/s",
        [setup.in_process("MeanClassifier, as in predict", "predict-ids", file, 1, CLASSIFIER, value=value),
         setup.in_process("Serial.forward, 2 threads", "forward", file, 2, CLASSIFIER, value=value),
         setup.peer("torch EmbeddingBag, padded", "classifier.py", "predict", "torch-padded", file, value=value),
         setup.peer("torch EmbeddingBag, unpadded", "classifier.py", "predict", "torch-unpadded", file, value=value),
         setup.peer("jax, padded to 25", "classifier.py", "predict", "jax", file, value=value)],
        [Target("≥ 1.5 × torch EmbeddingBag", ratio("MeanClassifier", "torch"), 1.5)],
        limit=lambda contestant, median: "" if "MeanClassifier" in contestant.name
        else setup.share_of_bandwidth(median * row_bytes, 2))
