"""Predictions of tweets as they come: Structured Streaming, from a folder into which files are moved, to Parquet.

    spark-submit --py-files rivulet_spark.py stream.py --programs bin --model sentiment.safetensors INBOX OUT

A batch that is done again, since something failed after it was written, replaces what it wrote: each tweet is in OUT/moods once.
--once does what is there and ends.
"""
import argparse
import os
import shlex
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, from_json

from rivulet_spark import Counts, reason, through_arrow
from tweets import ROW


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("inbox")
    parser.add_argument("out")
    parser.add_argument("--programs", required=True, help="the folder of the filters")
    parser.add_argument("--model", required=True, help="a model of predict")
    parser.add_argument("--once", action="store_true", help="do what is there, and end")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("stream").getOrCreate()
    for file in [f"{options.programs}/predict", options.model]:
        spark.sparkContext.addFile(os.path.realpath(file))
    counts = Counts(spark.sparkContext)
    command = f"predict --on-error skip --model {shlex.quote(os.path.basename(options.model))}"

    def predict(tweets, number):
        lines = through_arrow(tweets, command, counts)
        moods = lines.select(from_json(col("value"), ROW).alias("mood")).select("mood.*")
        moods.write.mode("overwrite").parquet(f"{options.out}/moods/batch={number}")
        print(f"batch {number}: {counts.take()}", flush=True)

    stream = spark.readStream.text(options.inbox).writeStream.foreachBatch(predict)
    stream = stream.option("checkpointLocation", f"{options.out}/checkpoint")
    try:
        (stream.trigger(availableNow=True) if options.once else stream).start().awaitTermination()
    except Exception as error:
        sys.exit(f"stream.py: {reason(error)}")


if __name__ == "__main__":
    main()
