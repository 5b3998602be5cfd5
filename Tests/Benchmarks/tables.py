"""The figures of a work and how they are printed."""
import statistics
import sys


def short(number):
    """Three digits or more, with commas."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def print_lines(lines, left=1):
    """Prints a table: the first `left` columns and the last one begin at the left."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]) - 1)]
    for line in lines:
        cells = [cell.ljust(width) if place < left else cell.rjust(width)
                 for place, (cell, width) in enumerate(zip(line, widths))]
        print(("  " + "  ".join([*cells, line[-1]])).rstrip())


def print_targets(name, targets, results, write):
    for target in targets:
        value = target.figure(results)
        verdict = "not measured" if value is None else f"{short(value)}, {'met' if target.is_met(value) else 'NOT MET'}"
        print(f"  target {target.text}: {verdict}")
        write({"work": name, "target": target.text, "value": value,
               "is_met": None if value is None else target.is_met(value)})
    sys.stdout.flush()


class Results:
    """The figures of one work, by contestant, a number a round."""

    def __init__(self, work):
        self.work, self.figures, self.costs, self.instructions, self.failures = work, {}, {}, {}, {}

    def add(self, contestant, figure):
        self.figures.setdefault(contestant, []).append(figure.value)
        self.costs.setdefault(contestant, []).append(figure)

    def leave_out(self, contestant, reason):
        self.failures[contestant] = reason
        self.figures.pop(contestant, None)

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

    def cpu(self, contestant):
        """CPU seconds for as much as a run or a call of the first row does, or None."""
        seconds = [figure.cpu for figure in self.costs[contestant] if figure.cpu is not None]
        return statistics.median(seconds) / contestant.count * self.work.contestants[0].count if seconds else None

    def peak(self, contestant):
        """The most memory of a process in any round, in MB, or None."""
        return max((figure.peak for figure in self.costs[contestant] if figure.peak is not None), default=None)


def rows(results):
    """A row of texts a contestant, and what goes into the results file."""
    work = results.work
    first = work.contestants[0]
    for contestant in work.contestants:
        record = {"contestant": contestant.name, "ours": contestant.ours, "unit": work.unit}
        figures = results.figures.get(contestant)
        if not figures:
            reason = results.failures.get(contestant, "")
            yield [contestant.name, "–", "", "", "", "", f"not measured: {reason}"], {**record, "failure": reason}
            continue
        median, cpu, peak = results.median(contestant), results.cpu(contestant), results.peak(contestant)
        limit = work.limit(contestant, median) if work.limit else ""
        ratio = results.ratio_of(first, contestant) if work.has_ratios and results.figures.get(first) else None
        instructions = results.instructions.get(contestant)
        counted = instructions and f"instructions: {short(instructions)}"
        notes = "; ".join(filter(None, [limit, contestant.note, counted]))
        yield ([contestant.name, short(median), f"{short(min(figures))} … {short(max(figures))}",
                "–" if cpu is None else short(cpu), "–" if peak is None else short(peak),
                "" if ratio is None or contestant is first else short(ratio), notes],
               {**record, "median": median, "figures": figures, "ratio": ratio, "cpu_seconds": cpu, "peak_mb": peak,
                "instructions": instructions, "notes": notes})


def print_table(name, results, machine, load, write):
    work = results.work
    direction = "lower" if work.lower_is_better else "higher"
    lines = [[f"{work.unit}, {direction} is better", "median", "spread", "CPU s", "peak MB",
              "first ÷ it" if work.has_ratios else "", "limits and notes"]]
    for texts, record in rows(results):
        lines.append(texts)
        write({"work": name, "load": load, **record})
    print(f"\n{name}: {work.title}\n  {machine.description()}; other programs took {load}")
    print_lines(lines)
    print_targets(name, work.targets, results, write)
