"""Runs ours and theirs in turn and prints tables: median, spread, ratio, limits, targets. Called by bin/bench.

    compare.py --python PYTHON --in-process PROGRAM --results FILE [--quick] [--rounds N] [--minutes N] [WORK...]

PYTHON has the peers' libraries, PROGRAM is the Swift program `in-process`. Progress goes to standard error. The exit
status is 1 if something of ours could not run.
"""
import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import accuracy
import growth
from contestants import Unavailable
from data import Data
from works import WORKS, Setup

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def short(number):
    """Three digits or more, with commas."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


class Machine:
    """How busy the processors are while nothing of this comparison runs."""

    def __init__(self):
        self.shares = []

    @staticmethod
    def ticks():
        with open("/proc/stat") as file:
            numbers = [int(number) for number in file.readline().split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]

    def pause(self):
        """Lets threads of the last contestant go to sleep, and waits up to 3 seconds for other programs."""
        time.sleep(0.25)
        for _ in range(20):
            before = self.ticks()
            time.sleep(0.15)
            every, idle = (now - then for now, then in zip(self.ticks(), before))
            share = 1 - idle / every if every else 0
            if share < 0.1:
                break
        self.shares.append(share)

    @staticmethod
    def description():
        with open("/proc/cpuinfo") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
        return (f"{names[0] if names else platform.machine()}, {len(os.sched_getaffinity(0))} processors used, "
                f"Linux {platform.release()}")


class Results:
    """The figures of one work, by contestant, a number a round."""

    def __init__(self, work):
        self.work, self.figures, self.failures = work, {}, {}

    def named(self, beginning):
        """The contestants whose names begin so and who have figures."""
        return [c for c in self.work.contestants if c.name.startswith(beginning) and self.figures.get(c)]

    def median(self, contestant):
        return statistics.median(self.figures[contestant])

    def map(self, name, transform):
        found = self.named(name)
        return transform(self.median(found[0])) if found else None

    def ratio_of(self, ours, peer):
        return statistics.median(a / b for a, b in zip(self.figures[ours], self.figures[peer]))

    def ratio(self, name, peer_names):
        """Ours over the best peer, or None."""
        ours, peers = self.named(name), [peer for name in peer_names for peer in self.named(name)]
        if not ours or not peers:
            return None
        ratios = [self.ratio_of(ours[0], peer) for peer in peers]
        return max(ratios) if self.work.lower_is_better else min(ratios)


def in_turn(contestants):
    """Ours between theirs."""
    ours, theirs = ([c for c in contestants if c.ours == is_ours] for is_ours in (True, False))
    order = []
    while ours or theirs:
        order += theirs[:1] + ours[:1]
        theirs, ours = theirs[1:], ours[1:]
    return order


def run(work, name, rounds, seconds, machine):
    """Measures all contestants of a work `rounds` times."""
    results = Results(work)

    def attempt(contestant, action):
        try:
            return action()
        except Unavailable as error:
            say(f"{name}: {contestant.name} is left out: {error}")
            results.failures[contestant] = str(error)
            results.figures.pop(contestant, None)

    try:
        for contestant in work.contestants:
            say(f"{name}: first calls of {contestant.name}")
            attempt(contestant, contestant.prepare)
        for round in range(1, rounds + 1):
            for contestant in in_turn(work.contestants):
                if contestant in results.failures:
                    continue
                machine.pause()
                figure = attempt(contestant, lambda: contestant.measure(seconds))
                if figure is not None:
                    results.figures.setdefault(contestant, []).append(figure)
                    say(f"{name}: round {round} of {rounds}: {contestant.name}: {short(figure)} {work.unit}")
    finally:
        for contestant in work.contestants:
            contestant.close()
    return results


def rows(results):
    """A row of texts a contestant, and what goes into the results file."""
    work = results.work
    first = work.contestants[0]
    for contestant in work.contestants:
        record = {"contestant": contestant.name, "ours": contestant.ours, "unit": work.unit}
        figures = results.figures.get(contestant)
        if not figures:
            reason = results.failures.get(contestant, "")
            yield [contestant.name, "–", "", "", f"not measured: {reason}"], {**record, "failure": reason}
            continue
        median = results.median(contestant)
        limit = work.limit(contestant, median) if work.limit else ""
        ratio = results.ratio_of(first, contestant) if work.has_ratios and results.figures.get(first) else None
        notes = "; ".join(filter(None, [limit, contestant.note]))
        yield ([contestant.name, short(median), f"{short(min(figures))} … {short(max(figures))}",
                "" if ratio is None or contestant is first else short(ratio), notes],
               {**record, "median": median, "figures": figures, "ratio": ratio, "notes": notes})


def print_table(name, results, write):
    work = results.work
    direction = "lower" if work.lower_is_better else "higher"
    header = [f"{work.unit}, {direction} is better", "median", "spread",
              "first ÷ it" if work.has_ratios else "", "limits and notes"]
    lines = [header]
    for texts, record in rows(results):
        lines.append(texts)
        write({"work": name, **record})
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    print(f"\n{name}: {work.title}")
    for line in lines:
        columns = [line[0].ljust(widths[0])] + [line[column].rjust(widths[column]) for column in (1, 2, 3)]
        print(("  " + "  ".join(columns) + "  " + line[4]).rstrip())
    for target in work.targets:
        value = target.figure(results)
        verdict = "not measured" if value is None else f"{short(value)}, {'met' if target.is_met(value) else 'NOT MET'}"
        print(f"  target {target.text}: {verdict}")
        write({"work": name, "target": target.text, "value": value,
               "is_met": None if value is None else target.is_met(value)})
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--python", required=True)
    parser.add_argument("--in-process", required=True)
    parser.add_argument("--results", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("works", nargs="*")
    options = parser.parse_intermixed_args()
    names = [*WORKS, "growth"]
    sets = [name for name in options.works if name in accuracy.SETS]
    unknown = set(options.works) - {*names, "accuracy", *sets}
    if unknown:
        parser.error(f"there is no work {', '.join(sorted(unknown))}; there are {', '.join(names)}, accuracy")
    if (sets or options.minutes is not None) and "accuracy" not in options.works:
        parser.error(f"{sets[0] if sets else '--minutes'} goes with accuracy")
    if any(number is not None and number <= 0 for number in (options.rounds, options.minutes)):
        parser.error("--rounds and --minutes are more than 0")
    rounds = options.rounds or (3 if options.quick else 7)
    # Everybody gets two processors, and as many threads unless the work says one.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "2"
    data, machine = Data(os.path.join(os.path.dirname(options.results), "data"), REPOSITORY), Machine()
    date = datetime.datetime.now().isoformat(timespec="seconds")
    openblas = {name: value for name, value in os.environ.items()
                if name.startswith("OPENBLAS_") and name != "OPENBLAS_NUM_THREADS"}
    print(f"{date}, {machine.description()}\ntweets: {data.source}; rounds: {rounds}")
    if openblas:
        settings = " ".join(f"{name}={value}" for name, value in openblas.items())
        print(f"the environment has {settings}, which changes what OpenBLAS does")
    with tempfile.TemporaryDirectory() as folder, open(options.results, "a") as file:
        def write(record):
            file.write(json.dumps({"date": date, "quick": options.quick, **record}, ensure_ascii=False) + "\n")
            file.flush()

        write({"machine": machine.description(), "tweets": data.source, "openblas": openblas, "rounds": rounds})
        setup = Setup(data, options.python, options.in_process, folder, options.quick)
        has_failed = False
        for name in options.works or names:
            if name in sets:
                continue
            if name == "accuracy":
                seeds, minutes = (1, 0.5) if options.quick else (5, 5)
                has_failed |= not accuracy.run(setup, sets, options.rounds or seeds, options.minutes or minutes, say,
                                               write)
                continue
            if name == "growth":
                has_failed |= not growth.run(setup, say, write)
                continue
            try:
                work = WORKS[name](setup)
            except subprocess.CalledProcessError as error:
                print(f"\n{name}: could not begin: {error.stderr.strip()}")
                has_failed = True
                continue
            results = run(work, name, rounds, 0.7 if options.quick else 2, machine)
            print_table(name, results, write)
            has_failed |= any(contestant.ours for contestant in results.failures)
        for threads, limits in setup.known_limits.items():
            if limits:
                products = ", ".join(f"{size} {rate:.0f}" for size, rate in limits["gflops"].items())
                print(f"\nlimits, {threads} thread{'s' if threads > 1 else ''}: sgemm GFLOP/s of OpenBLAS "
                      f"({limits['kernels']} kernels): {products}; reading 13 MB: {limits['bandwidth'] or 0:.0f} GB/s "
                      f"({limits['read_by']})")
                write({"limits": limits})
    if machine.shares:
        print(f"\nbetween the measurements other programs took {statistics.median(machine.shares):.0%} of the "
              f"processors (median), {max(machine.shares):.0%} at most")
    return int(has_failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
