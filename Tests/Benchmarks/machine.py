"""What the machine is, and how busy the processors are while nothing of the comparison runs."""
import ctypes
import os
import platform
import statistics
import time


class Machine:
    """`shares` are those of the processors that other programs took, a number for every look."""
    BUSY = 0.1

    def __init__(self):
        self.shares = []

    @staticmethod
    def ticks():
        with open("/proc/stat") as file:
            numbers = [int(number) for number in file.readline().split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]

    def share(self, seconds):
        """The share of the processors that is taken in the seconds to come."""
        before = self.ticks()
        time.sleep(seconds)
        every, idle = (now - then for now, then in zip(self.ticks(), before))
        return 1 - idle / every if every else 0

    def pause(self):
        """Lets threads of the last contestant go to sleep, and waits up to 3 seconds for other programs."""
        time.sleep(0.25)
        for _ in range(20):
            share = self.share(0.15)
            if share < self.BUSY:
                break
        self.shares.append(share)

    def load(self, since=0):
        """What other programs took in the looks from the place `since` on."""
        shares = self.shares[since:] or [0]
        return f"{statistics.median(shares):.0%} of the processors (median), {max(shares):.0%} at most"

    @staticmethod
    def description():
        with open("/proc/cpuinfo") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
        return (f"{names[0] if names else platform.machine()}, {len(os.sched_getaffinity(0))} processors used, "
                f"Linux {platform.release()}, {kernels()}")


def kernels():
    """Which kernels OpenBLAS takes on this processor."""
    try:
        blas = ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return "no OpenBLAS"
    blas.openblas_get_corename.restype = ctypes.c_char_p
    return f"{blas.openblas_get_corename().decode()} kernels of OpenBLAS"
