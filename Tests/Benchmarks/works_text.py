"""Works of text programs: tokens, subwords, ids, vocabularies, reading JSON."""
import os

from contestants import PerSecond, Pipeline
from work import HERE, ONE_THREAD, Target, Work, quoted, ratio


def tokenize(setup):
    count, again = 100_000, 200_000 if setup.quick else 400_000
    distinct, repeated = setup.data.distinct_tweets(count), setup.data.tweets(again)
    stop_words = setup.data.stop_words()

    def ours(name, tweets, count, threads=1):
        command = quoted(f"tweet-tokenize --quiet --threads {threads} < {{tweets}}", tweets=tweets)
        return Pipeline(name, command, PerSecond(count), ours=True, reads=tweets)

    def peer(name, kind, calls):
        return setup.peer(name, "tokens.py", kind, distinct, stop_words, calls, value=PerSecond(calls),
                          environment={**ONE_THREAD, "TOKENIZERS_PARALLELISM": "false"})
    return Work(
        f"tokens of {count:,} different tweets, JSON Lines in and out (peers: the same texts in memory, one thread)",
        "tweets/s",
        [ours("tweet-tokenize, 1 thread", distinct, count),
         ours("tweet-tokenize, 2 threads", distinct, count, 2),
         ours(f"with tokens the cache knows: {again:,} of {len(setup.data.tweet_list):,} tweets", repeated, again),
         peer("NLTK process_tweet", "nltk", 100),
         peer("NLTK, stems cached", "nltk-cache", 100),
         peer("HF tokenizers WordLevel", "tokenizers", 1000)],
        [Target("≥ 60 × NLTK process_tweet", ratio("tweet-tokenize, 1", "NLTK process_tweet"), 60),
         Target("≥ 3 × HF tokenizers", ratio("tweet-tokenize, 1", "HF"), 3),
         Target("two threads ≥ 1.7 × one", ratio("tweet-tokenize, 2", "tweet-tokenize, 1"), 1.7)])


def encoder(setup, name, kind, calls=1000):
    return setup.peer(name, "encoders.py", kind, setup.data.tweets(), calls, value=PerSecond(calls),
                      environment={**ONE_THREAD, "TOKENIZERS_PARALLELISM": "false"})


def subwords(setup):
    count = 100_000
    tweets, model = setup.data.tweets(count), setup.path("tweets.subword")
    setup.make(quoted("vocab-build --quiet --subwords 8000 < {learned} > {model}", learned=setup.data.tweets(),
                      model=model))
    return Work(
        f"subwords of {count:,} tweets out of about 8,000, JSON Lines in and out (peers: texts in memory, one thread)",
        "tweets/s",
        [Pipeline("tensorize --subwords",
                  quoted("tensorize --quiet --subwords {model} --only ids < {tweets}", model=model, tweets=tweets),
                  PerSecond(count), ours=True, reads=tweets),
         encoder(setup, "HF tokenizers BPE", "bpe"), encoder(setup, "HF tokenizers Unigram", "unigram"),
         encoder(setup, "SentencePiece BPE", "sentencepiece-bpe"),
         encoder(setup, "SentencePiece Unigram", "sentencepiece-unigram")],
        [Target("≥ 1 × HF tokenizers", ratio("tensorize", "HF"), 1),
         Target("≥ 1 × SentencePiece", ratio("tensorize", "SentencePiece"), 1)])


