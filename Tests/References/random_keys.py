"""Writes Tests/RandomTests/Golden/random-keys.json: JAX's numbers of its non-partitionable Threefry generator.

    python3 -m venv ~/jax && ~/jax/bin/pip install jax
    ~/jax/bin/python Tests/References/random_keys.py > Tests/RandomTests/Golden/random-keys.json
"""
import json

import jax

jax.config.update("jax_threefry_partitionable", False)
jax.config.update("jax_enable_x64", True)  # seeds of 64 bits
SEEDS = [0, 1, 10, 2**31, 2**32 - 1, 2**32, 2**40 + 12345, 2**63 - 1]


def words(x):
    return [int(w) for w in jax.numpy.ravel(x)]


def numbers(x):
    return [float(f"{v:.9g}") for v in jax.numpy.ravel(x)]


def logits(rows, classes):
    """Scores that the test computes alike."""
    return jax.numpy.asarray([[(3 * i + k) % classes * 0.5 for k in range(classes)] for i in range(rows)], "float32")


rows = []
for seed in SEEDS:
    key = jax.random.PRNGKey(seed)
    rows.append({
        "seed": seed,
        "key": words(key),
        "split": words(jax.random.split(key, 3)),
        "fold_in": words(jax.random.fold_in(key, 7)),
        "bits": {n: words(jax.random.bits(key, (n,), "uint32")) for n in (1, 2, 3, 8, 9)},
        "permutation": {n: words(jax.random.permutation(key, n)) for n in (1, 2, 5, 64)},
        "uniform": numbers(jax.random.uniform(key, (9,), "float32", -2.0, 3.0)),
        "normal": numbers(jax.random.normal(key, (32,), "float32")),
        "bernoulli": words(jax.random.bernoulli(key, jax.numpy.float32(0.3), (40,))),
        "gumbel": numbers(jax.random.gumbel(key, (16,), "float32")),
        "categorical": words(jax.random.categorical(key, logits(4, 5))),
    })
# More than 1,625 items are sorted twice.
key = jax.random.PRNGKey(3)
rows.append({"seed": 3, "key": words(key), "permutation": {2000: words(jax.random.permutation(key, 2000))}})
print("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]")
