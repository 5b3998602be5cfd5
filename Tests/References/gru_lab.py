"""Writes Tests/NeuralTests/Golden/gru-lab.json: the weights and inputs of the course's NumPy lab, drawn from NumPy's legacy
generator with seed 10, and its steps in double precision.

    python3 -m venv ~/numpy && ~/numpy/bin/pip install numpy
    ~/numpy/bin/python Tests/References/gru_lab.py > Tests/NeuralTests/Golden/gru-lab.json
"""
import json

import numpy as np

r = np.random.RandomState(10)
w1, w2, w3 = (r.standard_normal((16, 144)) for _ in range(3))
b1, b2, b3 = (r.standard_normal((16, 1)) for _ in range(3))
X = r.standard_normal((256, 128, 1))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(x, h):
    hx = np.concatenate([h, x])
    u, g = sigmoid(w1 @ hx + b1), sigmoid(w2 @ hx + b2)
    c = np.tanh(w3 @ np.concatenate([g * h, x]) + b3)
    return u * c + (1 - u) * h


def rounded(x):
    return [float(f"{v:.9g}") for v in np.ravel(x)]


h, states = np.zeros((16, 1)), []
for x in X[:8]:
    h = step(x, h)
    states.append(rounded(h))
print(json.dumps(separators=(",", ":"), obj={
    "gates": rounded(np.concatenate([w1, w2]).T), "gatesBias": rounded([b1, b2]), "candidate": rounded(w3.T),
    "candidateBias": rounded(b3), "x": [rounded(x) for x in X[:8]], "firstStep": rounded(step(X[1], np.zeros((16, 1)))),
    "states": states}))
