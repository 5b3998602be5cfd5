"""Writes Tests/NeuralTests/Golden/neural.json: layers and losses with their gradients, metrics, optimizers and schedules, as JAX
computes them from the formulas of Trax.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/neural_golden.py > Tests/NeuralTests/Golden/neural.json

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
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in x.ravel()]}


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


def split(x, n):
    return jnp.split(x, n, -1)


def gru_step(x, h, w1, b1, w2, b2, lab=False):
    join = lambda h: jnp.concatenate([h, x] if lab else [x, h], -1)  # noqa: E731
    u, r = split(jax.nn.sigmoid(join(h) @ w1 + b1), 2)
    c = jnp.tanh(join(r * h) @ w2 + b2)
    return u * c + (1 - u) * h if lab else u * h + (1 - u) * c


def lstm_step(x, state, w, b):
    c, h = split(state, 2)
    i, j, f, o = split(jnp.concatenate([x, h], -1) @ w + b, 4)
    c = c * jax.nn.sigmoid(f) + jax.nn.sigmoid(i) * jnp.tanh(j)
    return jnp.concatenate([c, jnp.tanh(c) * jax.nn.sigmoid(o)], -1)


def over_time(step, units, width=1):
    def run(x, *weights):
        state, ys = jnp.zeros((x.shape[0], width * units)), []
        for t in range(x.shape[1]):
            state = step(x[:, t], state, *weights)
            ys.append(state[:, -units:])
        return jnp.stack(ys, 1)
    return run


def norm(x, axes, eps):
    return (x - x.mean(axes, keepdims=True)) / jnp.sqrt(x.var(axes, keepdims=True) + eps)


def rnn_step(x, h, w, b, bend=jnp.tanh):
    return bend(jnp.concatenate([h, x], -1) @ w + b)


def more_layers():
    """Layers with Trax's formulas that need some lines; recurrences of length 64 among them."""
    for batch, time, depth, units in ((1, 3, 5, 2), (3, 5, 4, 3), (2, 64, 3, 5)):
        x, gain = array(batch, time, depth), np.float32(0.5)
        gru = (gain * array(depth + units, 2 * units), array(2 * units), gain * array(depth + units, units), array(units))
        yield layer(f"GRU({units})", over_time(gru_step, units), x, gru)
        yield layer(f"GRU({units}, convention: lab)", over_time(lambda *a: gru_step(*a, lab=True), units), x, gru)
        yield layer(f"LSTM({units})", over_time(lstm_step, units, 2), x,
                    (gain * array(depth + units, 4 * units), array(4 * units)))
        rnn = (gain * array(depth + units, units), array(units))
        yield layer(f"RNN({units})", over_time(rnn_step, units), x, rnn)
        yield layer(f"RNN({units}, activation: sigmoid)",
                    over_time(lambda *a: rnn_step(*a, bend=jax.nn.sigmoid), units), x, rnn)
        if time > 5:
            continue
        yield layer("LayerNorm", lambda x, s, b: norm(x, -1, 1e-6) * s + b, x, (array(depth), array(depth)))
        yield layer("BatchNorm", lambda x, b, g: norm(x, (0, 1), 1e-5) * g + b, x, (array(depth), array(depth)))
        yield layer("Softmax", jax.nn.softmax, 2 * x)
        yield layer("Softmax(axis: 1)", lambda x: jax.nn.softmax(x, 1), 2 * x)
        yield layer("LogSoftmax(axis: 1)", lambda x: jax.nn.log_softmax(x, 1), 5 * x)
        yield layer("Sigmoid", jax.nn.sigmoid, 5 * x)
        yield layer("Tanh", jnp.tanh, x)
        yield layer("ShiftRight", lambda x: jnp.pad(x, ((0, 0), (1, 0), (0, 0)))[:, :-1], x)
        ids = r.integers(0, 4, (batch, time))
        ids[:, 0] = 1
        yield layer("OneHot(4)", lambda i: jax.nn.one_hot(i, 4), ids, (), False)
        mask = (ids != 0).astype(np.float32)[..., None]
        yield layer("Branch(Embedding(4, 3) PaddingMask) MaskedMean",
                    lambda i, t: (t[i] * mask).sum(1) / mask.sum(1), ids, (array(4, 3),), False)
        yield layer(f"Residual(Dense({depth}) Tanh)", lambda x, k, b: x + jnp.tanh(x @ k + b), x,
                    (array(depth, depth), array(depth)))


