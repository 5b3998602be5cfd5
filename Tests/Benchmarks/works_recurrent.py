"""Works of recurrent networks: training steps, text, scores."""
from contestants import Difference, PerSecond, Pipeline
from work import Target, Work, milliseconds, quoted, ratio


def training_limit(setup, flops, flops_made):
    """How near to the matrix products of OpenBLAS a training step is; ours makes `flops_made`."""
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
        # Of a layer's six products, forward and back, four take all steps at once and two go step by step.
        possible = 1 / (4 / 6 / products[0] + 2 / 6 / products[1])
        return f"{rate}, {made / possible:.0%} of {possible:.0f} of sgemm"
    return limit


def step_peers(setup, script, kind, file, layer):
    return [setup.peer(name, script, kind, peer, file, value=milliseconds)
            for name, peer in ((f"torch nn.{layer}", "torch"), ("torch.compile", "torch-compile"), ("jax", "jax"))]


def gru_step(setup):
    file = setup.data.character_batches()
    # Products only: two GRUs of 1024 × 1536 and a head of 512 × 256, forward and twice as much back.
    flops = 3 * 2 * 32 * 64 * (2 * 1024 * 1536 + 512 * 256)
    # Ours makes the first GRU's input products for 256 ids instead of 2,048 characters.
    flops_made = flops - 3 * 2 * (32 * 64 - 256) * 512 * 1536
    layers = "ShiftRight Embedding(256, 512) GRU(512) GRU(512) Dense(256) LogSoftmax"
    return Work(
        f"a training step, 2 GRUs of 512, batch 32 × 64, Adam ({flops / 1e9:.1f} GFLOP)", "ms/step",
        [setup.in_process("Trainer, 2 threads", "step", file, 2, layers, "Adam(0.001)", value=milliseconds,
                          instruction_sizes=(1, 2)),
         *step_peers(setup, "gru.py", "step", file, "GRU")],
        [Target("≤ 0.80 of the fastest", ratio("Trainer", "torch", "jax"), 0.8, False),
         Target("≥ 95 GFLOP/s", lambda results: results.map("Trainer", lambda median: flops / median / 1e6), 95)],
        lower_is_better=True, limit=training_limit(setup, flops, flops_made))


def lstm_step(setup):
    file = setup.data.character_batches()
    # An LSTM of 1024 × 2048 and a head of 512 × 256; the first products as those of gru_step.
    flops = 3 * 2 * 32 * 64 * (1024 * 2048 + 512 * 256)
    flops_made = flops - 3 * 2 * (32 * 64 - 256) * 512 * 2048
    layers = "ShiftRight Embedding(256, 512) LSTM(512) Dense(256) LogSoftmax"
    return Work(
        f"a training step, an LSTM of 512, batch 32 × 64, Adam ({flops / 1e9:.1f} GFLOP)", "ms/step",
        [setup.in_process("Trainer, 2 threads", "step", file, 2, layers, "Adam(0.001)", value=milliseconds,
                          instruction_sizes=(1, 2)),
         *step_peers(setup, "lstm.py", "language", file, "LSTM")],
        [Target("≤ 1 × the fastest", ratio("Trainer", "torch", "jax"), 1, False)],
        lower_is_better=True, limit=training_limit(setup, flops, flops_made))


def tagger_step(setup):
    file = setup.data.tag_batches(32)
    layers = "Embedding(9088, 50) LSTM(50) Dense(17) LogSoftmax"
    return Work(
        f"a training step of a tagger, {layers}, batch 32 × about 20 tokens, Adam(0.01)", "ms/step",
        [setup.in_process("Trainer, 2 threads", "step", file, 2, layers, "Adam(0.01)", value=milliseconds,
                          instruction_sizes=(4, 8)),
         *step_peers(setup, "lstm.py", "tagger", file, "LSTM")],
        [Target("≤ 1/2 of the fastest", ratio("Trainer", "torch", "jax"), 0.5, False)],
        lower_is_better=True)


def gru_sample(setup):
    # The more characters lie between the two lengths, the less a disturbance counts.
    model, chunk, lengths = setup.path("gru.safetensors"), 500, (500, 10_500)
    setup.make(quoted(
        "train --quiet --preset gru-lm-trax --steps 1 --seed 1 --tokenizer --characters --model {model} {batches}",
        model=model, batches=setup.data.character_batches()))
    # Every character reads all weights but the embedding's, of which it reads a row.
    weight_bytes = 4 * (2 * (1024 + 1) * 1536 + (512 + 1) * 256 + 512)

    def ours(name, threads, options=""):
        command = quoted(f"gru-sample --quiet --seed 1 --temperature 0.8 --threads {threads} {options} "
                         "--length {{count}} --model {model}", model=model)
        return Difference(name, command, lengths, PerSecond(1), ours=True, instruction_sizes=(20, 40))
    weights = [ours(f"gru-sample --weights {kind}, {threads} thread{'s' if threads > 1 else ''}", threads,
                    f"--weights {kind}") for kind in ("half", "int8") for threads in (2, 1)]

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
         *(setup.peer(name, "gru.py", "sample", kind, chunk, value=PerSecond(chunk))
           for name, kind in (("jax lax.scan", "jax"), ("TorchScript GRUCells", "torch-script"),
                              ("torch nn.GRU", "torch")))],
        [Target("≥ 1.6 × the fastest", ratio("gru-sample, 2", *peers), 1.6),
         Target("int8, one thread, ≥ 2 × float", ratio("gru-sample --weights int8, 1", "gru-sample, 1"), 2)],
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
    value = PerSecond(characters)

    def ours(threads):
        command = quoted(f"perplexity --quiet --plain --threads {threads} --model {{model}} {{lines}}", model=model,
                         lines=lines)
        return Pipeline(f"perplexity, {threads} thread{'s' if threads > 1 else ''}", command, value, ours=True,
                        reads=lines, instruction_sizes=(2, 4))
    return Work(
        f"scores of {count:,} lines of up to 60 characters, 2 GRUs of 512 (ours the whole process)", "characters/s",
        [ours(2), ours(1),
         setup.peer("torch nn.GRU, batches of 64 by length", "gru.py", "score", "torch", lines, value=value),
         setup.peer("KenLM, runs of three characters, no network", "kenlm_score.py", lines, value=value)],
        [Target("≥ 2 × torch", ratio("perplexity, 2", "torch"), 2)])
