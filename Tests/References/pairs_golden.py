"""Writes Tests/NeuralTests/Golden/pairs.json: a Siamese network and its losses in JAX, with outputs, gradients and 100 steps of
Adam, from the same first weights and over the same batches as the test makes.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/pairs_golden.py > Tests/NeuralTests/Golden/pairs.json

Formulas: the course's Siamese network (Embedding, LSTM, Mean, Normalize) and its triplet loss in both editions, written anew;
logistic regression of the cosine. Weights and ids come from JAX's generator with stated seeds, which the test draws alike.
"""
import json

import jax
import jax.numpy as jnp

jax.config.update("jax_threefry_partitionable", False)
IDS, DEPTH, UNITS, ROWS = 13, 6, 5, 7


def draw(seed, shape):
    return 0.4 * jax.random.normal(jax.random.PRNGKey(seed), shape)


def ids(seed, shape):
    return jnp.floor(jax.random.uniform(jax.random.PRNGKey(seed), shape) * IDS).astype(jnp.int32)


def normalize(x):
    return x / jnp.sqrt((x * x).sum(-1, keepdims=True) + 1e-6)


def lstm(x, w, b):
    """Gates in the order input, candidate, forget, output; state (c, h)."""
    def step(state, x):
        c, h = state
        i, j, f, o = jnp.split(jnp.concatenate([x, h], -1) @ w + b, 4, -1)
        c = c * jax.nn.sigmoid(f) + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jnp.tanh(c) * jax.nn.sigmoid(o)
        return (c, h), h
    zeros = jnp.zeros((x.shape[0], UNITS))
    return jnp.swapaxes(jax.lax.scan(step, (zeros, zeros), jnp.swapaxes(x, 0, 1))[1], 0, 1)




def side(w, x):
    return normalize(lstm(w[0][x], w[1], w[2]).mean(1))


def triplet(w, a, b, weights, margin=0.25, below=False):
    scores = side(w, a) @ side(w, b).T
    n = len(scores)
    eye = jnp.eye(n)
    positive = jnp.diagonal(scores)
    excluded = (eye == 1) | (below & (scores > positive[:, None]))
    closest = jnp.where(excluded, -jnp.inf, scores).max(1)
    mean = (scores * (1 - eye)).sum(1) / (n - 1)
    terms = jnp.maximum(0, margin - positive + closest) + jnp.maximum(0, margin - positive + mean)
    return (terms * weights).sum() / weights.sum()


def labelled(w, a, b, labels, weights):
    """Masked means of the table's rows, the cosine, and logistic regression."""
    def vector(x):
        mask = (x != 0)[..., None] * 1.0
        return normalize((w[0][x] * mask).sum(1) / jnp.maximum(mask.sum(1), 1))
    z = (vector(a) * vector(b)).sum(-1) * w[1][0] + w[2][0]
    y = jnp.stack([jax.nn.log_sigmoid(-z), jax.nn.log_sigmoid(z)], -1)
    return -(jnp.take_along_axis(y, labels[:, None], -1)[:, 0] * weights).sum() / weights.sum(), y


def numbers(x):
    return [float(f"{v:.9g}") for v in jnp.ravel(x)]


def batch(step):
    a, b = ids(1000 + step, (ROWS, 6)), ids(2000 + step, (ROWS, 4))
    # Padding at the end, and no row without an id.
    a = jnp.where((jnp.arange(6) >= 3) & (jnp.arange(ROWS) % 2 == 0)[:, None], 0, a).at[:, 0].set(1 + step % 5)
    labels = (a[:, 1] % 2 == b[:, 0] % 2).astype(jnp.int32)
    return a, b, labels, jnp.where(jnp.arange(ROWS) < ROWS - 1, 1.0, 0.5)


def run(w, loss):
    m, v = [0 * x for x in w], [0 * x for x in w]

    @jax.jit
    def step(w, m, v, t, *batch):
        value, g = jax.value_and_grad(loss)(w, *batch)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        w = [(1 - 1e-5) * a - 0.01 * (b / (1 - 0.9**t)) / (jnp.sqrt(c / (1 - 0.999**t)) + 1e-5) for a, b, c in zip(w, m, v)]
        return value, w, m, v

    first = jax.grad(loss)(w, *batch(1))
    losses = []
    for t in range(1, 101):
        value, w, m, v = step(w, m, v, float(t), *batch(t))
        losses.append(float(f"{value:.9g}"))
    return {"gradients": [numbers(g) for g in first], "losses": losses, "weights": [numbers(x) for x in w]}


def weights(shapes):
    return [draw(100 + k, s) for k, s in enumerate(shapes)]


recurrent = weights([(IDS, DEPTH), (DEPTH + UNITS, 4 * UNITS), (4 * UNITS,)])
logistic = weights([(IDS, DEPTH), (1,), (1,)])
a, b, labels, w = batch(1)
golden = {"vectors": [numbers(side(recurrent, a)), numbers(side(recurrent, b))], "log_probabilities": numbers(labelled(logistic, a, b, labels, w)[1])}
golden["any"] = run(recurrent, lambda p, a, b, l, w: triplet(p, a, b, w))
golden["below-positive"] = run(recurrent, lambda p, a, b, l, w: triplet(p, a, b, w, below=True))
golden["labelled"] = run(logistic, lambda p, a, b, l, w: labelled(p, a, b, l, w)[0])
print(json.dumps(golden))
