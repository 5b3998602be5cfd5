"""Training steps in JAX: Adam as Trax writes it, compiled together with the loss and its gradient."""


def steps(weights, loss, batches, rate, decay=0):
    """The function `call(index)` that makes a step with a batch: `loss(weights, *batch)` becomes smaller."""
    import jax
    import jax.numpy as jnp
    each = jax.tree_util.tree_map

    def train(state, *batch):
        weights, firsts, seconds, step = state
        value, gradients = jax.value_and_grad(loss)(weights, *batch)
        step += 1
        firsts = each(lambda m, g: 0.9 * m + 0.1 * g, firsts, gradients)
        seconds = each(lambda v, g: 0.999 * v + 0.001 * g * g, seconds, gradients)
        factor, scale = rate / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step)
        weights = each(lambda w, m, v: (1 - decay) * w - factor * m / (jnp.sqrt(v * scale) + 1e-5),
                       weights, firsts, seconds)
        return (weights, firsts, seconds, step), value

    train = jax.jit(train, donate_argnums=0)
    zeros = [each(jnp.zeros_like, weights) for _ in range(2)]
    state = (weights, *zeros, jnp.float32(0))

    def call(index):
        nonlocal state
        state, value = train(state, *batches[index % len(batches)])
        value.block_until_ready()
    return call
