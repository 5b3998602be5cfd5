"""Times the tokens of tweets in Python.

    tokens.py nltk|nltk-cache|tokenizers TWEETS STOP_WORDS COUNT

TWEETS holds records with "text", STOP_WORDS a word a line; a call takes COUNT tweets. nltk is process_tweet of the Trax
course, nltk-cache the same with the stem of a word looked up when the word comes again. tokenizers is the fastest way
of Hugging Face's library, a table of whole words in lower case without stop words, stems and the like.
"""
import json
import re
import string
import sys

import timing


def process_tweet(stop_words, has_cache):
    from nltk.stem import PorterStemmer
    from nltk.tokenize import TweetTokenizer
    tokenizer = TweetTokenizer(preserve_case=False, strip_handles=True, reduce_len=True)
    stem = PorterStemmer().stem
    if has_cache:
        class Stems(dict):
            def __missing__(self, word):
                self[word] = value = slow(word)
                return value
        slow, stem = stem, Stems().__getitem__
    # Tickers, the mark RT, links, hash signs.
    rules = [re.compile(rule) for rule in (r"\$\w*", r"^RT\s+", r"https?://[^\s\n\r]+", r"#")]

    def tokens(text):
        for rule in rules:
            text = rule.sub("", text)
        words = tokenizer.tokenize(text)
        return [stem(word) for word in words if word not in stop_words and word not in string.punctuation]
    return tokens


def word_level(texts):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.WordLevel(unk_token="__UNK__"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordLevelTrainer(vocab_size=9088, special_tokens=["__UNK__"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


if __name__ == "__main__":
    peer, file, stop_words, count = sys.argv[1:]
    with open(file, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    with open(stop_words) as lines:
        stop_words = set(lines.read().split())
    count = int(count)
    parts = [texts[start:start + count] for start in range(0, len(texts) - count + 1, count)]
    if peer == "tokenizers":
        tokenizer, first_calls = word_level(texts), len(parts)
        call = lambda index: tokenizer.encode_batch_fast(parts[index % len(parts)])
    else:
        tokens, first_calls = process_tweet(stop_words, has_cache=peer == "nltk-cache"), 2
        call = lambda index: [tokens(text) for text in parts[index % len(parts)]]
    timing.serve(call, first_calls, version=sys.modules[peer.partition("-")[0]].__version__)
