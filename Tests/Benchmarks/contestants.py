"""What takes part in a comparison: processes that time calls within themselves, and pipelines timed from outside."""
import itertools
import json
import os
import select
import shlex
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple, Optional

import usage


class Unavailable(Exception):
    """A contestant can't run here; the message says why."""


class PerSecond:
    """How many of `count` things a run or a call makes in a second."""

    def __init__(self, count):
        self.count = count

    def __call__(self, seconds):
        return self.count / seconds


class Figure(NamedTuple):
    """What a round gives: in the unit of the work, CPU seconds of a run or call, peak memory in MB."""
    value: float
    cpu: Optional[float] = None
    peak: Optional[float] = None


class Contestant:
    """One row of a table. `value` turns the seconds of a call or a run into the unit of the work.

    `now` is the contestant that does the same with the programs of today, of one with those of another build.
    """
    instruction_sizes = (200, 1200)
    now = None

    def __init__(self, name, value, ours=False, environment=()):
        self.name, self.value, self.ours, self.environment = name, value, ours, dict(environment)
        self.count = getattr(value, "count", 1)
        self.note = ""

    @property
    def whole_environment(self):
        return {**os.environ, **self.environment}

    def prepare(self):
        """Makes the first calls, which are not counted."""

    def measure(self, seconds):
        """A Figure, from about so many seconds if the contestant can choose."""
        raise NotImplementedError

    def close(self):
        """Ends what `prepare` has begun."""

    def command_for(self, count, folder):
        """A shell command that does the work of `count` records or steps and ends, or None if there is none."""


def beginning(file, count, folder):
    """A file with the first lines of another."""
    path = os.path.join(folder, f"first-{count}")
    with open(file, "rb") as lines, open(path, "wb") as part:
        part.writelines(itertools.islice(lines, count))
    return path


