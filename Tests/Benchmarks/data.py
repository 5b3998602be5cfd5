"""The inputs of the timings: real tweets if some are there, else made ones, and all that is drawn with a fixed seed."""
import functools
import glob
import itertools
import json
import os
import random
import re

IDS = 9088  # as many entries as the vocabulary of the course's tweets; 0, 1 and 2 are special
SMILES, FROWNS = [":)", ":-)", ":D", ";)", "<3", "\U0001F602"], [":(", ":-(", ":/", ":'(", "\U0001F62D"]


def word(number):
    """A word that can be pronounced; no two numbers have the same one."""
    syllables = [consonant + vowel for consonant in "bdfghjklmnprstvw" for vowel in "aeiou"]
    text, rest = "", number
    while rest or not text:
        rest, syllable = divmod(rest, len(syllables))
        text += syllables[syllable]
    return text + ("", "", "s", "", "ed", "ing", "")[number % 7]


class Zipf:
    """Numbers from `first` to `end`, each about as often as its rank tells."""

    def __init__(self, seed, end, first=3):
        self.random = random.Random(seed)
        self.numbers = range(first, end)
        self.sums = list(itertools.accumulate(1 / (rank + 3) for rank in range(end - first)))

    def draw(self, count):
        return self.random.choices(self.numbers, cum_weights=self.sums, k=count)


