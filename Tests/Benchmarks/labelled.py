"""Six sets of labelled texts, each in a part to learn from and one held out, made of the data that are there.

    python3 -m doctest labelled.py
"""
import json
import os
import random
import re

EMOTICON = re.compile(r"""
    (?:<|&lt;)/?3+ | >[._]<
  | [<>}]?[:;=] [',]? [-o*^c]? (?: [()\[\]{}<>@|/\\*]+ | [dDpPbBcCLSoO3]+(?!\w) )
  | (?<!\w)[8xX] [-o*']? (?: [()]+ | [dDpP]+(?!\w) )
  | (?: [()\[\]{}/\\@|]+ | (?<!\w)[dDpP] ) [-o*']? [:;=8](?!\w)
""", re.VERBOSE)


def without_emoticons(text):
    """A text with a blank for each emoticon; links stay as they are.

    >>> without_emoticons("Thanks :-)) see http://t.co/x:D at 10:30 XD, &lt;3 you :'( (: expected: word =P")
    'Thanks   see http://t.co/x:D at 10:30  ,   you     expected: word  '
    """
    parts = re.split(r"(https?://\S+)", text)
    return "".join(part if index % 2 else EMOTICON.sub(" ", part) for index, part in enumerate(parts))


def read(*paths):
    """The records of the first of the files that is there."""
    for path in paths:
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                return [json.loads(line) for line in lines]
    raise FileNotFoundError(f"there is no {' and no '.join(paths)}")


def parts_of_tweet_eval(task):
    return lambda data: [read(f"{data.shared}/data/tweeteval/{task}_{part}.jsonl") for part in ("train", "val")]


def news(data):
    return [read(f"{data.shared}/data/ag_news/{part}.jsonl") for part in ("train_subset", "test")]


def rated_tweets(data):
    return [read(f"{data.samples}/rated-tweets-{part}.jsonl") for part in ("train", "validation")]


def emoticon_tweets(data):
    """4,000 tweets of each mood to learn from and 1,000 held out, as the course parts them, without what tells it."""
    parts = [], []
    for label, mood in (1, "positive"), (0, "negative"):
        tweets = read(f"{data.shared}/data/twitter_samples/{mood}_tweets.jsonl", f"{data.samples}/twitter-{mood}.jsonl")
        tweets = [{"text": without_emoticons(tweet["text"]), "label": label} for tweet in tweets]
        for part, some in zip(parts, (tweets[:4000], tweets[4000:])):
            part.extend(some)
    return parts


SETS = {"emotion": parts_of_tweet_eval("emotion"), "irony": parts_of_tweet_eval("irony"),
        "offensive": parts_of_tweet_eval("offensive"), "news": news, "rated": rated_tweets,
        "emoticons": emoticon_tweets}


def f1(label, targets, predictions):
    """The harmonic mean of precision and recall of a class, 0 where it is neither there nor predicted.

    >>> f1(1, [1, 1, 0, 0], [1, 0, 1, 0])
    0.5
    """
    hits = sum(target == label == prediction for target, prediction in zip(targets, predictions))
    return 2 * hits / max(targets.count(label) + predictions.count(label), 1)


def score(name, targets, predictions):
    """In points: the mean of the classes' F1; of irony the F1 of class 1, as TweetEval has it.

    >>> [round(score(name, [1, 1, 0, 0, 0], [1, 0, 0, 0, 0]), 2) for name in ("irony", "rated")]
    [66.67, 76.19]
    """
    labels = [1] if name == "irony" else sorted(set(targets) | set(predictions))
    return 100 * sum(f1(label, targets, predictions) for label in labels) / len(labels)


def tenth(labels):
    """The places of nine tenths of the labels, and of the others; each class has its share.

    >>> [sorted(labels[place] for place in places) for labels in [[0, 1] * 10] for places in tenth(labels)]
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 1]]
    """
    chance, held = random.Random(1), set()
    for label in sorted(set(labels)):
        places = [place for place, other in enumerate(labels) if other == label]
        held.update(chance.sample(places, max(1, round(len(places) / 10))))
    return [place for place in range(len(labels)) if place not in held], sorted(held)
