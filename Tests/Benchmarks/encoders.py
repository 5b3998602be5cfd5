"""Times what makes ids of texts in Python.

    encoders.py bpe|unigram|sentencepiece-bpe|sentencepiece-unigram|characters TWEETS COUNT

TWEETS holds records with "text", from which 8,000 subwords are learned first; a call takes COUNT tweets from memory and
makes lists of ids, with one thread. bpe (of bytes) and unigram are Hugging Face's, the next two Google's SentencePiece.
With COUNT 0 a call learns the subwords of all TWEETS instead, with as many threads as the library takes of itself.
characters is scikit-learn's HashingVectorizer: hashed runs of 3 to 5 characters within words.
"""
import functools
import io
import json
import sys

import timing

SIZE = 8000


def hugging_face(kind, texts):
    import tokenizers
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    if kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(vocab_size=SIZE, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                      show_progress=False)
    else:
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=SIZE, unk_token="<unk>", special_tokens=["<unk>"],
                                          show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizers.__version__, lambda part: [encoding.ids for encoding in tokenizer.encode_batch_fast(part)]


def sentencepiece(kind, texts, threads=1):
    import sentencepiece
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=SIZE, model_type=kind.partition("-")[2],
        character_coverage=1.0, hard_vocab_limit=False, num_threads=threads, minloglevel=2)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return sentencepiece.__version__, lambda part: processor.encode(part, num_threads=1)


def characters():
    import sklearn
    from sklearn.feature_extraction.text import HashingVectorizer
    vectorizer = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=1 << 18, norm=None)
    return sklearn.__version__, vectorizer.transform


if __name__ == "__main__":
    kind, file, count = sys.argv[1:]
    with open(file, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    count = int(count)
    if count == 0:
        learn = functools.partial(sentencepiece, threads=2) if kind.startswith("sentencepiece") else hugging_face
        timing.serve(lambda _: learn(kind, texts), 1)
        sys.exit()
    parts = [texts[start:start + count] for start in range(0, len(texts) - count + 1, count)]
    if kind == "characters":
        version, encode = characters()
    elif kind.startswith("sentencepiece"):
        version, encode = sentencepiece(kind, texts)
    else:
        version, encode = hugging_face(kind, texts)
    timing.serve(lambda index: encode(parts[index % len(parts)]), len(parts), version=version)
