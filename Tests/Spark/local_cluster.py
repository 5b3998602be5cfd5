"""samples/spark on a Spark of two executors, processes of their own: `SparkTests.swift` runs it and compares what it prints.

    RIVULET_BUILT=.build/release python3 Tests/Spark/local_cluster.py sentiment.safetensors

The working folder is where files are written. PySpark, pyarrow, pandas and Java 17 are needed.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", PYSPARK_PYTHON=sys.executable)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES, PROGRAMS = f"{ROOT}/samples", os.environ["RIVULET_BUILT"]
sys.path.insert(0, f"{SAMPLES}/spark")
sys.dont_write_bytecode = True

from pyspark import TaskContext
from pyspark.sql import SparkSession

import stream
import tweets
from rivulet_spark import Counts, reason, save_blocks, text_blocks, through, through_arrow

MODEL, TWEETS = os.path.abspath(sys.argv[1]), f"{SAMPLES}/tweets.jsonl"
PIPELINE = f"tweet-tokenize | predict --model {os.path.basename(MODEL)} --only id,prediction,probability"


def shell(command):
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, capture_output=True).stdout


def written(folder):
    return b"".join(open(part, "rb").read() for part in sorted(glob.glob(f"{folder}/part-*")))


def failure(action):
    try:
        action()
    except Exception as error:
        return reason(error)
    return "no failure"


def fail_first(partition):
    """Fails the first attempt of a partition's task when it has handed on all elements."""
    def pass_on(index, elements):
        yield from elements
        if index == partition and TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("the first attempt of this task fails")

    return pass_on


def the_bytes_of_one_pipeline(context):
    one = shell(PIPELINE.replace("--model ", f"--model {os.path.dirname(MODEL)}/") + f" < {TWEETS}")
    for parts in [3, 7, 8]:
        lines = context.textFile(TWEETS, parts, use_unicode=parts == 3)
        through(lines, PIPELINE).saveAsTextFile(f"out-{parts}")
        print(parts, "partitions:", "same" if written(f"out-{parts}") == one else "other")


def lines_are_read_in_blocks(context):
    os.mkdir("tweets")
    with open(TWEETS) as file:
        lines = file.read().splitlines()
    for name, some in [("a.jsonl", lines[:100]), ("b.jsonl", lines[100:101]), ("c.jsonl", []), ("d.jsonl", lines[101:]), ("_x", ["-"])]:
        with open(f"tweets/{name}", "w") as file:
            file.write("\n".join(some))  # the last line has no line feed
    one = shell(PIPELINE.replace("--model ", f"--model {os.path.dirname(MODEL)}/") + f" < {TWEETS}")
    for parts in [1, 3, 8, 20]:
        blocks = text_blocks(context, "tweets" if parts > 1 else TWEETS, parts)
        assert blocks.getNumPartitions() == parts
        said = b"".join(block + b"\n" for block in through(blocks, "cat", blocks=True).collect())
        print(parts, "partitions of blocks:", "same" if said.decode().splitlines() == lines else "other")
    moods = through(text_blocks(context, "tweets", 3), PIPELINE, blocks=True)
    moods.saveAsTextFile("out-blocks")
    print("blocks:", "same" if written("out-blocks") == one else "other")
    save_blocks(moods.mapPartitionsWithIndex(fail_first(1)), "saved")
    print("saved:", "same" if written("saved") == one else "other", sorted(os.listdir("saved")))
    save_blocks(context.parallelize(["a", "b"], 1), "strings")
    print("strings:", written("strings"))
    print(failure(lambda: save_blocks(through(context.parallelize(["a"], 1), "false"), "failed")), os.path.exists("failed/_SUCCESS"))
    shell("gzip tweets/b.jsonl")
    for refused in [lambda: text_blocks(context, "tweets"), lambda: text_blocks(context, "nowhere"), lambda: save_blocks(moods, "saved")]:
        try:
            refused()
        except (ValueError, FileNotFoundError, FileExistsError) as error:
            print("refused:", str(error).rsplit("/", 1)[-1])