def case(name, y, targets, weights, function, gradient=True):
    value = function(y)
    return {"name": name, "y": pack(y), "targets": pack(targets), "weights": pack(weights), "value": float(value),
            "gradient": pack(jax.grad(function)(y)) if gradient else None}


def losses():
    """Losses and metrics by Trax's names, with weights that contain zeros."""
    for rows, classes in ((1, 2), (5, 3), (16, 4)):
        y = np.asarray(jax.nn.log_softmax(3 * array(rows, classes)))
        targets = r.integers(0, classes, rows)
        weights = (r.random(rows) * (r.random(rows) < 0.7)).astype(np.float32)
        weights[0] = 0.5
        mean = lambda v: jnp.sum(weights * v) / weights.sum()  # noqa: E731
        right = jnp.asarray(y.argmax(-1) == targets)
        one_hot = jax.nn.one_hot(targets, classes)
        yield case("CrossEntropyLoss", y, targets, weights, lambda y: mean(-jnp.sum(y * one_hot, -1)))
        yield case("LogPerplexity", y, targets, weights, lambda y: mean(-jnp.sum(y * one_hot, -1)), False)
        for smoothing in (0.0, 0.1):
            p = one_hot * (1 - smoothing) + smoothing / classes
            yield case(f"CategoryCrossEntropy {smoothing}", 5 * y, targets, weights,
                       lambda y: mean(-jnp.sum(p * jax.nn.log_softmax(y), -1)))
        yield case("Accuracy", y, targets, weights, lambda y: mean(right), False)
        for beta in (1.0, 2.0):
            score, support, there = [], [], []  # classes that are neither predicted nor targets have no score
            for k in range(classes):
                hit = float(np.sum(weights * (y.argmax(-1) == k) * (targets == k)))
                said, are = float(np.sum(weights * (y.argmax(-1) == k))), float(np.sum(weights * (targets == k)))
                precision, recall = hit / said if said else 0.0, hit / are if are else 0.0
                total = beta**2 * precision + recall
                score.append((1 + beta**2) * precision * recall / total if total else 0.0)
                support.append(are)
                there.append(said + are > 0)
            yield case(f"MacroAveragedFScore {beta}", y, targets, weights, lambda y: np.mean(np.array(score)[there]), False)
            yield case(f"WeightedFScore {beta}", y, targets, weights, lambda y: np.average(score, weights=support), False)
        z, t = array(rows, classes), array(rows, classes)
        w = np.abs(array(rows, classes)) * (r.random((rows, classes)) < 0.7) + np.float32(0.01)
        w[0, 0] = 0
        d = lambda z: jnp.abs(z - t)  # noqa: E731
        yield case("L2Loss", z, t, w, lambda z: jnp.sum(w * (z - t) ** 2) / w.sum())
        yield case("SmoothL1Loss", z, t, w, lambda z: jnp.sum(w * jnp.where(d(z) < 1, d(z)**2 / 2, d(z) - 0.5)) / w.sum())
        q, b = np.asarray(jax.nn.sigmoid(z)), (t > 0).astype(np.float32)
        yield case("BinaryCrossEntropyLoss", q, b, w,
                   lambda q: -jnp.sum(w * (b * jnp.log(q) + (1 - b) * jnp.log(1 - q))) / w.sum())
    y = array(4, 3, 5)
    targets = np.array(y.argmax(-1))
    targets[1, 2] = (targets[1, 2] + 1) % 5
    targets[2, 0] = (targets[2, 0] + 1) % 5
    weights = np.ones((4, 3), np.float32)
    weights[2, 0] = weights[3, 1] = 0
    wrong = (y.argmax(-1) != targets) * weights
    yield case("SequenceAccuracy", y, targets, weights, lambda y: np.mean(1 - np.minimum(1, wrong.sum(-1))), False)
    yield case("MaskedSequenceAccuracy", y, targets, weights, lambda y: np.mean((wrong == 0).all(-1)), False)


