"""From tweets to a vocabulary and to predictions in Parquet, on as many machines as Spark has.

    spark-submit --py-files rivulet_spark.py tweets.py --programs bin --model sentiment.safetensors TWEETS.jsonl OUT

TWEETS.jsonl, a file or folder of JSON Lines with "text", and OUT are on a file system that all machines share. OUT/vocab.json is
the vocabulary of all tweets, as one `vocab-build --order token` makes it; OUT/moods has a row for each tweet.
"""
import argparse
import glob
import os
import shlex
import shutil
import subprocess
import sys

from pyspark import StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, from_json

from rivulet_spark import Counts, reason, through_arrow

ROW = "id long, text string, prediction int, label_name string, probability double"


def build_vocabulary(tokens, folder, programs):
    """Counts the tokens of each partition, in files, and merges these in the order of tokens, a line of each at a time."""
    through_arrow(tokens, "vocab-build --counts --order token").write.text(f"{folder}/counts")
    parts = sorted(glob.glob(f"{folder}/counts/part-*"))
    with open(f"{folder}/vocab.json", "wb") as file:
        merge = [f"{programs}/vocab-build", "--merge", "--sorted", "--order", "token", *parts]
        subprocess.run(merge, stdout=file, check=True)
    shutil.rmtree(f"{folder}/counts")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tweets")
    parser.add_argument("out")
    parser.add_argument("--programs", required=True, help="the folder of the filters")
    parser.add_argument("--model", required=True, help="a model of predict")
    parser.add_argument("--partitions", type=int, help="how many pipelines run; as many as there are blocks if not given")
    parser.add_argument("--on-error", default="fail", choices=["fail", "skip"], help="what to do with bad tweets")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("tweets").getOrCreate()
    for program in ["tweet-tokenize", "vocab-build", "predict"]:
        spark.sparkContext.addFile(os.path.realpath(f"{options.programs}/{program}"))
    spark.sparkContext.addFile(os.path.realpath(options.model))

    tweets = spark.read.text(options.tweets)
    if options.partitions:
        tweets = tweets.repartition(options.partitions)
    counts = Counts(spark.sparkContext)
    try:
        tokens = through_arrow(tweets, f"tweet-tokenize --on-error {options.on_error}", counts)
        tokens.persist(StorageLevel.DISK_ONLY)
        build_vocabulary(tokens, options.out, options.programs)
        model = shlex.quote(os.path.basename(options.model))
        predicted = through_arrow(tokens, f"predict --model {model}", counts)
        moods = predicted.select(from_json(col("value"), ROW).alias("mood")).select("mood.*")
        moods.write.parquet(f"{options.out}/moods")
    except Exception as error:
        sys.exit(f"tweets.py: {reason(error)}")
    for program, said in counts.take().items():
        print(f"{program}: {said['records']} records, {said['bad_lines']} bad lines")


if __name__ == "__main__":
    main()
