"""What a run costs: seconds, CPU seconds of all its processes, and the memory of the largest of them."""
import os
import subprocess
import tempfile
import time
from typing import NamedTuple, Optional

# The system's `time` says how much memory a program took at most. What Python hears of a child counts Python's own,
# which the child had before it became another program.
TIME = "/usr/bin/time"


class Usage(NamedTuple):
    """CPU seconds are those in programs and in the system. The peak, in MB, is that of the largest process."""
    seconds: float
    cpu: float
    peak: Optional[float]


class Process:
    """A program under way. `start` is the moment in which it was started."""

    def __init__(self, arguments, measures_peak=True, **options):
        self.note = tempfile.NamedTemporaryFile("r") if measures_peak and os.path.exists(TIME) else None
        if self.note:
            arguments = [TIME, "-f", "%M", "-o", self.note.name, *arguments]
        self.start = time.perf_counter()
        self.process = subprocess.Popen(arguments, **options)

    def wait(self):
        """Waits for the end. Returns what it cost; `status` is then there."""
        # A program counts what it waited for: `time` its program, a shell all parts of its pipeline.
        _, status, usage = os.wait4(self.process.pid, 0)
        seconds = time.perf_counter() - self.start
        self.process.returncode = self.status = os.waitstatus_to_exitcode(status)
        peak = None
        if self.note:
            with self.note:
                peak = int(self.note.read().split()[-1]) / 1024
        return Usage(seconds, usage.ru_utime + usage.ru_stime, peak)


def run(arguments, **options):
    """Runs a program. Returns its exit status and what it cost."""
    process = Process(arguments, **options)
    usage = process.wait()
    return process.status, usage


def peak_of(process_id):
    """The most memory that a process has taken since it became its program, in MB, or None."""
    try:
        with open(f"/proc/{process_id}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def drop_pages(path):
    """Lets the system forget what it holds of a file in memory, so that the next reader gets it from the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
