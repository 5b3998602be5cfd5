"""The programs of another build beside ours, for a table of before and after."""
import copy
import os
import statistics

from contestants import InProcess
from tables import print_lines, short

NAME = "before: "


def twin(contestant, folder):
    """The same work by the programs in a folder, the one of the timings within a process among them."""
    other = copy.copy(contestant)
    other.name, other.now = NAME + contestant.name, contestant
    other.environment = {**contestant.environment, "PATH": f"{folder}:{os.environ['PATH']}"}
    if isinstance(other, InProcess):
        other.command = [os.path.join(folder, "in-process"), *contestant.command[1:]]
    if hasattr(other, "waits"):
        other.waits = []
    return other


def with_twins(contestants, folder):
    """Contestants in their order, ours followed by their twins."""
    return [one for contestant in contestants
            for one in ([contestant, twin(contestant, folder)] if contestant.ours else [contestant])]


def compared(name, results):
    """A row of texts for each of ours, and what goes into the results file."""
    for before in results.work.contestants:
        if not before.now or before in results.failures or before.now in results.failures:
            continue
        before_figures, figures = results.figures[before], results.figures[before.now]
        ratios = [b / a if results.work.lower_is_better else a / b for a, b in zip(figures, before_figures)]
        ratio, costs = statistics.median(ratios), [results.cpu(before), results.cpu(before.now)]
        cpu = costs[0] / costs[1] if None not in costs and costs[1] else None
        peaks = [results.peak(before), results.peak(before.now)]
        yield ([name, before.now.name, short(results.median(before)), short(results.median(before.now)),
                results.work.unit, short(ratio), f"{short(min(ratios))} … {short(max(ratios))}",
                "–" if cpu is None else short(cpu), *("–" if peak is None else short(peak) for peak in peaks), ""],
               {"work": name, "contestant": before.now.name, "before": results.median(before),
                "now": results.median(before.now), "speed_ratio": ratio, "cpu_ratio": cpu, "peaks_mb": peaks})


def print_comparison(results_by_name, write):
    """One table of all works: speed now ÷ before, the median of the rounds' ratios; CPU seconds before ÷ now."""
    lines = [["work", "row", "before", "now", "unit", "speed ×", "spread", "CPU s ÷", "MB before", "MB now", ""]]
    for name, results in results_by_name.items():
        for texts, record in compared(name, results):
            lines.append(texts)
            write(record)
    print("\nbefore and after: how many times as fast, and before's CPU seconds ÷ those of now")
    print_lines(lines, left=2)
