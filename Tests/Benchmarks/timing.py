"""Times calls within a process when compare.py asks for it.

A contestant makes its first calls, prints a line and waits. For every number of seconds on standard input it calls for
about so long and prints a line with the median of a call and its CPU seconds, those of all threads. So contestants of
one work can take turns, each of them warm.
"""
import json
import statistics
import sys
import time


def serve(call, first_calls, **facts):
    """Serves the function `call(index)`. The facts are told with the first line."""
    index = 0
    for index in range(first_calls):
        call(index)
    print(json.dumps({"ready": True, **facts}), flush=True)
    for line in sys.stdin:
        seconds, times = float(line), []
        # What sleeps between the rounds wakes up in the first tenth.
        begin = time.perf_counter() + seconds / 10
        cpu = None
        while True:
            index += 1
            start = time.perf_counter()
            if cpu is None and start >= begin:
                cpu = time.process_time()
            call(index)
            stop = time.perf_counter()
            if cpu is not None:
                times.append(stop - start)
            if stop >= begin + seconds and len(times) >= 3:
                break
        print(json.dumps({"median": statistics.median(times), "minimum": min(times), "calls": len(times),
                          "cpu": (time.process_time() - cpu) / len(times)}), flush=True)