def json_line(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_json(file, record):
    file.write(json_line(record))


class Data:
    """Files in a folder, each made when it is first asked for."""

    def __init__(self, folder, repository):
        self.folder, self.repository = folder, repository
        self.shared = os.environ.get("RIVULET_SHARED") or f"{repository}/../shared"
        self.samples = os.environ.get("RIVULET_CACHE") or f"{repository}/.cache/samples"
        os.makedirs(folder, exist_ok=True)
        self.source, self.paths = self.find_tweets()

    def find_tweets(self):
        for source, pattern in (("twitter-samples", f"{self.shared}/data/twitter_samples/*_tweets.jsonl"),
                                ("twitter-samples", f"{self.samples}/twitter-*.jsonl"),
                                ("rated-tweets", f"{self.samples}/rated-tweets.jsonl")):
            paths = sorted(glob.glob(pattern))
            if paths:
                return source, paths
        return "made-tweets", []

    def file(self, name, write):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            with open(path + ".new", "w", encoding="utf-8") as file:
                write(file)
            os.rename(path + ".new", path)
        return path

    @functools.cached_property
    def stop_word_list(self):
        with open(f"{self.repository}/Sources/Text/Tweets/StopWords.swift") as source:
            return re.findall(r'"([^"]+)"', source.read().partition("englishStopWords = [")[2])

    def stop_words(self):
        return self.file("stop-words", lambda file: file.write("\n".join(self.stop_word_list) + "\n"))

    # Tweets as they are written.

    @functools.cached_property
    def tweet_list(self):
        """Texts on one line each, with a label: 1 for a good mood."""
        tweets = []
        for path in self.paths:
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    record = json.loads(line)
                    label = record.get("label", int("positive" in os.path.basename(path)))
                    tweets.append((" ".join(record["text"].split()), label))
        tweets = tweets or list(self.made_tweets(10_000))
        random.Random(1).shuffle(tweets)
        return [tweet for tweet in tweets if tweet[0]]

    def made_tweets(self, count, vocabulary=IDS):
        words, chance = Zipf(2, vocabulary), random.Random(3)
        for _ in range(count):
            text = [chance.choice(self.stop_word_list) if chance.random() < 0.45 else word(number)
                    for number in words.draw(chance.randint(4, 22))]
            text[0] = text[0].capitalize()
            label = chance.randrange(2)
            if chance.random() < 0.3:
                text[-1] += chance.choice(["!!!", "...", "?", "!", text[-1][-1] * 5])
            text.append(chance.choice(SMILES if label else FROWNS))
            if chance.random() < 0.5:
                text.insert(0, "@" + word(words.draw(1)[0]))
            if chance.random() < 0.2:
                text.append("#" + word(words.draw(1)[0]))
            if chance.random() < 0.2:
                text.append("http://t.co/" + "".join(chance.choices("abcdefGHIJKL0123456789", k=10)))
            yield " ".join(text), label

    def tweets(self, count=None):
        """Records of tweets, as many as there are, or `count`, in which they come again and again."""
        def write(file):
            lines = [json_line({"text": text, "label": label}) for text, label in self.tweet_list]
            file.writelines(itertools.islice(itertools.cycle(lines), count or len(lines)))
        return self.file(f"{self.source}{f'-{count}' if count else ''}.jsonl", write)

    def distinct_tweets(self, count):
        """Records of `count` tweets, no two alike: those that there are and made ones, of 100,000 words, mixed."""
        def write(file):
            made = self.made_tweets(2 * count, vocabulary=100_000)
            texts = dict.fromkeys(text for text, _ in itertools.chain(self.tweet_list, made))
            texts = list(itertools.islice(texts, count))
            random.Random(9).shuffle(texts)
            for text in texts:
                write_json(file, {"text": text})
        return self.file(f"{self.source}-different-{count}.jsonl", write)

    def tweet_lines(self, count, length=None):
        """The texts of `count` tweets, or their first `length` characters."""
        def write(file):
            for text, _ in itertools.islice(itertools.cycle(self.tweet_list), count):
                file.write(text[:length] + "\n")
        return self.file(f"{self.source}-{count}{f'-{length}' if length else ''}.txt", write)

    def labelled_tweet_lines(self):
        """The same tweets as `tweets()`, as fastText reads them."""
        def write(file):
            for text, label in self.tweet_list:
                file.write(f"__label__{label} {text}\n")
        return self.file(f"{self.source}-labelled.txt", write)

    # 10,000 tweets of 5 to 25 ids.

    @functools.cached_property
    def id_lists(self):
        zipf, chance = Zipf(4, IDS), random.Random(5)
        return [(zipf.draw(chance.randint(5, 25)), chance.randrange(2)) for _ in range(10_000)]

    @property
    def id_count(self):
        return sum(len(ids) for ids, _ in self.id_lists)

    def ids(self):
        def write(file):
            for ids, label in self.id_lists:
                write_json(file, {"ids": ids, "label": label})
        return self.file("ids.jsonl", write)

    def labelled_words(self):
        """The same as words, as fastText reads them."""
        def write(file):
            for ids, label in self.id_lists:
                file.write(f"__label__{label} {' '.join(map(word, ids))}\n")
        return self.file("ids-labelled.txt", write)

    def batches(self, size):
        """The same in batches, filled up with 0 to the longest of each."""
        def write(file):
            for start in range(0, len(self.id_lists) - size + 1, size):
                part = self.id_lists[start:start + size]
                longest = max(len(ids) for ids, _ in part)
                write_json(file, {"inputs": [ids + [0] * (longest - len(ids)) for ids, _ in part],
                                  "targets": [label for _, label in part], "weights": [1] * size})
        return self.file(f"batches-{size}.jsonl", write)

    def character_batches(self):
        """Batches of 32 rows of 64 bytes, of which each is to be foretold."""
        def write(file):
            text = " ".join(text for text, _ in self.made_tweets(400)).encode()
            for batch in range(8):
                rows = [list(text[(32 * batch + row) * 64:][:64]) for row in range(32)]
                write_json(file, {"inputs": rows, "targets": rows, "weights": [[1] * 64] * 32})
        return self.file("character-batches.jsonl", write)

    def tag_batches(self, size):
        """Batches of 15 to 25 ids, of about one length, with one of 17 tags for each."""
        def write(file):
            zipf, chance = Zipf(10, IDS), random.Random(11)
            rows = sorted((zipf.draw(chance.randint(15, 25)) for _ in range(32 * size)), key=len)
            for start in range(0, len(rows), size):
                part = rows[start:start + size]
                filled = [ids + [0] * (len(part[-1]) - len(ids)) for ids in part]
                write_json(file, {"inputs": filled, "targets": [[id % 17 for id in ids] for ids in filled],
                                  "weights": [[int(id > 0) for id in ids] for ids in filled]})
        return self.file(f"tags-{size}.jsonl", write)

    # Records of tokens.

    def token_records(self, count):
        """Records of 5 to 25 tokens out of 50,000 words. Returns the file and the number of tokens."""
        def write(file):
            zipf, chance = Zipf(6, 50_000), random.Random(7)
            words = [word(number) for number in range(50_000)]
            for _ in range(count):
                write_json(file, {"tokens": [words[number] for number in zipf.draw(chance.randint(5, 25))]})
        path = self.file(f"tokens-{count}.jsonl", write)
        with open(path, encoding="utf-8") as lines:
            return path, sum(line.count('",') + 1 for line in lines)

    def whole_records(self, count):
        """Records with a text, a label, tokens and ids, of about 235 bytes."""
        def write(file):
            zipf, texts = Zipf(8, IDS), itertools.cycle(self.tweet_list)
            for _ in range(count):
                text, label = next(texts)
                while len(text) < 105:
                    text += " " + next(texts)[0]
                ids = zipf.draw(8)
                write_json(file, {"text": text[:105], "label": label, "tokens": [word(id) for id in ids], "ids": ids})
        return self.file(f"records-{self.source}-{count}.jsonl", write)
