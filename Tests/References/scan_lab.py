"""Prints the figures of Tests/NeuralTests/ScanTests.swift: the course's lab that runs a vanilla RNN and a GRU over 256 steps of
random inputs of 128 numbers with 16 hidden units, in double precision. The random numbers are JAX's, so that Swift can draw
the same.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/scan_lab.py
"""
import jax
import numpy as np

jax.config.update("jax_threefry_partitionable", False)


def normal(seed, *shape):
    return np.asarray(jax.random.normal(jax.random.PRNGKey(seed), shape), np.float64)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


H, D, T = 16, 128, 256
X, h0 = normal(0, T, D), np.zeros(H)
w = [normal(seed, H + D, H) * 0.1 for seed in (1, 2, 3)]
b = [normal(seed, H) for seed in (4, 5, 6)]


def rnn(h, x):
    return sigmoid(np.concatenate([h, x]) @ w[0] + b[0])


def gru(h, x):
    hx = np.concatenate([h, x])
    u, r = sigmoid(hx @ w[0] + b[0]), sigmoid(hx @ w[1] + b[1])
    c = np.tanh(np.concatenate([r * h, x]) @ w[2] + b[2])
    return u * c + (1 - u) * h


for name, step in (("RNN", rnn), ("GRU", gru)):
    h, total = h0, 0
    for x in X:
        h = step(h, x)
        total += h.sum()
    print(name, "last", [float(f"{v:.7g}") for v in h], "sum", f"{total:.7g}")
