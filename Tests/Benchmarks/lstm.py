"""Times a training step of an LSTM in PyTorch and JAX.

    lstm.py tagger|language PEER BATCHES     peers: torch, torch-compile, jax

tagger is a table of 9,088 × 50, an LSTM of 50 units and 17 tags for each token, of which those of the padding don't
count; language foretells the next of 256 bytes by an LSTM of 512 units. torch is nn.LSTM as it comes, torch-compile the
same compiled. jax is an LSTM under lax.scan; the products of the inputs of all steps are made before the scan.
"""
import sys

import batches
import jax_training
import timing

# ids, depth and units, classes, rate, whether the inputs are shifted by one
KINDS = {"tagger": (9088, 50, 17, 0.01, False), "language": (256, 512, 256, 0.001, True)}


def torch_step(data, kind, is_compiled):
    import torch
    from torch.nn import functional
    torch.manual_seed(0)
    count, units, classes, rate, is_shifted = KINDS[kind]
    model = torch.nn.ModuleList([torch.nn.Embedding(count, units), torch.nn.LSTM(units, units, batch_first=True),
                                 torch.nn.Linear(units, classes)])
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    steps = [(torch.from_numpy(ids).long(), torch.from_numpy(targets).long()) for ids, targets in data]
    if not is_shifted:
        # The loss leaves out targets of -100.
        steps = [(ids, targets.masked_fill(ids == 0, -100)) for ids, targets in steps]

    def loss(ids, targets):
        table, lstm, head = model
        hidden, _ = lstm(table(functional.pad(ids, (1, 0))[:, :-1] if is_shifted else ids))
        return functional.cross_entropy(head(hidden).flatten(0, 1), targets.flatten())
    if is_compiled:
        loss = torch.compile(loss)

    def call(index):
        optimizer.zero_grad(set_to_none=True)
        loss(*steps[index % len(steps)]).backward()
        optimizer.step()
    return call


def jax_step(data, kind):
    import jax
    import jax.numpy as jnp
    count, units, classes, rate, is_shifted = KINDS[kind]
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 4))

    def kernel(rows, columns):
        return jax.random.uniform(next(keys), (rows, columns), minval=-0.05, maxval=0.05)
    weights = {"table": kernel(count, units), "inputs": kernel(units, 4 * units), "states": kernel(units, 4 * units),
               "bias": jnp.zeros(4 * units), "kernel": kernel(units, classes), "head": jnp.zeros(classes)}

    def loss(weights, ids, targets):
        shifted = jnp.pad(ids, ((0, 0), (1, 0)))[:, :-1] if is_shifted else ids

        def step(carry, projected):
            cell, state = carry
            kept, new, shown, candidate = jnp.split(projected + state @ weights["states"], 4, axis=-1)
            cell = jax.nn.sigmoid(kept) * cell + jax.nn.sigmoid(new) * jnp.tanh(candidate)
            state = jax.nn.sigmoid(shown) * jnp.tanh(cell)
            return (cell, state), state
        zeros = jnp.zeros((ids.shape[0], units))
        projected = weights["table"][shifted.T] @ weights["inputs"] + weights["bias"]
        _, hidden = jax.lax.scan(step, (zeros, zeros), projected)
        y = jax.nn.log_softmax(hidden @ weights["kernel"] + weights["head"])
        counts = jnp.ones(ids.T.shape) if is_shifted else ids.T != 0
        return -(jnp.take_along_axis(y, targets.T[..., None], axis=-1)[..., 0] * counts).sum() / counts.sum()

    return jax_training.steps(weights, loss, data, rate)


if __name__ == "__main__":
    kind, peer, file = sys.argv[1:]
    library, _, how = peer.partition("-")
    data = batches.read(file)
    call = jax_step(data, kind) if library == "jax" else torch_step(data, kind, how == "compile")
    # Rows of every length come in the first calls; torch.compile takes some passes until it compiles no more.
    timing.serve(call, 3 * len(data), version=sys.modules[library].__version__)