def adam(w, g, s, t, rate=0.01, decay=1e-3, b1=0.9, b2=0.999, eps=1e-5):
    m, v = b1 * s[0] + (1 - b1) * g, b2 * s[1] + (1 - b2) * g * g
    return (1 - decay) * w - rate * (m / (1 - b1**t)) / (jnp.sqrt(v / (1 - b2**t)) + eps), [m, v]


def momentum(w, g, s, t, nesterov=True, rate=0.1, mass=0.8, decay=1e-3):
    v = mass * s[0] + g
    return (1 - decay) * w - rate * (mass * v + g if nesterov else v), [v]


def rms_prop(w, g, s, t, rate=0.01, gamma=0.9, eps=1e-8):
    a = gamma * s[0] + (1 - gamma) * g**2
    return w - rate * g / (jnp.sqrt(a) + eps), [a]


def adafactor(w, g, s, t, rate=0.05, decay=1e-3):
    d = 1 - jnp.float32(t) ** -0.8
    if w.ndim == 1:
        s = [d * s[0] + (1 - d) * g * g]
        y = g * (s[0] + 1e-16) ** -0.5
    else:
        s = [d * s[0] + (1 - d) * jnp.mean(g * g, -1), d * s[1] + (1 - d) * jnp.mean(g * g, -2)]
        row = (jnp.mean(s[0], -1, keepdims=True) / (s[0] + 1e-16)) ** 0.5
        y = g * row[..., None] * ((s[1] + 1e-16) ** -0.5)[..., None, :]
    y = y / jnp.maximum(1.0, jnp.sqrt(jnp.mean(y * y)))
    return (1 - decay) * w - rate * jnp.maximum(jnp.sqrt(jnp.mean(w * w)), 1e-3) * y, s


def sm3(w, g, s, t, rate=0.1, mass=0.9, decay=1e-3):
    m, bounds = s[0], s[1:]
    shape = lambda axis: [n if k == axis else 1 for k, n in enumerate(w.shape)]  # noqa: E731
    a = jnp.full(w.shape, jnp.inf)
    for axis, b in enumerate(bounds):
        a = jnp.minimum(a, b.reshape(shape(axis)))
    a = a + g * g
    p = jnp.where(a > 0, g / (jnp.sqrt(a) + 1e-16), 0) + decay * w
    m = mass * m + (1 - mass) * p
    bounds = [a.max(tuple(k for k in range(w.ndim) if k != axis)) for axis in range(w.ndim)]
    return w - rate * m, [m] + bounds


def optimizers():
    cases = [
        ("Adam(0.01, weight_decay: 0.001)", adam, lambda w: [0 * w, 0 * w]),
        ("SGD(0.1)", lambda w, g, s, t: (w - 0.1 * g, []), lambda w: []),
        ("Momentum(0.1, mass: 0.8, weight_decay: 0.001)", momentum, lambda w: [0 * w]),
        ("Momentum(0.1, mass: 0.8, weight_decay: 0.001, nesterov: false)",
         lambda *a: momentum(*a, nesterov=False), lambda w: [0 * w]),
        ("RMSProp(0.01)", rms_prop, lambda w: [0 * w + 1]),
        ("Adafactor(0.05, weight_decay: 0.001)", adafactor,
         lambda w: [0 * w] if w.ndim == 1 else [jnp.zeros(w.shape[:-1]), jnp.zeros(w.shape[:-2] + w.shape[-1:])]),
        ("SM3(0.1, weight_decay: 0.001)", sm3, lambda w: [0 * w] + [jnp.zeros(n) for n in w.shape]),
    ]
    for expression, update, initial in cases:
        for shape in ((5, 3), (4,), (1, 6), (2, 3, 4)):
            w = w0 = jnp.asarray(array(*shape))
            slots, steps = initial(w), []
            gradients = [array(*shape) * (r.random(shape[:1] + (1,) * (len(shape) - 1)) < 0.6) for _ in range(20)]
            gradients = [g.astype(np.float32) for g in gradients]
            for t, g in enumerate(gradients, 1):
                w, slots = update(w, g, slots, t)
                steps.append([pack(w)] + [pack(s) for s in slots])
            keep = range(20) if shape == (5, 3) else (0, 1, 19)
            yield {"expression": expression, "w": pack(w0), "gradients": [pack(g) for g in gradients],
                   "steps": {str(k + 1): steps[k] for k in keep}}


