"""RDDs and DataFrames of JSON Lines through a pipeline of the filters, one a partition.

    tokens = through(lines, "tweet-tokenize --only id,text,tokens")
    moods = through_arrow(table, "tweet-tokenize | predict --model sentiment.safetensors", counts=counts)
    moods = through(text_blocks(context, "tweets.jsonl"), "tweet-tokenize | predict --model m.safetensors", blocks=True)
    save_blocks(moods, "moods")

The pipeline is run by `bash -o pipefail -c`, in the folder of what `addFile` has sent, which is also the first of the PATH.
A program that fails makes the task fail, with its name, the partition, the line in it and the reason.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections import Counter, deque
from itertools import islice

from pyspark import AccumulatorParam, SparkFiles, TaskContext

FILTERS = ["tweet-tokenize", "vocab-build", "tensorize", "batch", "predict", "perplexity"]
# Each filter says in a file of its own what it did, unless the command asks for its summary itself.
PRELUDE = "".join(
    f"""{name}() {{ case " $* " in *" --summary"*) command {name} "$@" ;;
    *) command {name} --summary "$RIVULET_SUMMARIES/$BASHPID.$((++rivulet_run))" "$@" ;; esac; }}\n""" for name in FILTERS)


class FilterFailed(Exception):
    """A pipeline that failed, or got no lines, in one line: `partition 2: tweet-tokenize: <stdin>:17: field "text" is missing`."""


def reason(error):
    """The line of `FilterFailed` in what the driver gets, or the whole of another error."""
    found = re.search(r"FilterFailed: (.*)", str(error))
    return found[1] if found else str(error)


class _LatestOfEach(AccumulatorParam):
    """A value for each key: what is said of a partition again, by a task that ran again, is not added but replaced."""

    def zero(self, value):
        return {}

    def addInPlace(self, said, more):
        said.update(more)
        return said


class Counts:
    """How many records and bad lines went through each filter, summed over partitions; each partition counts once, however
    often its task was run."""

    def __init__(self, context):
        self._said = context.accumulator({}, _LatestOfEach())

    def take(self):
        """The counts of what has run since the last time, {"tweet-tokenize": {"records": 998, "bad_lines": 2}}."""
        said, self._said.value = self._said.value, {}
        sums = {}
        for summary in (summary for summaries in said.values() for summary in summaries):
            sums.setdefault(summary["program"], Counter()).update(
                {"records": summary["records"], "bad_lines": summary["bad_lines"]})
        return {program: dict(sum) for program, sum in sums.items()}


def _whole_lines(chunks):
    """Chunks of bytes cut anew, so that each ends with a line feed, the last one, too."""
    rest = b""
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk
    if rest:
        yield rest + b"\n"


def run(command, blocks, partition, environment=None):
    """Feeds blocks of lines, as bytes, to a shell pipeline; gives blocks of whole lines, and at the end the summaries."""
    files = SparkFiles.getRootDirectory()
    with tempfile.TemporaryDirectory() as summaries:
        variables = {**os.environ, **(environment or {}), "RIVULET_SUMMARIES": summaries}
        variables["PATH"] = files + ":" + variables.get("PATH", os.defpath)
        process = subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", PRELUDE + command], cwd=files, env=variables, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said, failed = deque(maxlen=20), []

        def feed():
            try:
                with process.stdin as pipe:
                    for block in blocks:
                        pipe.write(block)
            except BrokenPipeError:
                pass  # the pipeline needs no more, as `head` does, or has failed, which its status says
            except Exception as error:  # what comes before has failed
                failed.append(error)
                os.killpg(process.pid, signal.SIGKILL)

        def listen():
            for line in process.stderr:
                sys.stderr.buffer.write(line)  # for the executor's log
                said.append(line.decode("utf-8", "replace").rstrip())

        threads = [threading.Thread(target=feed, daemon=True), threading.Thread(target=listen, daemon=True)]
        for thread in threads:
            thread.start()
        is_whole = False
        try:
            yield from _whole_lines(iter(lambda: process.stdout.read1(1 << 18), b""))
            is_whole = True
        finally:
            if not is_whole:  # Spark has enough (`take`), or what comes behind has failed
                os.killpg(process.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
            status = process.wait()
        if failed:
            raise failed[0]
        written = [open(os.path.join(summaries, name)).read() for name in sorted(os.listdir(summaries))]
        summaries = [json.loads(text) for text in written if text]
    if status != 0:
        errors = [f'{summary["program"]}: {summary["error"]}' for summary in summaries if summary["error"]]
        why = "; ".join(errors) or ": ".join([f"status {status} of {command}", *([" | ".join(said)] if said else [])])
        raise FilterFailed(f"partition {partition}: {why}")
    yield summaries


def _counted(outputs, counts, key):
    for output in outputs:
        if isinstance(output, bytes):
            yield output
        elif counts:
            counts._said.add({key: output})


def _line_after(file, position):
    """Where the first line begins that begins at a position or behind it, or a file ends."""
    if position == 0:
        return 0
    file.seek(position - 1)
    while chunk := file.read(1 << 16):
        if (found := chunk.find(b"\n")) >= 0:
            return position + found
        position += len(chunk)
    return position - 1


def _chunks(file, start, end, size=1 << 18):
    """The bytes of a file from a start to an end."""
    file.seek(start)
    while start < end and (chunk := file.read(min(size, end - start))):
        start += len(chunk)
        yield chunk


def _uri(path):
    return path if "://" in path else os.path.abspath(path)


def text_blocks(context, path, partitions=None):
    """The lines of a file, or of all files of a folder in the order of their names, in blocks, for `through(…, blocks=True)`. Python reads
    them where they are worked on, a stretch of bytes for each partition; Java, which makes an object of each line, does not see them.

    The path is one that all executors have, or what pyarrow takes (file://, hdfs://, s3://, gs://). Compressed files can't be read from
    their middle, and are refused."""
    from pyarrow.fs import FileSelector, FileSystem, FileType

    uri = _uri(path)
    system, name = FileSystem.from_uri(uri)
    found = system.get_file_info(name)
    if found.type == FileType.NotFound:
        raise FileNotFoundError(path)
    files = [found] if found.is_file else sorted(
        (file for file in system.get_file_info(FileSelector(name)) if file.is_file and file.base_name[0] not in "._"),
        key=lambda file: file.path)
    for file in files:
        if file.extension in ["gz", "bz2", "xz", "zst", "lz4", "snappy", "deflate"]:
            raise ValueError(f"{file.path} is compressed: textFile reads it")
    count = partitions or context.defaultParallelism
    total, before = sum(file.size for file in files), 0
    stretches = [[] for _ in range(count)]
    for file in files:
        for index, stretch in enumerate(stretches):
            start, end = (min(max(total * at // count - before, 0), file.size) for at in (index, index + 1))
            if start < end:
                stretch.append((file.path, start, end))
        before += file.size

    def read(stretch):
        system, _ = FileSystem.from_uri(uri)
        for name, start, end in stretch:
            with system.open_input_file(name) as file:
                end = _line_after(file, end)
                for block in _whole_lines(_chunks(file, _line_after(file, start), end)):
                    yield block[:-1]

    return context.parallelize(stretches, count).flatMap(read)


def save_blocks(rdd, path):
    """Writes what `saveAsTextFile` writes of an RDD of lines or blocks, str or bytes, but from Python: a file for each partition in a new folder,
    on a file system that all executors have or that pyarrow takes. A part has its name when it is whole, whichever attempt of
    its task wrote it, and the folder has `_SUCCESS` when all of them are there."""
    from pyarrow.fs import FileSystem, FileType

    uri = _uri(path)
    system, folder = FileSystem.from_uri(uri)
    if system.get_file_info(folder).type != FileType.NotFound:
        raise FileExistsError(path)
    system.create_dir(f"{folder}/_temporary")

    def write(index, blocks):
        system, folder = FileSystem.from_uri(uri)
        attempt = f"{folder}/_temporary/{uuid.uuid4().hex}"
        with system.open_output_stream(attempt) as file:
            for block in blocks:
                file.write(block if isinstance(block, bytes) else block.encode())
                file.write(b"\n")
        part = f"{folder}/part-{index:05}"
        try:
            system.move(attempt, part)
        except OSError:  # another attempt was there before, and some file systems do not replace its part
            if system.get_file_info(part).type != FileType.File:
                raise
        return []

    rdd.mapPartitionsWithIndex(write).collect()
    system.delete_dir(f"{folder}/_temporary")
    system.open_output_stream(f"{folder}/_SUCCESS").close()


def through(rdd, command, counts=None, environment=None, blocks=False):
    """An RDD of lines, str or bytes, through a pipeline for each partition: an RDD of the lines it writes, str or bytes
    as they came (`textFile(…, use_unicode=False)` has bytes, which are faster). With `blocks`, an element is many lines, in and
    out, with a line feed between two, as `text_blocks` has them and `save_blocks` writes them."""
    call = uuid.uuid4().hex

    def partition(index, elements):
        kind = []

        def feed(size=1 if blocks else 1 << 12):
            while block := list(islice(elements, size)):
                kind[:] = [type(block[0])]
                joined = b"\n".join(block) if kind[0] is bytes else "\n".join(block).encode()
                if not blocks and joined.count(b"\n") != len(block) - 1:
                    raise FilterFailed(f"partition {index}: an element holds a line feed, and is no line")
                yield joined
                yield b"\n"

        for block in _counted(run(command, feed(), index, environment), counts, (call, index)):
            text = (block if kind == [bytes] else block.decode())[:-1]
            if blocks:
                yield text
            else:
                yield from text.split(b"\n" if kind == [bytes] else "\n")

    return rdd.mapPartitionsWithIndex(partition)


def through_arrow(frame, command, counts=None, environment=None, column="value"):
    """A DataFrame's column of lines through a pipeline for each partition: a DataFrame of that column alone, with the lines
    it writes. Lines go in and out as Arrow has them, without an object for each."""
    call = uuid.uuid4().hex

    def partition(batches):
        import pyarrow
        import pyarrow.compute as compute

        index = TaskContext.get().partitionId()

        def feed():
            for batch in batches:
                lines = batch.column(0)
                if not len(lines):
                    continue
                joined = compute.binary_join(pyarrow.ListArray.from_arrays([0, len(lines)], lines), "\n")[0]
                if not joined.is_valid:
                    raise FilterFailed(f"partition {index}: column {column} holds null")
                if compute.count_substring(joined, "\n").as_py() != len(lines) - 1:
                    raise FilterFailed(f"partition {index}: column {column} holds a line feed")
                yield joined.as_buffer()
                yield b"\n"

        for block in _counted(run(command, feed(), index, environment), counts, (call, index)):
            lines = compute.split_pattern(pyarrow.array([block[:-1]], pyarrow.binary()), "\n").values
            yield pyarrow.RecordBatch.from_arrays([lines.cast(pyarrow.string())], [column])

    return frame.select(column).mapInArrow(partition, f"`{column}` string")