class InProcess(Contestant):
    """A process that answers a number of seconds with the median of a call (timing.py, InProcess/Timing.swift).

    `reads` is the file of which it makes a call with each line first, if it does.
    """

    def __init__(self, name, command, value, ours=False, environment=(), reads=None, instruction_sizes=(20, 60)):
        super().__init__(name, value, ours, environment)
        self.command, self.process = command, None
        self.reads, self.instruction_sizes = reads, instruction_sizes

    def prepare(self):
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
                env=self.whole_environment)
        except OSError as error:
            raise Unavailable(str(error)) from None
        facts = self.answer()
        if "version" in facts:
            self.name += f" ({facts['version'].partition('+')[0]})"

    def measure(self, seconds):
        try:
            self.process.stdin.write(f"{seconds}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self.answer()
        return Figure(self.value(answer["median"]), answer["cpu"], usage.peak_of(self.process.pid))

    def answer(self):
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        raise Unavailable(last_line(self.errors) or f"exit status {self.process.wait()}")

    def close(self):
        if self.process:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
            self.process.wait()

    def command_for(self, count, folder):
        if not self.reads:
            return None
        part = beginning(self.reads, count, folder)
        return shlex.join(part if argument == self.reads else argument for argument in self.command) + " < /dev/null"


class Pipeline(Contestant):
    """A shell pipeline; the figure is the time until all of it has ended. `read_note` makes a note of its messages.

    `reads` is the file of its command that holds the records; `cold` are files that come from the disk in every run.
    """

    def __init__(self, name, command, value, ours=False, environment=(), has_first_run=True, read_note=None, reads=None,
                 cold=(), instruction_sizes=Contestant.instruction_sizes):
        super().__init__(name, value, ours, environment)
        self.command = command
        self.has_first_run, self.read_note = has_first_run, read_note
        self.reads, self.cold, self.instruction_sizes = reads, cold, instruction_sizes

    def prepare(self):
        if self.has_first_run:
            self.measure(0)

    def measure(self, _):
        cost = self.run(self.command)
        return Figure(self.value(cost.seconds), cost.cpu, cost.peak)

    def run(self, command):
        for path in self.cold:
            usage.drop_pages(path)
        with tempfile.TemporaryFile("w+") as errors:
            status, cost = usage.run(
                ["bash", "-c", f"set -o pipefail; {command}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=errors, env=self.whole_environment)
            if status:
                raise Unavailable(last_line(errors) or f"exit status {status}")
            if self.read_note:
                errors.seek(0)
                self.note = self.read_note(errors.read())
        return cost

    def command_for(self, count, folder):
        if not self.reads:
            return None
        return self.command.replace(shlex.quote(self.reads), shlex.quote(beginning(self.reads, count, folder)))


class Difference(Pipeline):
    """Two runs of a pipeline with `{count}` in it; the figure is the time of what the larger one does more, for one."""

    def __init__(self, name, command, counts, value, ours=False, instruction_sizes=Contestant.instruction_sizes):
        super().__init__(name, command, value, ours, instruction_sizes=instruction_sizes)
        self.counts = counts

    def measure(self, _):
        few, many = (self.run(self.command.replace("{count}", str(count))) for count in self.counts)
        more = self.counts[1] - self.counts[0]
        return Figure(self.value(max(many.seconds - few.seconds, 1e-9) / more), max(many.cpu - few.cpu, 0) / more,
                      many.peak)

    def command_for(self, count, folder):
        return self.command.replace("{count}", str(count))


class Start(Contestant):
    """A program that is started and ends, many times; the figure is the median. `reads` is its standard input."""

    def __init__(self, name, command, ours=False, reads=os.devnull, runs=50, folder=None):
        super().__init__(name, lambda seconds: seconds * 1000, ours)
        self.command, self.reads, self.runs, self.folder = command, reads, runs, folder

    def prepare(self):
        with tempfile.TemporaryFile("w+") as errors:
            try:
                status, cost = self.run(stderr=errors)
            except OSError as error:
                raise Unavailable(str(error)) from None
            # fastText without arguments says how it is used, and that this is an error.
            if status and self.reads != os.devnull:
                raise Unavailable(last_line(errors) or f"exit status {status}")
        self.peak = cost.peak

    def measure(self, _):
        costs = [self.run(measures_peak=False)[1] for _ in range(self.runs)]
        return Figure(self.value(statistics.median(cost.seconds for cost in costs)),
                      statistics.mean(cost.cpu for cost in costs), self.peak)

    def run(self, stderr=subprocess.DEVNULL, **options):
        with open(self.reads, "rb") as file:
            return usage.run(self.command, stdin=file, stdout=subprocess.DEVNULL, stderr=stderr, cwd=self.folder,
                             env=self.whole_environment, **options)


class Conversation:
    """A pipeline that answers each line with one."""
    PATIENCE = 60  # seconds

    def __init__(self, command, **options):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = usage.Process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                     bufsize=0, **options)

    def ask(self, line):
        pipes = self.process.process
        try:
            pipes.stdin.write(line)
        except BrokenPipeError:
            pass
        answer = b""
        while not answer.endswith(b"\n"):
            is_there, _, _ = select.select([pipes.stdout], [], [], self.PATIENCE)
            part = pipes.stdout.read(1 << 16) if is_there else b""
            if not part:
                pipes.kill()
                raise Unavailable(last_line(self.errors) or "no answer to a single record")
            answer += part

    def end(self):
        self.process.process.stdin.close()
        cost = self.process.wait()
        self.process.process.stdout.close()
        return cost


class Latency(Contestant):
    """A pipeline that gets a line when it has answered the last one; the figure is the median of the waits."""
    FIRST, COUNT = 200, 2000

    def __init__(self, name, command, reads, value, ours=False):
        super().__init__(name, value, ours)
        self.command, self.reads, self.waits = command, reads, []

    def measure(self, _):
        talk, waits = Conversation(["bash", "-c", f"set -o pipefail; {self.command}"],
                                   env=self.whole_environment), []
        with open(self.reads, "rb") as file:
            for line in itertools.islice(itertools.cycle(file.readlines()), self.FIRST + self.COUNT):
                start = time.perf_counter()
                talk.ask(line)
                waits.append(time.perf_counter() - start)
        cost = talk.end()
        waits = waits[self.FIRST:]
        self.waits += waits
        self.note = f"p99 {self.value(statistics.quantiles(self.waits, n=100)[98]):.0f}"
        return Figure(self.value(statistics.median(waits)), cost.cpu / (self.FIRST + self.COUNT), cost.peak)


class FirstAnswer(Contestant):
    """A program that is started and asked once, many times; the figure is the median time until its answer is there."""

    def __init__(self, name, command, line, ours=False, runs=20):
        super().__init__(name, lambda seconds: seconds * 1000, ours)
        self.command, self.line, self.runs = command, line, runs

    def prepare(self):
        try:
            # The first run may make the file that is loaded, and gets the programs into memory.
            self.run(measures_peak=False)
            self.peak = self.run()[1].peak
        except OSError as error:
            raise Unavailable(str(error)) from None

    def measure(self, _):
        runs = [self.run(measures_peak=False) for _ in range(self.runs)]
        return Figure(self.value(statistics.median(seconds for seconds, _ in runs)),
                      statistics.mean(cost.cpu for _, cost in runs), self.peak)

    def run(self, **options):
        talk = Conversation(self.command, env=self.whole_environment, **options)
        talk.ask(self.line)
        return time.perf_counter() - talk.process.start, talk.end()


def last_line(file):
    """What a process said last on standard error."""
    file.seek(0)
    lines = file.read().strip().splitlines()
    return lines[-1].strip()[-200:] if lines else ""
