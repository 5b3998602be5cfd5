"""What a work is: who takes part, on what, in which unit, what is to be reached; and what works are made from."""
import json
import os
import shlex
import subprocess
import sys

from contestants import InProcess

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
CLASSIFIER = "Embedding(9088, 256) Mean Dense(2) LogSoftmax"
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

    def in_process(self, name, kind, batches, *arguments, value, instruction_sizes=(20, 60)):
        command = [self.in_process_program, kind, batches, *map(str, arguments)]
        return InProcess(name, command, value, ours=True, reads=batches, instruction_sizes=instruction_sizes)

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


def milliseconds(seconds):
    return seconds * 1000


def microseconds(seconds):
    return seconds * 1_000_000
