"""Runs ours and theirs in turn and prints tables: median, spread, costs, ratio, limits, targets. Called by bin/bench.

    compare.py --python PYTHON --in-process PROGRAM --results FILE [--quick] [--busy] [--large] [--instructions]
               [--before FOLDER] [--rounds N] [--minutes N] [WORK...]

PYTHON has the peers' libraries, PROGRAM is the Swift program `in-process`. Progress goes to standard error. The exit
status is 1 if something of ours could not run, or if the machine is busy and --busy is not given.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile

import accuracy
import before
import growth
from contestants import Unavailable
from data import Data
from instructions import Counter
from machine import Machine
from tables import Results, print_table, short
from work import REPOSITORY, Setup
from works import WORKS


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def in_turn(contestants):
    """Ours between theirs."""
    ours, theirs = ([c for c in contestants if c.ours == is_ours] for is_ours in (True, False))
    order = []
    while ours or theirs:
        order += theirs[:1] + ours[:1]
        theirs, ours = theirs[1:], ours[1:]
    return order


def run(work, name, rounds, seconds, machine, counter=None):
    """Measures all contestants of a work `rounds` times, and counts instructions of ours if there is a counter."""
    results = Results(work)

    def attempt(contestant, action):
        try:
            return action()
        except Unavailable as error:
            say(f"{name}: {contestant.name} is left out: {error}")
            results.leave_out(contestant, str(error))

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
                    results.add(contestant, figure)
                    say(f"{name}: round {round} of {rounds}: {contestant.name}: {short(figure.value)} {work.unit}")
        for contestant in work.contestants if counter else []:
            if contestant.ours and not contestant.now and contestant not in results.failures:
                say(f"{name}: instructions of {contestant.name}")
                try:
                    results.instructions[contestant] = counter.per_record(contestant)
                except Unavailable as error:
                    say(f"{name}: {contestant.name}: no instructions: {error}")
    finally:
        for contestant in work.contestants:
            contestant.close()
    return results


def main():
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--python", required=True)
    parser.add_argument("--in-process", required=True)
    parser.add_argument("--results", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--before")
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
    if options.large and options.works and "growth" not in options.works:
        parser.error("--large goes with growth")
    if options.before:
        options.before = os.path.abspath(options.before)
        if not os.path.exists(os.path.join(options.before, "in-process")):
            parser.error(f"--before: there is no in-process in {options.before}: build the programs there with "
                         "RIVULET_BENCH=1")
    rounds = options.rounds or (3 if options.quick else 7)
    # Everybody gets two processors, and as many threads unless the work says one.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "2"
    machine = Machine()
    if not options.busy:
        share = machine.share(3)
        if share > machine.BUSY:
            print(f"bin/bench: other programs take {share:.0%} of the processors, more than {machine.BUSY:.0%}: wait "
                  "until they have ended, or say --busy to measure all the same", file=sys.stderr)
            return 1
    data = Data(os.path.join(os.path.dirname(options.results), "data"), REPOSITORY)
    date = datetime.datetime.now().isoformat(timespec="seconds")
    openblas = {name: value for name, value in os.environ.items()
                if name.startswith("OPENBLAS_") and name != "OPENBLAS_NUM_THREADS"}
    load = ", ".join(f"{number:.2f}" for number in os.getloadavg())
    print(f"{date}, {machine.description()}, load {load}{' (--busy)' if options.busy else ''}\n"
          f"tweets: {data.source}; rounds: {rounds}")
    if openblas:
        settings = " ".join(f"{name}={value}" for name, value in openblas.items())
        print(f"the environment has {settings}, which changes what OpenBLAS does")
    with tempfile.TemporaryDirectory() as folder, open(options.results, "a") as file:
        def write(record):
            file.write(json.dumps({"date": date, "quick": options.quick, **record}, ensure_ascii=False) + "\n")
            file.flush()

        write({"machine": machine.description(), "tweets": data.source, "openblas": openblas, "rounds": rounds,
               "load": load, "busy": options.busy})
        counter = None
        if options.instructions:
            counter = Counter(folder, options.in_process)
            print(f"instructions: of a record or step, by {counter.way}" if counter.way
                  else f"no instructions: {counter.reason}")
            counter = counter if counter.way else None
        all_results = {}
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
                has_failed |= not growth.run(setup, options.large, say, write)
                continue
            try:
                work = WORKS[name](setup)
            except subprocess.CalledProcessError as error:
                print(f"\n{name}: could not begin: {error.stderr.strip()}")
                has_failed = True
                continue
            if options.before:
                work.contestants = before.with_twins(work.contestants, options.before)
            looks = len(machine.shares)
            results = all_results[name] = run(work, name, rounds, 0.7 if options.quick else 2, machine, counter)
            print_table(name, results, machine, machine.load(looks), write)
            has_failed |= any(contestant.ours and not contestant.now for contestant in results.failures)
        if options.before:
            before.print_comparison(all_results, write)
        for threads, limits in setup.known_limits.items():
            if limits:
                products = ", ".join(f"{size} {rate:.0f}" for size, rate in limits["gflops"].items())
                print(f"\nlimits, {threads} thread{'s' if threads > 1 else ''}: sgemm GFLOP/s of OpenBLAS "
                      f"({limits['kernels']} kernels): {products}; reading 13 MB: {limits['bandwidth'] or 0:.0f} GB/s "
                      f"({limits['read_by']})")
                write({"limits": limits})
    if machine.shares:
        print(f"\nbetween the measurements other programs took {machine.load()}")
    return int(has_failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