def bad_lines_are_counted_once(context, session):
    texts = [json.dumps({"text": f"so happy {i}"} if i % 500 else {"txt": i}) for i in range(1, 1001)]
    lines, counts = context.parallelize(texts, 4), Counts(context)
    skipped = through(lines, "tweet-tokenize --on-error skip", counts).mapPartitionsWithIndex(fail_first(1))
    print(skipped.count(), "and again", skipped.count(), counts.take())
    table = session.createDataFrame([(text,) for text in texts], "value string").repartition(3)
    print("Arrow:", through_arrow(table, "tweet-tokenize --on-error skip | tensorize --characters", counts).count(), counts.take())


def what_failed_is_said(context, session):
    texts = [json.dumps({"text": "fine"})] * 40
    texts[25] = '{"txt":"bad"}'  # line 6 of partition 2
    lines = context.parallelize(texts, 4)
    print(failure(lambda: through(lines, "tweet-tokenize | tensorize --characters | cat").count()))
    table = session.createDataFrame([(text,) for text in texts], "value string").coalesce(1)
    print(failure(lambda: through_arrow(table, "tweet-tokenize").count()))
    lines = context.parallelize(texts, 1)
    print(failure(lambda: through(lines, "cat | (read line; kill -9 $BASHPID) | cat").count()).split(" | ")[0])
    print(failure(lambda: through(context.parallelize(["a\nb"], 1), "cat").count()))
    table = session.createDataFrame([("a",), (None,)], "value string").coalesce(1)
    print(failure(lambda: through_arrow(table, "cat").count()))


def pipelines_are_fed_and_drained(context):
    lines = context.parallelize(range(4), 4).flatMap(lambda _: (f"{i:09}" * 11 for i in range(100000)))
    print("reads all first:", through(lines, "LC_ALL=C sort -r").count())
    print("writes more than it reads:", through(lines, "awk '{ print; print; print }'").count())
    print("reads little:", through(lines, "head -n 2").count(), len(through(lines, "cat").take(3)))
    print("an environment:", through(lines, "head -n 1 > /dev/null; echo $HOME $MINE", environment={"MINE": "5"}).first()
          == f"{os.environ['HOME']} 5")


def the_jobs(context, session):
    sys.argv = ["tweets.py", "--programs", PROGRAMS, "--model", MODEL, "--partitions", "3", TWEETS, os.path.abspath("job")]
    tweets.main()
    vocabulary = shell(f"tweet-tokenize {TWEETS} | vocab-build --order token")
    print("vocabulary:", "same" if open("job/vocab.json", "rb").read() == vocabulary else "other")
    moods = {row.id: row.prediction for row in session.read.parquet("job/moods").collect()}
    one = [json.loads(line) for line in shell(f"predict --model {MODEL} {TWEETS}").splitlines()]
    print("moods:", "same" if moods == {record["id"]: record["prediction"] for record in one} else "other")
    os.mkdir("inbox")
    sys.argv = ["stream.py", "--programs", PROGRAMS, "--model", MODEL, "--once", os.path.abspath("inbox"), os.path.abspath("stream")]
    for name, lines in [("a", "1,300p"), ("b", "301,$p")]:
        shell(f"sed -n '{lines}' {TWEETS} > new && mv new inbox/{name}.jsonl")
        stream.main()
    moods = [(row.id, row.prediction) for row in session.read.parquet("stream/moods").collect()]
    print("stream:", "same" if sorted(moods) == sorted((record["id"], record["prediction"]) for record in one) else "other")


session = (SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
           .config("spark.sql.shuffle.partitions", "2").getOrCreate())
context = session.sparkContext
context.setLogLevel("OFF")
context.addPyFile(f"{SAMPLES}/spark/rivulet_spark.py")
for program in ["tweet-tokenize", "tensorize", "predict", "vocab-build"]:
    context.addFile(os.path.realpath(f"{PROGRAMS}/{program}"))
context.addFile(MODEL)
try:
    the_bytes_of_one_pipeline(context)
    lines_are_read_in_blocks(context)
    bad_lines_are_counted_once(context, session)
    what_failed_is_said(context, session)
    pipelines_are_fed_and_drained(context)
    the_jobs(context, session)
finally:
    work = os.path.join(os.environ.get("SPARK_HOME", ""), "work", context.applicationId)
    session.stop()
    shutil.rmtree(work, ignore_errors=True)
