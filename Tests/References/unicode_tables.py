"""Writes Sources/Text/Unicode/UnicodeTables.swift: the characters that NLTK 3.5's patterns mean.

    python3 -m venv ~/nltk && ~/nltk/bin/pip install nltk==3.5 regex==2026.11.15
    ~/nltk/bin/python Tests/References/unicode_tables.py > Sources/Text/Unicode/UnicodeTables.swift

The tables are read off the running interpreter (str.lower, re) and the regex module (the tokenizer's patterns),
character by character, so they hold whatever those two mean by \\w, \\d and lower case.
"""
import html.entities
import re
import sys
import unicodedata

import regex

CHARACTERS = [chr(c) for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000]


def ranges(pattern, engine):
    """Inclusive ranges of the characters beyond ASCII that the pattern matches alone."""
    match, found = engine.compile(pattern).fullmatch, []
    for c in (ord(x) for x in CHARACTERS if match(x)):
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return [bound for pair in found for bound in pair]


def lowercase_runs():
    """(first, last, step, difference) of runs of capitals that move by the same distance."""
    runs = []
    for x in CHARACTERS:
        low = x.lower()
        if low == x or len(low) > 1:  # U+0130 alone becomes two characters; Lowercase.swift knows it
            continue
        c, by = ord(x), ord(low) - ord(x)
        last = runs[-1] if runs else None
        if last and last[3] == by and (c - last[1]) in (1, 2) and last[2] in (0, c - last[1]):
            last[1], last[2] = c, c - last[1]
        else:
            runs.append([c, c, 0, by])
    return [n for a, b, step, by in runs for n in (a, b, max(step, 1), by)]


def table(name, comment, numbers, kind="UInt32"):
    print(f"\n  /// {comment}\n  static let {name}: [{kind}] = [")
    line = "   "
    for n in numbers:
        item = f" {n:#x}," if kind == "UInt32" else f" {n},"
        if len(line) + len(item) > 108:
            print(line)
            line = "   "
        line += item
    print(f"{line}\n  ]")


print(f"""// swift-format-ignore-file
// Made by Tests/References/unicode_tables.py from Python {sys.version.split()[0]} (Unicode {unicodedata.unidata_version}) and regex {regex.__version__}.
// A table, hence its length.

/// Character sets beyond ASCII as inclusive ranges: first, last, first, last, …
enum UnicodeTables {{""", end="")
table("word", r"`\w` of the regex module, which the tokenizer's patterns use.", ranges(r"\w", regex))
table("letterOrNumber", r"`[\p{L}\p{N}]` of the regex module: no run of these is shortened by NLTK 3.10 alone.", ranges(r"[\p{L}\p{N}]", regex))
table("digit", r"`\d` of the regex module; every run of ten starts at the digit zero.", ranges(r"\d", regex))
table("pythonWord", r"`\w` of Python's re, which process_tweet's own patterns use.", ranges(r"\w", re))
table("cased", "Letters with case, for the rule of the final sigma.", ranges(r"\p{Cased}", regex))
table("caseIgnorable", "Marks that the rule of the final sigma looks through.", ranges(r"\p{Case_Ignorable}", regex))
table("lowercase", "Python's str.lower: first, last, step, difference.", lowercase_runs(), "Int32")
print("}")

print("\n/// The named entities of HTML 4 and their code points.\nlet htmlEntityNames: [String: UInt32] = [")
line = "   "
for name, point in sorted(html.entities.name2codepoint.items()):
    item = f' "{name}": {point:#x},'
    if len(line) + len(item) > 108:
        print(line)
        line = "   "
    line += item
print(f"{line}\n]")
