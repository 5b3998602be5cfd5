"""Reads records of JSON Lines from standard input: json_lines.py json|orjson. Prints how many tokens they have."""
import importlib
import sys

loads = importlib.import_module(sys.argv[1]).loads
print(sum(len(loads(line)["tokens"]) for line in sys.stdin.buffer))