def ngrams(setup):
    count = 100_000
    tokens, vocabulary = setup.path("ngram-tokens.jsonl"), setup.path("ngram-vocabulary")
    setup.make(quoted(
        "tweet-tokenize --quiet --raw --only tokens,tokenizer < {tweets} > {tokens}; "
        "vocab-build --quiet --max-size 9088 < {tokens} > {vocabulary}",
        tweets=setup.data.tweets(count), tokens=tokens, vocabulary=vocabulary))

    def ours(name, options):
        command = quoted(f"tensorize --quiet --vocab {{vocabulary}} {options} --only ids < {{tokens}}",
                         vocabulary=vocabulary, tokens=tokens)
        return Pipeline(name, command, PerSecond(count), ours=True, reads=tokens)
    return Work(
        f"ids of the tokens of {count:,} tweets and of their n-grams, JSON Lines in and out (peers: texts in memory, "
        "one thread)", "tweets/s",
        [ours("tensorize --char-ngrams 3-5", "--char-ngrams 3-5 --hash-bits 18"),
         ours("tensorize --ngrams 2", "--ngrams 2 --hash-bits 18"),
         ours("tensorize --ngrams 2 --char-ngrams 3-5", "--ngrams 2 --char-ngrams 3-5 --hash-bits 18"),
         ours("tensorize, tokens alone", ""),
         encoder(setup, "scikit-learn HashingVectorizer, characters 3 to 5", "characters"),
         encoder(setup, "HF tokenizers BPE, no n-grams", "bpe"),
         encoder(setup, "SentencePiece Unigram, no n-grams", "sentencepiece-unigram")],
        [Target("characters ≥ 1 × scikit-learn", ratio("tensorize --char", "scikit-learn"), 1),
         Target("pairs ≥ 1 × HF tokenizers", ratio("tensorize --ngrams 2", "HF"), 1)])


def vocab(setup):
    path, tokens = setup.data.token_records(100_000 if setup.quick else 300_000)
    value = PerSecond(tokens)
    count = "awk '{ count[$0]++ } END { for (word in count) print count[word], word }'"
    return Work(
        f"a vocabulary of {tokens:,} tokens in JSON Lines", "tokens/s",
        [Pipeline("vocab-build", quoted("vocab-build --quiet < {path}", path=path), value, ours=True,
                  reads=path),
         Pipeline("jq | awk | sort",
                  quoted("jq -r '.tokens[]' < {path}", path=path) + f" | {count} | sort -k 1,1nr -k 2", value,
                  environment={"LC_ALL": "C"})],
        [Target("≥ 1 M tokens/s", lambda results: results.map("vocab-build", lambda median: median / 1e6), 1),
         Target("> 1 × jq | awk | sort", ratio("vocab-build", "jq"), 1)])


def vocab_subwords(setup):
    count = 20_000 if setup.quick else 100_000
    texts, value = setup.data.distinct_tweets(count), PerSecond(count)

    def peer(name, kind):
        return setup.peer(name, "encoders.py", kind, texts, 0, value=value)
    return Work(
        f"about 8,000 subwords of {count:,} different texts (ours the whole process)", "texts/s",
        [Pipeline("vocab-build --subwords", quoted("vocab-build --quiet --subwords 8000 < {texts}", texts=texts), value,
                  ours=True, reads=texts, instruction_sizes=(2000, 4000)),
         peer("SentencePiece Unigram, 2 threads", "sentencepiece-unigram"),
         peer("SentencePiece BPE, 2 threads", "sentencepiece-bpe"), peer("HF tokenizers BPE", "bpe")],
        [Target("≥ 1 × SentencePiece Unigram, its default", ratio("vocab-build", "SentencePiece Unigram"), 1),
         Target("≥ 1 × SentencePiece BPE", ratio("vocab-build", "SentencePiece BPE"), 1)])


def json_lines(setup):
    path = setup.data.whole_records(200_000)
    size = os.path.getsize(path)
    value = PerSecond(size / 1e6)

    def peer(library):
        command = quoted("{python} {script} {library} < {path}", python=setup.python,
                         script=os.path.join(HERE, "json_lines.py"), library=library, path=path)
        return Pipeline(f"Python {library}", command, value)
    return Work(
        f"reading {size / 1e6:.0f} MB of JSON Lines, records of {size // 200_000} bytes", "MB/s",
        [Pipeline("vocab-build", quoted("vocab-build --quiet < {path}", path=path), value, ours=True,
                  reads=path),
         peer("json"), peer("orjson"),
         Pipeline("jq -c '.tokens|length'", quoted("jq -c '.tokens|length' < {path}", path=path), value),
         Pipeline("wc -l (only reads)", quoted("wc -l < {path}", path=path), value)],
        [Target("≥ 1 × Python json", ratio("vocab-build", "Python json"), 1),
         Target("≥ 1 × jq", ratio("vocab-build", "jq"), 1),
         Target("goal: ≥ 1 × orjson", ratio("vocab-build", "Python orjson"), 1)])
