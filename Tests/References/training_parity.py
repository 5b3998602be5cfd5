"""Writes Tests/NeuralTests/Golden/training.json: the loss curves of a classifier and of a small GRU language model in JAX,
from the same first weights and over the same 200 batches as the test makes.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/training_parity.py > Tests/NeuralTests/Golden/training.json

Weights and batches come from JAX's generator with stated seeds, which the test draws alike.
"""
import json

import jax
import jax.numpy as jnp

jax.config.update("jax_threefry_partitionable", False)


def draw(seed, shape, scale=0.3):
    return scale * jax.random.normal(jax.random.PRNGKey(seed), shape)


def ids(seed, shape, bound):
    return jnp.floor(jax.random.uniform(jax.random.PRNGKey(seed), shape) * bound).astype(jnp.int32)


def gru(x, w1, b1, w2, b2):
    def step(h, x):
        u, r = jnp.split(jax.nn.sigmoid(jnp.concatenate([x, h], -1) @ w1 + b1), 2, -1)
        c = jnp.tanh(jnp.concatenate([x, r * h], -1) @ w2 + b2)
        h = u * h + (1 - u) * c
        return h, h
    return jnp.swapaxes(jax.lax.scan(step, jnp.zeros((x.shape[0], b2.shape[0])), jnp.swapaxes(x, 0, 1))[1], 0, 1)


def classifier(w, x):
    return jax.nn.log_softmax(w[0][x].mean(1) @ w[1] + w[2])


def language_model(w, x):
    y = w[0][jnp.pad(x, ((0, 0), (1, 0)))[:, :-1]]
    y = gru(gru(y, *w[1:5]), *w[5:9])
    return jax.nn.log_softmax(y @ w[9] + w[10])


def train(model, shapes, batch, rate):
    w = [draw(100 + k, s) for k, s in enumerate(shapes)]
    m = [0 * x for x in w]
    v = [0 * x for x in w]

    def loss(w, x, t, weights):
        y = jnp.take_along_axis(model(w, x), t[..., None], -1)[..., 0]
        return -(y * weights).sum() / weights.sum()

    @jax.jit
    def step(w, m, v, t, *batch):
        value, g = jax.value_and_grad(loss)(w, *batch)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        w = [(1 - 1e-5) * a - rate * (b / (1 - 0.9**t)) / (jnp.sqrt(c / (1 - 0.999**t)) + 1e-5) for a, b, c in zip(w, m, v)]
        return value, w, m, v

    losses = []
    for t in range(1, 201):
        value, w, m, v = step(w, m, v, float(t), *batch(t))
        losses.append(float(f"{value:.9g}"))
    return losses


def classifier_batch(t):
    x = ids(2000 + t, (16, 9), 50)
    return x, (x[:, 0] % 2 + x[:, 1] % 2 > 1).astype(jnp.int32), jnp.where(jnp.arange(16) < 14, 1.0, 0.0)


def language_batch(t):
    x = (ids(3000 + t, (8, 1), 7) + jnp.arange(12) * (1 + ids(4000 + t, (8, 1), 2))) % 11
    return x, x, jnp.where(jnp.arange(12) < 11, 1.0, 0.0) * jnp.ones((8, 1))


U = 32
GRU = [(2 * U, 2 * U), (2 * U,), (2 * U, U), (U,)]
print(json.dumps({
    "classifier": train(classifier, [(50, 16), (16, 2), (2,)], classifier_batch, 0.01),
    "language_model": train(language_model, [(11, U)] + GRU + GRU + [(U, 11), (11,)], language_batch, 0.003),
}))
