"""Tokens of NLTK 3.5 for the `text` of JSON Lines, in the four ways that tests compare.

    python3 -m venv ~/nltk && ~/nltk/bin/pip install nltk==3.5 regex==2026.11.15
    ~/nltk/bin/python Tests/References/process_tweet.py STOPWORDS < samples/tweets.jsonl \\
        > Tests/TextTests/Golden/samples-tweets.jsonl

STOPWORDS is NLTK's list of English stop words, one a line. Where NLTK raises, the record has `error` instead. Two
characters that JSON or UTF-8 can't carry in a token, NUL and lone surrogates, are written as U+FFFD.
"""
import inspect
import json
import re
import string
import sys

from nltk.stem import PorterStemmer
from nltk.tokenize import TweetTokenizer

STOP_WORDS = set(open(sys.argv[1]).read().split())
PLAIN = TweetTokenizer()
COURSE = TweetTokenizer(preserve_case=False, strip_handles=True, reduce_len=True)
HAS_PHONES = "match_phone_numbers" in inspect.signature(TweetTokenizer).parameters
NO_PHONES = TweetTokenizer(match_phone_numbers=False) if HAS_PHONES else None
STEMMER = PorterStemmer()
LINKS = {"line": r"https?:\/\/.*[\r\n]*", "url": r"https?://[^\s\n\r]+"}


def process_tweet(text, links):
    for pattern in (r"\$\w*", r"^RT[\s]+", LINKS[links], r"#"):
        text = re.sub(pattern, "", text)
    return [
        STEMMER.stem(word)
        for word in COURSE.tokenize(text)
        if word not in STOP_WORDS and word not in string.punctuation
    ]


def printable(tokens):
    return [re.sub("[\0\ud800-\udfff]", "\ufffd", token) for token in tokens]


for line in sys.stdin:
    text = json.loads(line)["text"]
    try:
        row = {
            "tweet_tokenizer_default": printable(PLAIN.tokenize(text)),
            "tweet_tokenizer_course": printable(COURSE.tokenize(text)),
            "process_tweet_links_line": printable(process_tweet(text, "line")),
            "process_tweet_links_url": printable(process_tweet(text, "url")),
        }
        if HAS_PHONES:
            row["tweet_tokenizer_no_phones"] = printable(NO_PHONES.tokenize(text))
    except Exception as error:
        row = {"error": type(error).__name__}
    print(json.dumps({"text": text, **row}, ensure_ascii=False, separators=(",", ":")))
