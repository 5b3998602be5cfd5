"""Times a step or a prediction of the tweet classifier in PyTorch and JAX.

    classifier.py step|predict PEER BATCHES

Peers of step:     torch-dense     Embedding and fused Adam, over the whole table
                   jax-dense       the same in JAX, with Trax's formula of Adam
                   torch-padded    EmbeddingBag and SparseAdam, which leaves rows alone that a batch has not
                   torch-unpadded  the same without the padding
Peers of predict:  torch-padded    EmbeddingBag
                   torch-unpadded  the same without the padding
                   jax             rows filled up to 25 ids, so that it is compiled once
"""
import sys

import batches
import jax_training
import timing

IDS, DEPTH, CLASSES, RATE = 9088, 256, 2, 0.01


def jax_weights():
    import jax
    table, head = jax.random.split(jax.random.PRNGKey(0))
    return {"table": jax.random.normal(table, (IDS, DEPTH)), "kernel": jax.random.normal(head, (DEPTH, CLASSES)) / 16,
            "bias": jax.numpy.zeros(CLASSES)}


def jax_forward(weights, inputs):
    import jax
    means = weights["table"][inputs].mean(axis=1)
    return jax.nn.log_softmax(means @ weights["kernel"] + weights["bias"])


def jax_step(data):
    import jax
    import jax.numpy as jnp

    def loss(weights, inputs, targets):
        return -jax_forward(weights, inputs)[jnp.arange(len(targets)), targets].mean()

    return jax_training.steps(jax_weights(), loss, data, RATE, decay=1e-5)


def torch_step(data, kind):
    import torch
    from torch.nn import functional
    torch.manual_seed(0)
    head = torch.nn.Linear(DEPTH, CLASSES)
    if kind == "dense":
        table = torch.nn.Embedding(IDS, DEPTH)
        means = lambda ids, _: table(ids).mean(dim=1)
        optimizers = [torch.optim.Adam([*table.parameters(), *head.parameters()], lr=RATE, eps=1e-5, fused=True)]
    else:
        table = torch.nn.EmbeddingBag(IDS, DEPTH, mode="mean", sparse=True)
        means = table
        optimizers = [torch.optim.SparseAdam(table.parameters(), lr=RATE),
                      torch.optim.Adam(head.parameters(), lr=RATE, fused=True)]
    steps = []
    for inputs, targets in data:
        ids, starts = batches.without_padding(inputs) if kind == "unpadded" else (inputs, None)
        steps.append((torch.from_numpy(ids).long(), None if starts is None else torch.from_numpy(starts),
                      torch.from_numpy(targets).long()))

    def call(index):
        ids, starts, targets = steps[index % len(steps)]
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        functional.nll_loss(functional.log_softmax(head(means(ids, starts)), dim=-1), targets).backward()
        for optimizer in optimizers:
            optimizer.step()
    return call


def jax_predict(data):
    import jax
    import numpy as np
    weights, forward = jax_weights(), jax.jit(jax_forward)
    inputs = [np.pad(ids, ((0, 0), (0, 25 - ids.shape[1]))) for ids, _ in data]
    return lambda index: np.asarray(forward(weights, inputs[index % len(inputs)]))


def torch_predict(data, kind):
    import torch
    table, head = torch.nn.EmbeddingBag(IDS, DEPTH, mode="mean"), torch.nn.Linear(DEPTH, CLASSES)
    parts = [batches.without_padding(ids) if kind == "unpadded" else [ids] for ids, _ in data]
    inputs = [[torch.from_numpy(part).long() for part in each] for each in parts]

    @torch.inference_mode()
    def call(index):
        return torch.log_softmax(head(table(*inputs[index % len(inputs)])), dim=-1).numpy()
    return call


if __name__ == "__main__":
    work, peer, file = sys.argv[1:]
    library, _, kind = peer.partition("-")
    data = batches.read(file)
    if work == "predict":
        call = jax_predict(data) if library == "jax" else torch_predict(data, kind)
    else:
        call = jax_step(data) if library == "jax" else torch_step(data, kind)
    timing.serve(call, max(len(data), 100), version=sys.modules[library].__version__)
