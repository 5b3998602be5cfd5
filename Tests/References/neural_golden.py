"""Writes Tests/NeuralTests/Golden/neural.json: layers with their gradients, and optimizers, as JAX computes them.

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax
    /tmp/jax/bin/python Tests/References/neural_golden.py > Tests/NeuralTests/Golden/neural.json

Every layer has inputs of three shapes, batch 1 and odd sizes among them, weights, the output, a random gradient of the
output, and the gradients of the input and the weights. Optimizers make 20 steps with a random gradient each.
"""
import json

import jax
import jax.numpy as jnp
import numpy as np

r = np.random.default_rng(10)


def array(*shape):
    return r.standard_normal(shape).astype(np.float32)


def pack(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "values": [float(np.float32(v)) for v in x.ravel()]}


def layer(expression, function, x, weights=(), differentiable=True):
    """One case: `function(x, *weights)` forward and back."""
    y = function(x, *weights)
    dy = array(*y.shape)
    arguments = tuple(range(0 if differentiable else 1, 1 + len(weights)))
    gradients = jax.grad(lambda *a: jnp.sum(function(*a) * dy), arguments)(x, *weights) if arguments else ()
    return {
        "expression": expression, "x": pack(x), "weights": [pack(w) for w in weights], "y": pack(y), "dy": pack(dy),
        "dx": pack(gradients[0]) if differentiable else None,
        "dweights": [pack(g) for g in (gradients[1:] if differentiable else gradients)],
    }


def layers():
    for batch, time, depth in ((1, 1, 2), (3, 5, 7), (4, 2, 16)):
        x = array(batch, time, depth)
        yield layer("Dense(3)", lambda x, k, b: x @ k + b, x, (array(depth, 3), array(3)))
        yield layer("Dense(5, bias: false)", lambda x, k: x @ k, array(batch, depth), (array(depth, 5),))
        yield layer("Mean", lambda x: x.mean(1), x)
        yield layer("Mean(axis: -1, keepdims: true)", lambda x: x.mean(-1, keepdims=True), x)
        yield layer("Relu", jax.nn.relu, x)
        yield layer("LogSoftmax", jax.nn.log_softmax, 5 * x)
        ids = r.integers(0, 9, (batch, time))
        table = array(9, depth)
        yield layer(f"Embedding(9, {depth})", lambda i, t: t[i], ids, (table,), False)
        classifier = lambda i, t, k, b: jax.nn.log_softmax(t[i].mean(1) @ k + b)  # noqa: E731
        yield layer(f"Embedding(9, {depth}) Mean Dense(3) LogSoftmax", classifier, ids, (table, array(depth, 3), array(3)), False)


def loss():
    for rows, classes in ((1, 2), (5, 3), (16, 4)):
        y = np.asarray(jax.nn.log_softmax(3 * array(rows, classes)))
        targets = r.integers(0, classes, rows)
        weights = (r.random(rows) * (r.random(rows) < 0.7)).astype(np.float32)
        weights[0] = 0.5
        mean = lambda y: -jnp.sum(weights * y[jnp.arange(rows), targets]) / weights.sum()  # noqa: E731
        right = (y.argmax(-1) == targets) * weights
        yield {"y": pack(y), "targets": pack(targets), "weights": pack(weights), "loss": float(mean(y)),
               "gradient": pack(jax.grad(mean)(y)), "accuracy": float(right.sum() / weights.sum())}


def adam(w, g, m, v, step, rate, decay=1e-5, b1=0.9, b2=0.999, eps=1e-5):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    update = rate * (m / (1 - b1**step)) / (jnp.sqrt(v / (1 - b2**step)) + eps)
    return (1 - decay) * w - update, m, v


def optimizers():
    w = w0 = jnp.asarray(array(5, 3))
    m = v = jnp.zeros_like(w)
    gradients = [array(5, 3) * (r.random((5, 1)) < 0.6) for _ in range(20)]
    steps = []
    for step, g in enumerate(gradients, 1):
        w, m, v = adam(w, g, m, v, step, 0.01, decay=1e-3)
        steps.append([pack(w), pack(m), pack(v)])
    yield {"expression": "Adam(0.01, weight_decay: 0.001)", "w": pack(w0), "gradients": [pack(g) for g in gradients],
           "steps": steps}
    w, steps = w0, []
    for g in gradients:
        w = w - 0.1 * g
        steps.append([pack(w)])
    yield {"expression": "SGD(0.1)", "w": pack(w0), "gradients": [pack(g) for g in gradients], "steps": steps}


print(json.dumps({"layers": list(layers()), "losses": list(loss()), "optimizers": list(optimizers())}))
