"""Where NLTK's tokens came from in the `text` of JSON Lines: every substitution that its TweetTokenizer makes is followed.

    cd Tests/TextTests/Golden
    for file in tweets-fuzz samples-tweets; do head -300 $file.jsonl; done |
        ~/nltk/bin/python ../../References/tweet_offsets.py STOPWORDS > tweets-offsets.jsonl

The columns are named as in process_tweet.py, whose environment it takes; with `--check TOKENS` it reads records of
`tweet-tokenize --offsets` instead, made with the options that column TOKENS has, and says which of them are not in order,
or not where NLTK's token came from. A place is that of the first character that a token is made of up to that of the
last. Of a run that was cut down to three characters a token that has all three has the whole run.
"""
import json
import re
import string
import sys

from nltk.stem import PorterStemmer
from nltk.tokenize import TweetTokenizer, casual


class Character:
    """One character, where it came from, and, of the last of a shortened run, where the run began and ended."""

    def __init__(self, start, end):
        self.start, self.end, self.first, self.run_end = start, end, None, None


class Followed:
    """A pattern whose substitutions and finds are followed in `Followed.characters`."""

    characters, found = [], []

    def __init__(self, pattern):
        self.pattern = pattern

    def __getattr__(self, name):
        return getattr(self.pattern, name)

    def sub(self, replacement, text, **limits):
        old, new, texts, last = Followed.characters, [], [], 0
        assert len(old) == len(text), (len(old), text)
        for match in self.pattern.finditer(text):
            start, end = match.span()
            new += old[last:start]
            made = replacement(match) if callable(replacement) else match.expand(replacement)
            texts += [text[last:start], made]
            last = end
            if made == match.group():
                new += old[start:end]
            elif len(made) == 3 and match.group() == made[0] * len(match.group()):
                kept = old[start:start + len(made)]
                whole = Character(kept[-1].start, kept[-1].end)
                whole.first, whole.run_end = kept[0], old[end - 1].end
                new += kept[:-1] + [whole]
            else:
                new += [Character(old[start].start, old[end - 1].end) for _ in made]
        Followed.characters = new + old[last:]
        return "".join(texts) + text[last:]

    def findall(self, text, **limits):
        Followed.found = []
        for match in self.pattern.finditer(text):
            made = Followed.characters[match.start():match.end()]
            last = made[-1]
            is_whole = last.first is not None and any(c is last.first for c in made)
            Followed.found.append([made[0].start, last.run_end if is_whole else last.end])
        return [match.group() for match in self.pattern.finditer(text)]


class FollowedModule:
    """The module `regex` as far as the tokenizer calls it."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        return getattr(self.module, name)

    def compile(self, *arguments):
        return Followed(self.module.compile(*arguments))


for name in ("ENT_RE", "HANG_RE", "WORD_RE", "HANDLES_RE"):
    if hasattr(casual, name):
        setattr(casual, name, Followed(getattr(casual, name)))
for name in ("WORD_RE", "PHONE_WORD_RE"):
    if hasattr(TweetTokenizer, name):
        setattr(TweetTokenizer, name, Followed(getattr(TweetTokenizer(), name)))
for name in ("regex", "redos"):
    if hasattr(casual, name):
        setattr(casual, name, FollowedModule(getattr(casual, name)))

STOP_WORDS = set(open(sys.argv[1]).read().split())
PLAIN = TweetTokenizer()
COURSE = TweetTokenizer(preserve_case=False, strip_handles=True, reduce_len=True)
STEMMER = PorterStemmer()
LINKS = {"line": r"https?:\/\/.*[\r\n]*", "url": r"https?://[^\s\n\r]+"}


def tokenize(text, tokenizer, links):
    """Tokens and their places."""
    Followed.characters = [Character(i, i + 1) for i in range(len(text))]
    for pattern in (r"\$\w*", r"^RT[\s]+", LINKS[links], r"#") if links else ():
        text = Followed(re.compile(pattern)).sub("", text)
    words = tokenizer.tokenize(text)
    pairs = list(zip(words, Followed.found, strict=True))
    if not links:
        return pairs
    return [
        (STEMMER.stem(word), place)
        for word, place in pairs
        if word not in STOP_WORDS and word not in string.punctuation
    ]


COLUMNS = {
    "tweet_tokenizer_default": (PLAIN, None),
    "tweet_tokenizer_course": (COURSE, None),
    "process_tweet_links_line": (COURSE, "line"),
    "process_tweet_links_url": (COURSE, "url"),
}


def printable(token):
    return re.sub("[\0\ud800-\udfff]", "\ufffd", token)


def check(column):
    records, tokens, differences = 0, 0, 0
    for line in sys.stdin:
        record = json.loads(line)
        places = record["offsets"]
        ends = [0] + [place for pair in places for place in pair] + [len(record["text"])]
        expected = tokenize(record["text"], *COLUMNS[column])
        is_right = (
            ends == sorted(ends)
            and all(start < end for start, end in places)
            and record["tokens"] == [printable(token) for token, _ in expected]
            and places == [place for _, place in expected]
        )
        records, tokens, differences = records + 1, tokens + len(places), differences + (not is_right)
        if not is_right and differences < 5:
            print(json.dumps([record, expected]))
    print(f"{records} records, {tokens} tokens, {differences} records differ")


if sys.argv[2:3] == ["--check"]:
    check(sys.argv[3])
else:
    for line in sys.stdin:
        text = json.loads(line)["text"]
        try:
            row = {column: [place for _, place in tokenize(text, *how)] for column, how in COLUMNS.items()}
        except Exception as error:
            row = {"error": type(error).__name__}
        print(json.dumps({"text": text, **row}, ensure_ascii=False, separators=(",", ":")))
