"""Writes Tests/NeuralTests/Golden/taggers.json: two taggers in JAX, from the same first weights and over the same 100 padded
batches as the test makes. Of each the outputs and gradients of the first step, the losses, and the weights in the end;
of long arrays every 37th number.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/tagger_parity.py > Tests/NeuralTests/Golden/taggers.json

`lstm` is the course's model, Embedding(50) LSTM(50) Dense(17) LogSoftmax. `crf` has an LSTM in both directions, each row
reversed by itself, with zeros behind its end, and a conditional random field: its loss is the score of the targets less the logarithm of the sum
over all sequences, made by the forward algorithm, and its gradients are JAX's.
"""
import json

import jax
import jax.numpy as jnp

jax.config.update("jax_threefry_partitionable", False)
BATCH, TIME, IDS, TAGS = 8, 12, 40, 17


def draw(seed, shape, scale=0.3):
    return scale * jax.random.normal(jax.random.PRNGKey(seed), shape)


def ids(seed, shape, bound):
    return jnp.floor(jax.random.uniform(jax.random.PRNGKey(seed), shape) * bound).astype(jnp.int32)


def batch(t):
    lengths = 1 + ids(5000 + t, (BATCH, 1), TIME)
    mask = jnp.where(jnp.arange(TIME) < lengths, 1.0, 0.0)
    x = jnp.where(mask > 0, 1 + ids(6000 + t, (BATCH, TIME), IDS - 1), 0)
    # A tag depends on its id and on that before.
    before = jnp.pad(x, ((0, 0), (1, 0)))[:, :-1]
    return x, jnp.where(mask > 0, (x + before % 2) % TAGS, 0), mask


def lstm(x, kernel, bias):
    def step(state, x):
        c, h = state
        i, j, f, o = jnp.split(jnp.concatenate([x, h], -1) @ kernel + bias, 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (c, h), h
    zeros = jnp.zeros((x.shape[0], kernel.shape[1] // 4))
    return jnp.swapaxes(jax.lax.scan(step, (zeros, zeros), jnp.swapaxes(x, 0, 1))[1], 0, 1)


def course(w, x, mask):
    return jax.nn.log_softmax(lstm(w[0][x], w[1], w[2]) @ w[3] + w[4])


def course_loss(w, x, t, mask):
    y = jnp.take_along_axis(course(w, x, mask), t[..., None], -1)[..., 0]
    return -(y * mask).sum() / mask.sum()


def scores(w, x, mask):
    def reverse(x):
        time = jnp.arange(TIME)
        lengths = mask.sum(1).astype(jnp.int32)[:, None]
        order = jnp.where(time < lengths, lengths - 1 - time, time)
        return jnp.take_along_axis(x, order[..., None], 1)
    x = w[0][x]
    both = jnp.concatenate([lstm(x, w[1], w[2]), reverse(lstm(reverse(x), w[3], w[4]))], -1)
    return both * mask[..., None] @ w[5] + w[6]


def crf_loss(w, x, t, mask):
    e, (transitions, start, end) = scores(w, x, mask), w[7:]
    total = 0.0
    for row in range(BATCH):
        score = start[t[row, 0]] + e[row, 0, t[row, 0]]
        alpha = start + e[row, 0]
        last = t[row, 0]
        for step in range(1, TIME):
            there = mask[row, step] > 0
            score += jnp.where(there, transitions[last, t[row, step]] + e[row, step, t[row, step]], 0)
            last = jnp.where(there, t[row, step], last)
            alpha = jnp.where(there, jax.nn.logsumexp(alpha[:, None] + transitions, 0) + e[row, step], alpha)
        total += jax.nn.logsumexp(alpha + end) - score - end[last]
    return total / mask.sum()


def some(x):
    x = jnp.asarray(x).ravel()
    return [float(f"{v:.9g}") for v in (x if x.size <= 200 else x[::37])]


def run(model, loss, shapes, rate=0.01):
    w = [draw(100 + k, s) for k, s in enumerate(shapes)]
    m = [0 * x for x in w]
    v = [0 * x for x in w]

    @jax.jit
    def step(w, m, v, t, *batch):
        value, g = jax.value_and_grad(loss)(w, *batch)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        w = [(1 - 1e-5) * a - rate * (b / (1 - 0.9**t)) / (jnp.sqrt(c / (1 - 0.999**t)) + 1e-5) for a, b, c in zip(w, m, v)]
        return value, g, w, m, v

    x, _, mask = batch(1)
    result = {"outputs": some(model(w, x, mask)), "losses": []}
    for t in range(1, 101):
        value, g, w, m, v = step(w, m, v, float(t), *batch(t))
        if t == 1:
            result["gradients"] = [some(a) for a in g]
        result["losses"].append(float(f"{value:.9g}"))
    result["weights"] = [some(a) for a in w]
    result["outputs_after"] = some(model(w, x, mask))
    return result


U, D = 50, 6
print(json.dumps({
    "lstm": run(course, course_loss, [(IDS, U), (2 * U, 4 * U), (4 * U,), (U, TAGS), (TAGS,)]),
    "crf": run(scores, crf_loss, [
        (IDS, D), (2 * D, 4 * D), (4 * D,), (2 * D, 4 * D), (4 * D,), (2 * D, TAGS), (TAGS,), (TAGS, TAGS), (TAGS,), (TAGS,)]),
}))
