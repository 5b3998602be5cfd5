"""The works by name."""
from works_classifier import (classifier_pipe, classifier_step, fasttext_train, predict_characters, predict_ids,
                              predict_pipe)
from works_processes import cold, latency, model_load, small, startup
from works_recurrent import gru_sample, gru_step, lstm_step, perplexity, tagger_step
from works_text import json_lines, ngrams, subwords, tokenize, vocab, vocab_subwords

WORKS = {
    "tokenize": tokenize, "subwords": subwords, "ngrams": ngrams, "classifier-step": classifier_step,
    "classifier-pipe": classifier_pipe, "fasttext-train": fasttext_train, "predict-pipe": predict_pipe,
    "predict-characters": predict_characters, "predict-ids": predict_ids, "gru-step": gru_step, "lstm-step": lstm_step,
    "tagger-step": tagger_step, "gru-sample": gru_sample, "perplexity": perplexity, "vocab": vocab,
    "vocab-subwords": vocab_subwords, "json": json_lines, "startup": startup, "small": small,
    "model-load": model_load, "latency": latency, "cold": cold,
}
