"""The course's tagger in PyTorch: Embedding(50) LSTM(50) Dense(17) LogSoftmax, and its accuracy over the tokens of a test file.

    python course_tagger.py TRAIN.jsonl TEST.jsonl [SEEDS]

Needs torch. The files hold records with "tokens" and "tags". Words keep their case; every word of the training file has a row, others
the row of an unknown one, which is never trained. Ten epochs of Adam(0.01), batches of 64, shuffled; padding counts for nothing. It
prints the accuracy of each seed after the last epoch, and the mean, beside those of `train` and `predict` in Measurements.
"""
import json
import random
import sys

import torch
from torch import nn
from torch.nn.functional import nll_loss

torch.set_num_threads(1)
train, test = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:3])
words = {word: row + 2 for row, word in enumerate(dict.fromkeys(word for record in train for word in record["tokens"]))}
tags = {tag: row for row, tag in enumerate(sorted({tag for record in train + test for tag in record["tags"]}))}


def batch(records):
    length = max(len(record["tokens"]) for record in records)
    ids = torch.zeros(len(records), length, dtype=torch.long)
    targets = torch.full((len(records), length), -1)
    for row, record in enumerate(records):
        ids[row, : len(record["tokens"])] = torch.tensor([words.get(word, 1) for word in record["tokens"]])
        targets[row, : len(record["tags"])] = torch.tensor([tags[tag] for tag in record["tags"]])
    return ids, targets


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(len(words) + 2, 50), nn.LSTM(50, 50, batch_first=True)
        self.dense = nn.Linear(50, len(tags))
        nn.init.normal_(self.embedding.weight, std=0.1)

    def forward(self, ids):
        return self.dense(self.lstm(self.embedding(ids))[0]).log_softmax(-1)


accuracies = []
for seed in range(1, int(sys.argv[3]) + 1 if len(sys.argv) > 3 else 6):
    torch.manual_seed(seed)
    random.seed(seed)
    model = Tagger()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(10):
        order = random.sample(range(len(train)), len(train))
        for start in range(0, len(order), 64):
            ids, targets = batch([train[index] for index in order[start : start + 64]])
            loss = nll_loss(model(ids).flatten(0, 1), targets.flatten(), ignore_index=-1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    right = count = 0
    with torch.no_grad():
        for start in range(0, len(test), 100):
            ids, targets = batch(test[start : start + 100])
            counts = targets >= 0
            right += int((model(ids).argmax(-1) == targets)[counts].sum())
            count += int(counts.sum())
    accuracies.append(right / count)
    print(seed, round(accuracies[-1], 4), flush=True)
print("mean", round(sum(accuracies) / len(accuracies), 4))
