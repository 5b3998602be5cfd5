#!/usr/bin/env python3
"""Kills training runs at random moments and resumes them, and checks what is there when they have ended.

    kill_and_resume.py [ROUNDS] [SEED] [--ranks]     in the root of the repository, after bin/check or a release build

A round starts one of five kinds of runs, kills it with SIGKILL (or, every fifth time, SIGTERM) up to three times at random
moments of its length, resumes it to its end, and compares: the model, the log (without "seconds") and the plot must have the
bytes of a run that was left alone, and beside them there must be exactly --keep checkpoints and nothing else.

With --ranks, after bin/check --mpi, every part of a run has 1, 2 or 4 ranks of mpirun, and one of them is killed. (Open MPI's
mpirun may lock itself up when a rank dies while it still starts the others; then it has no rank left, is killed, and counted.)
"""
import os, random, re, shutil, signal, subprocess, sys, tempfile, time

numbers = [int(word) for word in sys.argv[1:] if word != "--ranks"]
has_ranks = "--ranks" in sys.argv
rounds = numbers[0] if numbers else 100
rng = random.Random(numbers[1] if len(numbers) > 1 else 1)
root = os.getcwd()
mpi_train = os.path.join(root, ".build-mpi/release/train")
programs = os.environ.get("RIVULET_PROGRAMS", os.path.join(root, ".build/release"))
env = dict(os.environ, PATH=programs + ":" + os.environ["PATH"])
folder = tempfile.mkdtemp(prefix="kill-and-resume.")

def shell(command):
    subprocess.run(["bash", "-o", "pipefail", "-ec", command], cwd=folder, env=env, check=True)

shell(f"""
cp {root}/samples/tweets.jsonl {root}/samples/lines.txt .
tweet-tokenize tweets.jsonl > tokens
vocab-build tokens > vocab.json
(tensorize --vocab vocab.json tokens | batch --batch-size 8 --shuffle --seed 1 --repeat || true) | head -n 90 > classifier.batches
tensorize --vocab vocab.json tokens | head -n 60 | batch --batch-size 8 > classifier.eval
tensorize --characters --plain --append-end lines.txt > lines.ids
batch --language-model --batch-size 8 lines.ids > text.eval
(batch --language-model --batch-size 4 --shuffle --seed 3 --repeat lines.ids || true) | head -n 80 > text.batches
(batch --language-model --batch-size 4 --window 9 --repeat lines.ids || true) | head -n 90 > window.batches
""")

text = "ShiftRight Embedding(256, 24) GRU(24) Dropout(0.1) Dense(256) LogSoftmax"
kinds = {
    "classifier": ["--layers", "Embedding(32) Mean Dropout(0.5) Dense(2) LogSoftmax", "--vocab", "vocab.json", "--steps", "90",
                   "--checkpoint-every", "7", "--keep", "2", "classifier.batches"],
    "classifier, best, plot": ["--preset", "classifier", "--units", "16", "--vocab", "vocab.json", "--steps", "80", "--eval",
                   "classifier.eval", "--eval-every", "9", "--best", "accuracy", "--checkpoint-every", "5", "--keep", "1",
                   "--plot", "PLOT", "classifier.batches"],
    "text, best, two threads": ["--layers", text, "--steps", "80", "--eval", "text.eval", "--eval-every", "40", "--best", "loss",
                   "--checkpoint-every", "6", "--keep", "3", "--threads", "2", "text.batches"],
    "windows of a running text": ["--layers", text, "--steps", "90", "--checkpoint-every", "11", "--keep", "2", "window.batches"],
    "Momentum, schedule, clip": ["--layers", "Embedding(16) LSTM(12) Mean BatchNorm Dense(2) LogSoftmax", "--vocab", "vocab.json",
                   "--optimizer", "Momentum(0.05, mass: 0.9)", "--schedule", "warmup_and_rsqrt_decay(10, 0.05)", "--clip", "1",
                   "--steps", "70", "--checkpoint-every", "4", "--keep", "2", "classifier.batches"],
}

