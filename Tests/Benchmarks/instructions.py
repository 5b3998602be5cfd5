"""How many instructions a record takes: the difference of two sizes, so that the start drops out.

A figure of a processor's own counters (`perf`) or, where they are missing, of valgrind, whose processor has AVX2 but no
AVX-512, and which takes about fifty times as long.
"""
import os
import re
import shlex
import subprocess
import tempfile

from contestants import Unavailable, last_line

PROGRAMS = ["tweet-tokenize", "vocab-build", "tensorize", "batch", "train", "predict", "perplexity", "gru-sample"]


class Counter:
    """`way` is perf or valgrind, or None; `reason` then says why."""

    def __init__(self, folder, in_process):
        self.folder, self.programs = os.path.join(folder, "instructions"), os.path.join(folder, "instructions", "bin")
        os.makedirs(self.programs)
        self.in_process, self.way, self.reason = in_process, None, ""
        if self.perf(["true"]) is not None:
            self.way = "perf"
            return
        try:
            self.wrap()
            self.way = "valgrind"
        except (OSError, subprocess.CalledProcessError) as error:
            self.reason = f"perf has no hardware counters here, and valgrind can't take their place: {error}"

    def wrap(self):
        """Puts our programs into a folder in the form that runs under valgrind.

        Valgrind stops at debug information that it doesn't know, so they are copies without.
        """
        subprocess.run(["valgrind", "--version"], check=True, stdout=subprocess.DEVNULL)
        which = {name: subprocess.check_output(["which", name], text=True).strip() for name in PROGRAMS}
        for name, path in {**which, "in-process": self.in_process}.items():
            if not os.path.exists(path):
                continue
            copy, wrapper = (os.path.join(self.folder, name), os.path.join(self.programs, name))
            subprocess.run(["strip", "-g", "-o", copy, path], check=True)
            with open(wrapper, "w") as script:
                script.write("#!/bin/sh\n"
                             "exec valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "
                             f"--log-file='{self.folder}/%p.log' '{copy}' \"$@\"\n")
            os.chmod(wrapper, 0o755)

    def perf(self, command, environment=None):
        """The instructions of a command and of all that it starts, or None without counters."""
        note = os.path.join(self.folder, "perf")
        try:
            subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", "-o", note, *command], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
        except (OSError, subprocess.CalledProcessError):
            return None
        with open(note) as file:
            found = re.search(r"^(\d+),.*instructions", file.read(), re.MULTILINE)
        return int(found[1]) if found else None

    def count(self, command, environment):
        """The instructions of a shell command."""
        if self.way == "perf":
            found = self.perf(["bash", "-c", f"set -o pipefail; {command}"], environment)
            if found is None:
                raise Unavailable("the command failed under perf")
            return found
        command = f"set -o pipefail; {command.replace(shlex.quote(self.in_process), 'in-process')}"
        path = f"{self.programs}:{os.environ['PATH']}"
        with tempfile.TemporaryFile("w+") as errors:
            status = subprocess.run(["bash", "-c", command], env={**environment, "PATH": path}, stderr=errors,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
            if status:
                raise Unavailable(last_line(errors) or f"exit status {status}")
        total = 0
        for name in os.listdir(self.folder):
            if name.endswith(".log"):
                with open(os.path.join(self.folder, name)) as log:
                    counts = re.findall(r"I +refs: +([\d,]+)", log.read())
                total += sum(int(count.replace(",", "")) for count in counts)
                os.remove(os.path.join(self.folder, name))
        if not total:
            raise Unavailable("valgrind has counted nothing")
        return total

    def per_record(self, contestant):
        """The instructions that one record or step more takes, or None where a contestant has no such sizes."""
        counts = []
        for size in contestant.instruction_sizes:
            command = contestant.command_for(size, self.folder)
            if command is None:
                return None
            counts.append(self.count(command, contestant.whole_environment))
        few, many = contestant.instruction_sizes
        return (counts[1] - counts[0]) / (many - few)
