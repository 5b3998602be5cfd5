"""The works that are compared: who takes part, on what, in which unit, and what is to be reached."""
import json
import os
import re
import shlex
import subprocess
import sys

from contestants import Difference, InProcess, Pipeline, Start

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT_PROGRAMS = ["tweet-tokenize", "vocab-build", "tensorize", "batch"]
NEURAL_PROGRAMS = ["train", "predict", "perplexity", "gru-sample"]
CLASSIFIER = "Embedding(9088, 256) Mean Dense(2) LogSoftmax"
ROW = 256 * 4  # bytes of a row of the embedding
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                     "RAYON_NUM_THREADS")}


class Work:
    """A table. `limit(contestant, median)` says how near to the machine's limits a figure is."""

    def __init__(self, title, unit, contestants, targets=(), lower_is_better=False, limit=None, has_ratios=True):
        self.title, self.unit, self.contestants, self.targets = title, unit, contestants, targets
        self.lower_is_better, self.limit, self.has_ratios = lower_is_better, limit, has_ratios


class Target:
    """A bound for `figure(results)`, which is None where it was not measured."""

    def __init__(self, text, figure, bound, is_least=True):
        self.text, self.figure, self.bound, self.is_least = text, figure, bound, is_least

    def is_met(self, value):
        return value >= self.bound if self.is_least else value <= self.bound


def ratio(ours, *peers):
    """Ours over the best of the peers, the median of the rounds. Names may be beginnings of names."""
    return lambda results: results.ratio(ours, peers)


