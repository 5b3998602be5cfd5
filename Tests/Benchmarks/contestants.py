"""What takes part in a comparison: processes that time calls within themselves, and pipelines timed from outside."""
import json
import os
import statistics
import subprocess
import tempfile
import time


class Unavailable(Exception):
    """A contestant can't run here; the message says why."""


class Contestant:
    """One row of a table. `value` turns the seconds of a call or a run into the unit of the work."""

    def __init__(self, name, value, ours=False):
        self.name, self.value, self.ours = name, value, ours
        self.note = ""

    def prepare(self):
        """Makes the first calls, which are not counted."""

    def measure(self, seconds):
        """One figure, from about so many seconds if the contestant can choose."""
        raise NotImplementedError

    def close(self):
        """Ends what `prepare` has begun."""


class InProcess(Contestant):
    """A process that answers a number of seconds with the median of a call (timing.py, InProcess/Timing.swift)."""

    def __init__(self, name, command, value, ours=False, environment=()):
        super().__init__(name, value, ours)
        self.command, self.environment, self.process = command, dict(environment), None

    def prepare(self):
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
                env={**os.environ, **self.environment})
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
        return self.value(self.answer()["median"])

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


class Pipeline(Contestant):
    """A shell pipeline; the figure is the time until all of it has ended. `read_note` makes a note of its messages."""

    def __init__(self, name, command, value, ours=False, environment=(), has_first_run=True, read_note=None):
        super().__init__(name, value, ours)
        self.command, self.environment = command, dict(environment)
        self.has_first_run, self.read_note = has_first_run, read_note

    def prepare(self):
        if self.has_first_run:
            self.measure(0)

    def measure(self, _):
        return self.value(self.run(self.command))

    def run(self, command):
        with tempfile.TemporaryFile("w+") as errors:
            start = time.perf_counter()
            status = subprocess.run(
                ["bash", "-c", f"set -o pipefail; {command}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=errors, env={**os.environ, **self.environment}).returncode
            seconds = time.perf_counter() - start
            if status:
                raise Unavailable(last_line(errors) or f"exit status {status}")
            if self.read_note:
                errors.seek(0)
                self.note = self.read_note(errors.read())
        return seconds


class Difference(Pipeline):
    """Two runs of a pipeline with `{count}` in it; the figure is the time of what the larger one does more, for one."""

    def __init__(self, name, command, counts, value, ours=False):
        super().__init__(name, command, value, ours)
        self.counts = counts

    def measure(self, _):
        few, many = (self.run(self.command.replace("{count}", str(count))) for count in self.counts)
        return self.value(max(many - few, 1e-9) / (self.counts[1] - self.counts[0]))


class Start(Contestant):
    """A program that is started and ends at once, many times; the figure is the median."""

    def __init__(self, name, command, ours=False):
        super().__init__(name, lambda seconds: seconds * 1000, ours)
        self.command = command

    def prepare(self):
        try:
            self.run()
        except OSError as error:
            raise Unavailable(str(error)) from None

    def measure(self, _):
        return self.value(statistics.median(self.run() for _ in range(50)))

    def run(self):
        silence = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in range(3)]
        start = time.perf_counter()
        process = os.posix_spawnp(self.command[0], self.command, os.environ, file_actions=silence)
        os.waitpid(process, 0)
        return time.perf_counter() - start


def last_line(file):
    """What a process said last on standard error."""
    file.seek(0)
    lines = file.read().strip().splitlines()
    return lines[-1].strip()[-200:] if lines else ""