def schedules():
    """Trax's formulas, each at the steps 1 to 1,000."""
    def multi(step, names, constant=0.1, warm=400.0, every=200, cycle=300.0):
        rate = 1.0
        for name in names:
            rate *= {"constant": constant, "linear_warmup": min(1.0, step / warm), "rsqrt_decay": max(step, warm) ** -0.5,
                     "rsqrt_normalized_decay": (warm / max(step, warm)) ** 0.5, "decay_every": 0.5 ** (step // every),
                     "cosine_decay": 0.5 * (1 + np.cos(np.pi * (max(0.0, (step - warm) / cycle) % 1.0))),
                     "two_constants": constant if step < 500 else 0.01}[name]
        return rate

    def body(step, n, value, tail):
        return step / (n + 1) * value if step < n + 1 else tail(step)

    table = {
        "constant(0.3)": lambda s: 0.3,
        "warmup(100, 0.5)": lambda s: body(s, 100, 0.5, lambda s: 0.5),
        "warmup_and_rsqrt_decay(100, 0.01)": lambda s: body(s, 100, 0.01, lambda s: 0.01 * (101 / s) ** 0.5),
        "cosine(0.1, 300, min_value: 0.001, warmup_steps: 50)": lambda s: body(
            s, 50, 0.1, lambda s: 0.001 + 0.099 * 0.5 * (1 + np.cos(np.pi * ((s - 51) / 300 % 1.0)))),
        "multifactor": lambda s: multi(s, ["constant", "linear_warmup", "rsqrt_decay"]),
        "multifactor(constant.rsqrt_normalized_decay.decay_every, steps_per_decay: 200)":
            lambda s: multi(s, ["constant", "rsqrt_normalized_decay", "decay_every"]),
        "multifactor(two_constants.cosine_decay, steps_per_cycle: 300, second_constant_step: 500)":
            lambda s: multi(s, ["two_constants", "cosine_decay"]),
    }
    for expression, rate in table.items():
        yield {"expression": expression, "rates": [float(f"{rate(s):.9g}") for s in range(1, 1001)]}


def initializers():
    """Trax's initializers for a kernel and for a stack of kernels, drawn with one key."""
    jax.config.update("jax_threefry_partitionable", False)
    key = jax.random.PRNGKey(5)
    for shape in ((6, 4), (4, 6), (2, 3, 5)):
        fan = {"inputs": shape[-2], "outputs": shape[-1], "average": (shape[-2] + shape[-1]) / 2}

        def uniform(limit):
            return jax.random.uniform(key, shape, "float32", -limit, limit)

        def scaled(scale, name, distribution):
            gain = scale / fan[name]
            return uniform((3 * gain) ** 0.5) if distribution == "uniform" else jax.random.normal(key, shape) * gain**0.5

        rows, columns = int(np.prod(shape[:-1])), shape[-1]
        q, u = jnp.linalg.qr(jax.random.normal(key, (max(rows, columns), min(rows, columns))))
        q = q * jnp.sign(jnp.diag(u))
        table = {
            "RandomNormal": 0.01 * jax.random.normal(key, shape), "RandomUniform": uniform(1.0),
            "GlorotUniform": scaled(1, "average", "uniform"), "GlorotNormal": scaled(1, "average", "normal"),
            "LeCunUniform": scaled(1, "inputs", "uniform"), "LeCunNormal": scaled(1, "inputs", "normal"),
            "KaimingUniform": scaled(2 / 1.25**0.5, "inputs", "uniform"),
            "KaimingNormal": scaled(2 / 1.25**0.5, "inputs", "normal"),
            "FanOutUniform": scaled(1, "outputs", "uniform"),
            "Orthogonal": 2 * (q.T if rows < columns else q).reshape(shape),
        }
        for name, value in table.items():
            yield {"name": name, "value": pack(value)}


print(json.dumps(separators=(",", ":"), obj={"layers": list(layers()) + list(more_layers()), "losses": list(losses()), "optimizers": list(optimizers()), "schedules": list(schedules()), "initializers": list(initializers())}))
