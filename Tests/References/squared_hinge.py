"""Writes Tests/NeuralTests/Golden/squared-hinge.json: scores, classes and weights, and squared hinges of one class against the rest.

    python3 -m venv ~/learn && ~/learn/bin/pip install torch numpy
    ~/learn/bin/python Tests/References/squared_hinge.py > Tests/NeuralTests/Golden/squared-hinge.json

PyTorch's automatic derivatives of the scores' definition; for two classes MultiMarginLoss(p=2), which they are compared with here.
"""
import json

import numpy as np
import torch

ROWS = 12
random = np.random.default_rng(3)
weights = torch.tensor(random.uniform(0, 2, ROWS).round(2) * (np.arange(ROWS) % 5 > 0))
runs = []
for classes in (2, 4):
    scores = torch.tensor(random.normal(scale=2, size=(ROWS, classes)).round(3), dtype=torch.float64, requires_grad=True)
    targets = torch.tensor(random.integers(0, classes, ROWS))
    right = torch.nn.functional.one_hot(targets, classes)
    for margin in (1.0, 4.0):
        z = scores - scores.mean(1, keepdim=True)
        squares = torch.relu(1 - (2 * right - 1) * z * 2 / margin) ** 2
        each = (right * squares + (1 - right) * squares / (classes - 1)).sum(1) * classes / 2
        if classes == 2:
            theirs = torch.nn.functional.multi_margin_loss(scores, targets, p=2, margin=margin, reduction="none")
            assert torch.allclose(each, theirs * 2 / margin**2 * 2)
        loss = (weights * each).sum() / weights.sum()
        (gradient,) = torch.autograd.grad(loss, scores)
        runs.append({
            "margin": margin, "shape": [ROWS, classes], "scores": scores.ravel().tolist(), "targets": targets.tolist(),
            "loss": loss.item(), "gradient": gradient.ravel().tolist()})
print(json.dumps({"weights": weights.tolist(), "runs": runs}))
