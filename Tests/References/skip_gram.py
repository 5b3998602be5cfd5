"""Writes Tests/NeuralTests/Golden/skip-gram.json: skip-gram with negative sampling in PyTorch, with outputs, the loss, its gradients
and 60 steps of Adam, from the same first weights and over the same batches as the test makes.

    python3 -m venv ~/torch && ~/torch/bin/pip install torch numpy
    ~/torch/bin/python Tests/References/skip_gram.py > Tests/NeuralTests/Golden/skip-gram.json

Formula: T. Mikolov et al., 2013, of words that are the mean of several ids (P. Bojanowski et al., 2017): PyTorch's EmbeddingBag and
its binary cross-entropy of logits. Id 0 is padding in both inputs. Weights and ids come from formulas that the test has, too.
"""
import json
import math

import torch
import torch.nn.functional as F

IDS, WORDS, DEPTH, ROWS, RUNS, OTHERS = 23, 11, 5, 6, 4, 7


def weights(count, seed):
    return torch.tensor([0.6 * math.sin(0.7 * i + seed) for i in range(count)], dtype=torch.float32)


def batch(step):
    words = [[1 + (3 * step + 5 * row + 7 * k) % (IDS - 1) if k <= (row + step) % RUNS else 0 for k in range(RUNS)] for row in range(ROWS)]
    others = [[1 + (step + 2 * row + 3 * t) % (WORDS - 1) if t <= (2 * row + step) % OTHERS else 0 for t in range(OTHERS)]
              for row in range(ROWS)]
    targets = [[1 if t < 2 and others[row][t] else 0 for t in range(OTHERS)] for row in range(ROWS)]
    counts = [[(1 if row < 5 else 0.5) if others[row][t] else 0 for t in range(OTHERS)] for row in range(ROWS)]
    return (torch.tensor(words), torch.tensor(others), torch.tensor(targets, dtype=torch.float32), torch.tensor(counts, dtype=torch.float32))


table = weights(IDS * DEPTH, 1).reshape(IDS, DEPTH).requires_grad_()
contexts = weights(WORDS * DEPTH, 2).reshape(WORDS, DEPTH).requires_grad_()


def scores(words, others):
    vectors = F.embedding_bag(words, table, mode="mean", padding_idx=0)
    return (vectors[:, None, :] * contexts[others]).sum(-1) * (others > 0)


def loss(words, others, targets, counts):
    each = F.binary_cross_entropy_with_logits(scores(words, others), targets, reduction="none")
    return (each * counts).sum() / counts.sum()


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


golden = {}
first = batch(1)
s = scores(*first[:2])
golden["log_probabilities"] = numbers(torch.stack([F.logsigmoid(-s), F.logsigmoid(s)], -1))
value = loss(*first)
value.backward()
golden["loss"] = value.item()
golden["gradients"] = [numbers(table.grad), numbers(contexts.grad)]
optimizer = torch.optim.Adam([table, contexts], lr=0.01, eps=1e-5)
golden["losses"] = []
for step in range(1, 61):
    optimizer.zero_grad()
    value = loss(*batch(step))
    golden["losses"].append(float(f"{value.item():.9g}"))
    value.backward()
    optimizer.step()
golden["weights"] = [numbers(table), numbers(contexts)]
print(json.dumps(golden))