class Setup:
    """What the works are made from."""

    def __init__(self, data, python, in_process, folder, quick):
        self.data, self.folder, self.quick = data, folder, quick
        self.python, self.in_process_program = python, in_process
        self.known_limits = {}

    def peer(self, name, script, *arguments, value, environment=()):
        command = [self.python, os.path.join(HERE, script), *map(str, arguments)]
        return InProcess(name, command, value, environment=environment)

    def in_process(self, name, *arguments, value):
        return InProcess(name, [self.in_process_program, *map(str, arguments)], value, ours=True)

    def path(self, name):
        """A file of this run only."""
        return os.path.join(self.folder, name)

    def make(self, command):
        """Runs a command that makes a file for the comparison."""
        subprocess.run(["bash", "-c", f"set -euo pipefail; {command}"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, text=True)

    def limits(self, threads):
        """What limits.py measures, once a run."""
        if threads not in self.known_limits:
            command = [self.python, os.path.join(HERE, "limits.py"), str(threads), "0.5" if self.quick else "2"]
            answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if answer.returncode:
                print(f"bench: no limits: {answer.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            self.known_limits[threads] = json.loads(answer.stdout) if answer.returncode == 0 else {}
        return self.known_limits[threads]

    def share_of_bandwidth(self, bytes_per_second, threads):
        rate = bytes_per_second / 1e9
        bandwidth = self.limits(threads).get("bandwidth")
        return f"{rate:.3g} GB/s" + (f", {rate / bandwidth:.0%} of {bandwidth:.0f}" if bandwidth else "")


def quoted(command, **paths):
    """Puts paths into a command."""
    return command.format(**{name: shlex.quote(str(path)) for name, path in paths.items()})


def per_second(count):
    return lambda seconds: count / seconds


def milliseconds(seconds):
    return seconds * 1000


def tokenize(setup):
    count = 200_000 if setup.quick else 400_000
    tweets, stop_words = setup.data.tweets(count), setup.data.stop_words()
    command = quoted("tweet-tokenize --quiet --threads {{threads}} < {tweets}", tweets=tweets)

    def ours(threads):
        name = f"tweet-tokenize, {threads} thread{'s' if threads > 1 else ''}"
        return Pipeline(name, command.format(threads=threads), per_second(count), ours=True)

    distinct, fresh = 100_000, setup.data.distinct_tweets(100_000)

    def peer(name, kind, calls):
        return setup.peer(name, "tokens.py", kind, setup.data.tweets(), stop_words, calls, value=per_second(calls),
                          environment={**ONE_THREAD, "TOKENIZERS_PARALLELISM": "false"})
    return Work(
        f"tokens of {count:,} tweets, JSON Lines in and out (peers: texts in memory, one thread)", "tweets/s",
        [ours(1), ours(2),
         Pipeline(f"tweet-tokenize, {distinct:,} different tweets",
                  quoted("tweet-tokenize --quiet < {tweets}", tweets=fresh), per_second(distinct), ours=True),
         peer("NLTK process_tweet", "nltk", 100),
         peer("NLTK, stems cached", "nltk-cache", 100),
         peer("HF tokenizers WordLevel", "tokenizers", 1000)],
        [Target("≥ 60 × NLTK process_tweet", ratio("tweet-tokenize, 1", "NLTK process_tweet"), 60),
         Target("≥ 3 × HF tokenizers", ratio("tweet-tokenize, 1", "HF"), 3),
         Target("two threads ≥ 1.7 × one", ratio("tweet-tokenize, 2", "tweet-tokenize, 1"), 1.7)])


def encoder(setup, name, kind, calls=1000):
    return setup.peer(name, "encoders.py", kind, setup.data.tweets(), calls, value=per_second(calls),
                      environment={**ONE_THREAD, "TOKENIZERS_PARALLELISM": "false"})


def subwords(setup):
    count = 100_000
    tweets, model = setup.data.tweets(count), setup.path("tweets.subword")
    setup.make(quoted("vocab-build --quiet --subwords 8000 < {learned} > {model}", learned=setup.data.tweets(),
                      model=model))
    return Work(
        f"subwords of {count:,} tweets out of about 8,000, JSON Lines in and out (peers: texts in memory, one thread)",
        "tweets/s",
        [Pipeline("tensorize --subwords", quoted("tensorize --quiet --subwords {model} --only ids < {tweets}",
                                                 model=model, tweets=tweets), per_second(count), ours=True),
         encoder(setup, "HF tokenizers BPE", "bpe"), encoder(setup, "HF tokenizers Unigram", "unigram"),
         encoder(setup, "SentencePiece BPE", "sentencepiece-bpe"),
         encoder(setup, "SentencePiece Unigram", "sentencepiece-unigram")],
        [Target("≥ 1 × HF tokenizers", ratio("tensorize", "HF"), 1),
         Target("≥ 1 × SentencePiece", ratio("tensorize", "SentencePiece"), 1)])


def ngrams(setup):
    count = 100_000
    tokens, vocabulary = setup.path("ngram-tokens.jsonl"), setup.path("ngram-vocabulary")
    setup.make(quoted(
        "tweet-tokenize --quiet --raw --only tokens,tokenizer < {tweets} > {tokens}; "
        "vocab-build --quiet --max-size 9088 < {tokens} > {vocabulary}",
        tweets=setup.data.tweets(count), tokens=tokens, vocabulary=vocabulary))

    def ours(name, options):
        command = quoted(f"tensorize --quiet --vocab {{vocabulary}} {options} --only ids < {{tokens}}",
                         vocabulary=vocabulary, tokens=tokens)
        return Pipeline(name, command, per_second(count), ours=True)
    return Work(
        f"ids of the tokens of {count:,} tweets and of their n-grams, JSON Lines in and out (peers: texts in memory, "
        "one thread)", "tweets/s",
        [ours("tensorize --char-ngrams 3-5", "--char-ngrams 3-5 --hash-bits 18"),
         ours("tensorize --ngrams 2", "--ngrams 2 --hash-bits 18"),
         ours("tensorize --ngrams 2 --char-ngrams 3-5", "--ngrams 2 --char-ngrams 3-5 --hash-bits 18"),
         ours("tensorize, tokens alone", ""),
         encoder(setup, "scikit-learn HashingVectorizer, characters 3 to 5", "characters"),
         encoder(setup, "HF tokenizers BPE, no n-grams", "bpe"),
         encoder(setup, "SentencePiece Unigram, no n-grams", "sentencepiece-unigram")],
        [Target("characters ≥ 1 × scikit-learn", ratio("tensorize --char", "scikit-learn"), 1),
         Target("pairs ≥ 1 × HF tokenizers", ratio("tensorize --ngrams 2", "HF"), 1)])


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
        [setup.in_process("Trainer, 2 threads", "classifier-step", file, 2, value=milliseconds),
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
        [Difference("batch | train", command, counts, per_second(1), ours=True),
         *dense_peers(setup, per_second(1))],
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
        return Pipeline(f"batch | train, batch {batch}", command, per_second(tokens), ours=True, has_first_run=False)

    def peer(threads):
        def note(messages):
            rates = re.findall(r"words/sec/thread: *(\d+)", messages)
            return f"its own figure: {int(rates[-1]) * threads:,} words/s" if rates else ""
        command = quoted(
            "fasttext supervised -input {input} -output {model} -dim 256 -epoch {epochs} -thread {threads}",
            input=setup.data.labelled_words(), model=model, epochs=epochs, threads=threads)
        return Pipeline(f"fasttext supervised, thread {threads}", command, per_second(tokens), has_first_run=False,
                        read_note=note)
    return Work(
        f"training, {epochs} epochs of 10,000 tweets, the whole process", "tokens/s",
        [ours(64), ours(16), peer(2), peer(1)],
        [Target("batch 64 ≥ 1 × fastText", ratio("batch | train, batch 64", "fasttext supervised"), 1)])


def predict_pipe(setup):
    count = 200_000
    lines, model = setup.data.tweet_lines(count), setup.path("sentiment")
    setup.make(quoted(
        "tweet-tokenize --quiet {tweets} > {model}.tokens; vocab-build --quiet {model}.tokens > {model}.vocab; "
        "tensorize --quiet --vocab {model}.vocab {model}.tokens | "
        "batch --quiet --balance --shuffle --seed 1 --repeat | "
        "train --quiet --layers 'Embedding(256) Mean Dense(2) LogSoftmax' --steps 300 --seed 1 --vocab {model}.vocab "
        "--labels negative,positive --model {model}.safetensors; "
        "! command -v fasttext || fasttext supervised -input {labelled} -output {model} -dim 256 -thread 2",
        tweets=setup.data.tweets(), labelled=setup.data.labelled_tweet_lines(), model=model))

    def ours(name, only_tokens, only_prediction):
        command = quoted(f"tweet-tokenize --quiet --plain {only_tokens} < {{lines}} | "
                         f"predict --quiet --model {{model}}.safetensors {only_prediction}", lines=lines, model=model)
        return Pipeline(name, command, per_second(count), ours=True)
    return Work(
        f"predictions for {count:,} lines, the whole pipeline, Embedding(256)", "lines/s",
        [ours("tweet-tokenize | predict, --only", "--only tokens", "--only prediction"),
         ours("tweet-tokenize | predict", "", ""),
         Pipeline("fasttext predict", quoted("fasttext predict {model}.bin - < {lines}", model=model, lines=lines),
                  per_second(count))],
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
        return Pipeline(name, command, per_second(count), ours=True)
    return Work(
        f"predictions for {count:,} lines, the whole pipeline, pairs of tokens and runs of 3 to 5 characters",
        "lines/s",
        [ours("preset classifier, Embedding(64)", "classifier"), ours("preset text", "text"),
         Pipeline("fasttext predict, dim 64", quoted("fasttext predict {model}.bin - < {lines}", model=model,
                                                     lines=lines), per_second(count))],
        [Target("≥ 1 × fastText", ratio("preset classifier", "fasttext"), 1)])


def predict_ids(setup):
    file = setup.data.batches(256)
    row_bytes = setup.data.id_count / 10_000 * ROW
    value = per_second(256)
    return Work(
        f"forward, {CLASSIFIER}, batch 256, from ids in memory", "rows/s",
        [setup.in_process("MeanClassifier, as in predict", "predict-ids", file, 1, value=value),
         setup.in_process("Serial.forward, 2 threads", "forward", file, 2, value=value),
         setup.peer("torch EmbeddingBag, padded", "classifier.py", "predict", "torch-padded", file, value=value),
         setup.peer("torch EmbeddingBag, unpadded", "classifier.py", "predict", "torch-unpadded", file, value=value),
         setup.peer("jax, padded to 25", "classifier.py", "predict", "jax", file, value=value)],
        [Target("≥ 1.5 × torch EmbeddingBag", ratio("MeanClassifier", "torch"), 1.5)],
        limit=lambda contestant, median: "" if "MeanClassifier" in contestant.name
        else setup.share_of_bandwidth(median * row_bytes, 2))


def gru_step(setup):
    file = setup.data.character_batches()
    # Products only: two GRUs of 1024 × 1536 and a head of 512 × 256, forward and twice as much back.
    flops = 3 * 2 * 32 * 64 * (2 * 1024 * 1536 + 512 * 256)
    # Ours makes the first GRU's input products for 256 ids instead of 2,048 characters.
    flops_made = flops - 3 * 2 * (32 * 64 - 256) * 512 * 1536

    def limit(contestant, median):
        rate = f"{flops / median / 1e6:.0f} GFLOP/s"
        made = (flops_made if contestant.ours else flops) / median / 1e6
        if contestant.ours:
            rate += f" ({made:.0f} made)"
        # What two threads reach, or one twice, whichever is more.
        one, two = (list(setup.limits(threads).get("gflops", {}).values()) for threads in (1, 2))
        products = [max(2 * a, b) for a, b in zip(one, two)]
        if not products:
            return rate
        # Of a GRU's six products, forward and back, four take all steps at once and two go step by step.
        possible = 1 / (4 / 6 / products[0] + 2 / 6 / products[1])
        return f"{rate}, {made / possible:.0%} of {possible:.0f} of sgemm"
    return Work(
        f"a training step, 2 GRUs of 512, batch 32 × 64, Adam ({flops / 1e9:.1f} GFLOP)", "ms/step",
        [setup.in_process("Trainer, 2 threads", "gru-step", file, 2, value=milliseconds),
         *(setup.peer(name, "gru.py", "step", kind, file, value=milliseconds)
           for name, kind in (("torch nn.GRU", "torch"), ("torch.compile", "torch-compile"), ("jax", "jax")))],
        [Target("≤ 0.80 of the fastest", ratio("Trainer", "torch nn.GRU", "torch.compile", "jax"), 0.8, False),
         Target("≥ 95 GFLOP/s", lambda results: results.map("Trainer", lambda median: flops / median / 1e6), 95)],
        lower_is_better=True, limit=limit)


def gru_sample(setup):
    # The more characters lie between the two lengths, the less a disturbance counts.
    model, chunk, lengths = setup.path("gru.safetensors"), 500, (500, 10_500)
    setup.make(quoted(
        "train --quiet --preset gru-lm-trax --steps 1 --seed 1 --tokenizer --characters --model {model} {batches}",
        model=model, batches=setup.data.character_batches()))
    help = subprocess.run(["gru-sample", "--help"], stdout=subprocess.PIPE, text=True).stdout
    kinds = re.search(r"--weights.*?\(values:([^;)]*)", help, re.DOTALL)
    # Every character reads all weights but the embedding's, of which it reads a row.
    weight_bytes = 4 * (2 * (1024 + 1) * 1536 + (512 + 1) * 256 + 512)

    def ours(name, threads, options=""):
        command = quoted(f"gru-sample --quiet --seed 1 --temperature 0.8 --threads {threads} {options} "
                         "--length {{count}} --model {model}", model=model)
        return Difference(name, command, lengths, per_second(1), ours=True)
    weights = [ours(f"gru-sample --weights {kind}, 2 threads", 2, f"--weights {kind}") for kind in ("half", "int8")
               if kinds and kind in kinds[1]]

    def limit(contestant, median):
        size = weight_bytes
        if contestant.ours:
            # The first GRU's input products are made once for every id, and a character reads a row of them.
            size -= 4 * 511 * 1536
            size //= 2 if "half" in contestant.name else 4 if "int8" in contestant.name else 1
        threads = 1 if "1 thread" in contestant.name else 2
        return f"{size / 1e6:.1f} MB read for each, " + setup.share_of_bandwidth(median * size, threads)

    peers = ["jax", "torch nn.GRU", "TorchScript"]
    return Work(
        "characters of one text, 2 GRUs of 512 (ours by the difference of lengths 500 and 10,500, peers 500 a call)",
        "characters/s",
        [ours("gru-sample, 2 threads", 2), ours("gru-sample, 1 thread", 1), *weights,
         *(setup.peer(name, "gru.py", "sample", kind, chunk, value=per_second(chunk))
           for name, kind in (("jax lax.scan", "jax"), ("TorchScript GRUCells", "torch-script"),
                              ("torch nn.GRU", "torch")))],
        [Target("≥ 1.6 × the fastest", ratio("gru-sample, 2", *peers), 1.6)]
        + [Target("half or int8 ≥ 3 × the fastest", lambda results: max(
            filter(None, (ratio(f"gru-sample --weights {kind}", *peers)(results) for kind in ("half", "int8"))),
            default=None), 3)] * bool(weights),
        limit=limit)


def perplexity(setup):
    count, model = 600 if setup.quick else 2_000, setup.path("scoring.safetensors")
    lines = setup.data.tweet_lines(count, 60)
    with open(lines, "rb") as file:
        characters = sum(len(line) - 1 for line in file)
    setup.make(quoted(
        "train --quiet --layers 'ShiftRight Embedding(256, 512) GRU(512) GRU(512) Dense(256) LogSoftmax' --steps 1 "
        "--seed 1 --tokenizer --characters --model {model} {batches}",
        model=model, batches=setup.data.character_batches()))
    value = per_second(characters)

    def ours(threads):
        command = quoted(f"perplexity --quiet --plain --threads {threads} --model {{model}} {{lines}}", model=model,
                         lines=lines)
        return Pipeline(f"perplexity, {threads} thread{'s' if threads > 1 else ''}", command, value, ours=True)
    return Work(
        f"scores of {count:,} lines of up to 60 characters, 2 GRUs of 512 (ours the whole process)", "characters/s",
        [ours(2), ours(1),
         setup.peer("torch nn.GRU, batches of 64 by length", "gru.py", "score", "torch", lines, value=value)],
        [Target("≥ 2 × torch", ratio("perplexity, 2", "torch"), 2)])


def vocab_subwords(setup):
    count = 20_000 if setup.quick else 100_000
    texts, value = setup.data.distinct_tweets(count), per_second(count)

    def peer(name, kind):
        return setup.peer(name, "encoders.py", kind, texts, 0, value=value)
    return Work(
        f"about 8,000 subwords of {count:,} different texts (ours the whole process)", "texts/s",
        [Pipeline("vocab-build --subwords", quoted("vocab-build --quiet --subwords 8000 < {texts}", texts=texts), value,
                  ours=True),
         peer("SentencePiece Unigram, 2 threads", "sentencepiece-unigram"),
         peer("SentencePiece BPE, 2 threads", "sentencepiece-bpe"), peer("HF tokenizers BPE", "bpe")],
        [Target("≥ 1 × SentencePiece Unigram, its default", ratio("vocab-build", "SentencePiece Unigram"), 1),
         Target("≥ 1 × SentencePiece BPE", ratio("vocab-build", "SentencePiece BPE"), 1)])


def vocab(setup):
    path, tokens = setup.data.token_records(100_000 if setup.quick else 300_000)
    value = per_second(tokens)
    count = "awk '{ count[$0]++ } END { for (word in count) print count[word], word }'"
    return Work(
        f"a vocabulary of {tokens:,} tokens in JSON Lines", "tokens/s",
        [Pipeline("vocab-build", quoted("vocab-build --quiet < {path}", path=path), value, ours=True),
         Pipeline("jq | awk | sort",
                  quoted("jq -r '.tokens[]' < {path}", path=path) + f" | {count} | sort -k 1,1nr -k 2", value,
                  environment={"LC_ALL": "C"})],
        [Target("≥ 1 M tokens/s", lambda results: results.map("vocab-build", lambda median: median / 1e6), 1),
         Target("> 1 × jq | awk | sort", ratio("vocab-build", "jq"), 1)])


def json_lines(setup):
    path = setup.data.whole_records(200_000)
    size = os.path.getsize(path)
    value = per_second(size / 1e6)

    def peer(library):
        command = quoted("{python} {script} {library} < {path}", python=setup.python,
                         script=os.path.join(HERE, "json_lines.py"), library=library, path=path)
        return Pipeline(f"Python {library}", command, value)
    return Work(
        f"reading {size / 1e6:.0f} MB of JSON Lines, records of {size // 200_000} bytes", "MB/s",
        [Pipeline("vocab-build", quoted("vocab-build --quiet < {path}", path=path), value, ours=True),
         peer("json"), peer("orjson"),
         Pipeline("jq -c '.tokens|length'", quoted("jq -c '.tokens|length' < {path}", path=path), value),
         Pipeline("wc -l (only reads)", quoted("wc -l < {path}", path=path), value)],
        [Target("≥ 1 × Python json", ratio("vocab-build", "Python json"), 1),
         Target("≥ 1 × jq", ratio("vocab-build", "jq"), 1),
         Target("goal: ≥ 1 × orjson", ratio("vocab-build", "Python orjson"), 1)])


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
        [Target("all programs ≤ 8 ms", slowest(TEXT_PROGRAMS + NEURAL_PROGRAMS), 8, False),
         Target("text programs ≤ 7 ms", slowest(TEXT_PROGRAMS), 7, False)],
        lower_is_better=True, has_ratios=False)


WORKS = {
    "tokenize": tokenize, "subwords": subwords, "ngrams": ngrams, "classifier-step": classifier_step,
    "classifier-pipe": classifier_pipe, "fasttext-train": fasttext_train, "predict-pipe": predict_pipe,
    "predict-characters": predict_characters, "predict-ids": predict_ids, "gru-step": gru_step,
    "gru-sample": gru_sample, "perplexity": perplexity, "vocab": vocab, "vocab-subwords": vocab_subwords, "json": json_lines, "startup": startup,
}
