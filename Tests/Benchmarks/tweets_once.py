"""Writes the tokens of the tweets on standard input with NLTK, as one would in a script: tweets_once.py STOP_WORDS"""
import json
import sys

from tokens import process_tweet

with open(sys.argv[1]) as lines:
    tokens = process_tweet(set(lines.read().split()), has_cache=False)
for line in sys.stdin:
    record = json.loads(line)
    print(json.dumps({**record, "tokens": tokens(record["text"])}))