def program():
    """The words that start train."""
    if not has_ranks: return ["train"]
    # There may be fewer processors.
    return ["mpirun", "--allow-run-as-root", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1",
            "-n", str(rng.choice([1, 2, 4])), mpi_train, "--lanes", "4"]

def ranks_of(process):
    """The processes that mpirun has started."""
    try:
        return [int(word) for word in open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()]
    except OSError:
        return []

def command(kind, name, *more):
    options = [os.path.join(name, "plot.svg") if word == "PLOT" else word for word in kinds[kind]]
    return [*program(), "--seed", "1", "--quiet", "--report-every", "9", "--model", f"{name}/model",
            "--log-file", f"{name}/log", *options, *more]

def run(kind, name, *more):
    return subprocess.Popen(command(kind, name, *more), cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

def result(name):
    files = {}
    for file in sorted(os.listdir(os.path.join(folder, name))):
        data = open(os.path.join(folder, name, file), "rb").read()
        if "checkpoint" in file:
            # It knows the log by a digest, and the log has times; spaces fill the text up to a multiple of eight bytes.
            end = 8 + int.from_bytes(data[:8], "little")
            data = re.sub(rb'."log.":."[^"]*"', b"", data[8:end].rstrip()) + data[end:]
        files[file] = re.sub(rb'"seconds":[0-9.e-]+', b"", data) if file == "log" else data
    return files

whole, length = {}, {}
for kind in kinds:
    os.mkdir(os.path.join(folder, "whole"))
    start = time.monotonic()
    process = run(kind, "whole")
    errors = process.communicate()[1]
    assert process.returncode == 0, (kind, errors)
    length[kind] = time.monotonic() - start
    whole[kind] = result("whole")
    keep = int(kinds[kind][kinds[kind].index("--keep") + 1])
    names = [name for name in whole[kind] if "checkpoint" in name]
    assert len(names) == keep, (kind, names)
    shutil.rmtree(os.path.join(folder, "whole"))

def errors_of(process):
    """What a process that was sent a signal has said in the end."""
    global hangs
    while True:
        try:
            return process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            if has_ranks and all(is_gone(rank) for rank in ranks_of(process)):
                hangs += 1
                process.kill()

def is_gone(process):
    try:
        return open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True

kills = failures = hangs = 0
for number in range(rounds):
    kind = list(kinds)[number % len(kinds)]
    os.mkdir(os.path.join(folder, "parts"))
    said = []
    for _ in range(rng.randint(1, 3)):
        process = run(kind, "parts", "--resume")
        try:
            process.wait(timeout=rng.uniform(0, 1.1 * length[kind]))
        except subprocess.TimeoutExpired:
            ranks = ranks_of(process) if has_ranks else []
            if rng.random() < 0.2:
                # mpirun hands SIGUSR1 on; SIGTERM would make it kill its processes.
                process.send_signal(signal.SIGUSR1 if ranks else signal.SIGTERM)
            elif ranks:
                try: os.kill(rng.choice(ranks), signal.SIGKILL)
                except ProcessLookupError: pass
            else:
                process.send_signal(signal.SIGKILL)
            kills += 1
        said.append(errors_of(process))
    process = run(kind, "parts", "--resume")
    said.append(process.communicate()[1])
    parts = result("parts")
    differing = {name for name in set(parts) | set(whole[kind]) if parts.get(name) != whole[kind].get(name)}
    if any(b"stopped after" in text for text in said) and len(parts) == len(whole[kind]):
        differing = {name for name in differing if "checkpoint" not in name or name in parts and name in whole[kind]}
    if process.returncode != 0 or differing:
        failures += 1
        print(f"round {number}, {kind}: status {process.returncode}, differing {sorted(differing)}, said {said}", flush=True)
    shutil.rmtree(os.path.join(folder, "parts"))
    if number % 200 == 199:
        print(f"{number + 1} rounds, {kills} kills, {failures} failures", flush=True)
shutil.rmtree(folder)
print(f"{rounds} rounds of {len(kinds)} kinds, {kills} kills, {failures} failures" + (f", mpirun hung {hangs} times" if has_ranks else ""))
sys.exit(failures > 0)
