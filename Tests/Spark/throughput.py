"""Records per CPU second through Spark and through one pipeline in turn; and whether the bytes are the same. No test.

    RIVULET_BUILT=.build/release python3 Tests/Spark/throughput.py --rounds 3 --copies 100 MODEL TWEETS.jsonl…

CPU seconds are user and system time of all processes: the driver, its Java, executors, Python workers and the filters. The executors
have done each kind of work before it is measured.
"""
import argparse
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys

os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", PYSPARK_PYTHON=sys.executable)
SAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "samples")
PROGRAMS = os.environ["RIVULET_BUILT"]
sys.path.insert(0, f"{SAMPLES}/spark")

from pyspark.sql import SparkSession
from rivulet_spark import save_blocks, text_blocks, through, through_arrow


def cpu():
    """CPU seconds of all processes that come from this one, living and gone."""
    stats = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        stats[int(path.split("/")[2])] = (int(fields[1]), sum(map(int, fields[11:15])))
    family, found = {os.getpid()}, True
    while found:
        found = {pid for pid, (parent, _) in stats.items() if parent in family} - family
        family |= found
    return sum(stats[pid][1] for pid in family) / os.sysconf("SC_CLK_TCK")


def single(command, source, target):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(source) as lines, open(target, "wb") as output:
        subprocess.run(["bash", "-o", "pipefail", "-c", command], stdin=lines, stdout=output, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spark(save, target):
    shutil.rmtree(target, ignore_errors=True)
    before = cpu()
    save(target)
    return cpu() - before


def same(folder, file):
    status = subprocess.run(f"cat '{folder}'/part-* | cmp - '{file}'", shell=True).returncode
    return "the same bytes" if status == 0 else "OTHER BYTES"


parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("tweets", nargs="+")
parser.add_argument("--copies", type=int, default=100)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--command", default="tweet-tokenize --quiet | predict --quiet --model MODEL")
parser.add_argument("--parts", type=int, nargs="*", default=[3, 7, 8])
options = parser.parse_args()
model, source = os.path.abspath(options.model), os.path.abspath("throughput.jsonl")
with open(source, "wb") as file:
    text = b"".join(open(path, "rb").read() for path in options.tweets)
    for _ in range(options.copies):
        file.write(text)
records = options.copies * text.count(b"\n")

session = (SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
           .config("spark.sql.files.maxPartitionBytes", -(-os.path.getsize(source) // options.parts[0]))
           .config("spark.sql.files.openCostInBytes", os.path.getsize(source)).getOrCreate())
context = session.sparkContext
context.setLogLevel("ERROR")
context.addPyFile(f"{SAMPLES}/spark/rivulet_spark.py")
for program in ["tweet-tokenize", "predict", "vocab-build"]:
    context.addFile(os.path.realpath(f"{PROGRAMS}/{program}"))
os.environ["PATH"] = f"{PROGRAMS}:{os.environ['PATH']}"

counting = "tweet-tokenize --quiet | vocab-build --quiet --order token"
single(counting, source, "vocab.json")
for parts in options.parts:
    lines = context.textFile(source, parts, use_unicode=False)
    spark(lambda folder: through(lines, counting + " --counts").saveAsTextFile(folder), "counts")
    subprocess.run("vocab-build --merge --sorted --order token counts/part-* | cmp - vocab.json", shell=True, check=True)
    print(f"{parts} partitions: the vocabulary of one pipeline", flush=True)

command = options.command.replace("MODEL", model)
parts = options.parts[0]
kinds = {
    "one pipeline": lambda target: single(command, source, target),
    "through": lambda target: spark(
        lambda folder: through(context.textFile(source, parts, use_unicode=False), command).saveAsTextFile(folder), target),
    "blocks in, blocks out": lambda target: spark(
        lambda folder: save_blocks(through(text_blocks(context, source, parts), command, blocks=True), folder), target),
    "blocks in": lambda target: spark(
        lambda folder: through(text_blocks(context, source, parts), command, blocks=True).saveAsTextFile(folder), target),
    "through_arrow": lambda target: spark(
        lambda folder: through_arrow(session.read.text(source), command).write.text(folder), target),
}
for kind, work in kinds.items():
    work(kind)
for more in options.parts[1:]:
    spark(lambda folder: through(context.textFile(source, more), command).saveAsTextFile(folder), "more")
    print(f"{more} partitions: {same('more', 'one pipeline')}", flush=True)
rates = {kind: [] for kind in kinds}
for _ in range(options.rounds):
    for kind, work in kinds.items():
        rates[kind].append(records / work(kind))
for kind, figures in rates.items():
    ratio = statistics.median(figure / one for figure, one in zip(figures, rates["one pipeline"]))
    bytes = "" if kind == "one pipeline" else f", {same(kind, 'one pipeline')}"
    print(f"{kind}: {statistics.median(figures):.0f} records a CPU second, {ratio:.0%} of one pipeline's{bytes}")
session.stop()
