"""Times the character model of two GRUs of 512 units in PyTorch and JAX.

    gru.py step PEER BATCHES        a training step; peers: torch, torch-compile, jax
    gru.py sample PEER CHARACTERS   that many characters, one after the other; peers: torch, torch-script, jax
    gru.py score torch LINES        the log probabilities of a file's lines, in batches of 64 in the order of length

torch is nn.GRU as it comes, torch-compile the same compiled, torch-script two GRUCells and the loop over characters as
one script. jax is Trax's cell under lax.scan; the products of the inputs of all steps are made before the scan.
"""
import sys

import jax_training
import timing

IDS, UNITS, LAYERS, TEMPERATURE = 256, 512, 2, 0.8


def jax_weights():
    import jax
    import jax.numpy as jnp
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 2 + 2 * LAYERS))

    def kernel(rows, columns):
        return jax.random.uniform(next(keys), (rows, columns), minval=-0.05, maxval=0.05)
    # The columns of a GRU's kernels are those of the update gate, the reset gate and the candidate.
    grus = [{"inputs": kernel(UNITS, 3 * UNITS), "states": kernel(UNITS, 3 * UNITS), "bias": jnp.zeros(3 * UNITS)}
            for _ in range(LAYERS)]
    return {"table": kernel(IDS, UNITS), "grus": grus, "kernel": kernel(UNITS, IDS), "bias": jnp.zeros(IDS)}


def jax_cell(gru, state, projected):
    """The next state: u, r = σ(x + h·U), c = tanh(x + (r·h)·U), h = u·h + (1 - u)·c, with x the projected input."""
    import jax
    import jax.numpy as jnp
    gates = jax.nn.sigmoid(projected[:, :2 * UNITS] + state @ gru["states"][:, :2 * UNITS])
    update, reset = gates[:, :UNITS], gates[:, UNITS:]
    candidate = jnp.tanh(projected[:, 2 * UNITS:] + (reset * state) @ gru["states"][:, 2 * UNITS:])
    return update * state + (1 - update) * candidate


def jax_step(data):
    import jax
    import jax.numpy as jnp

    def loss(weights, ids):
        shifted = jnp.pad(ids, ((0, 0), (1, 0)))[:, :-1]
        hidden = weights["table"][shifted.T]
        for gru in weights["grus"]:
            def step(state, projected, gru=gru):
                state = jax_cell(gru, state, projected)
                return state, state
            projected = hidden @ gru["inputs"] + gru["bias"]
            _, hidden = jax.lax.scan(step, jnp.zeros((ids.shape[0], UNITS)), projected)
        y = jax.nn.log_softmax(hidden @ weights["kernel"] + weights["bias"])
        return -jnp.take_along_axis(y, ids.T[..., None], axis=-1).mean()

    return jax_training.steps(jax_weights(), loss, [(ids,) for ids, _ in data], 0.001)


def torch_step(data, kind):
    import torch
    from torch.nn import functional
    torch.manual_seed(0)
    model = torch.nn.ModuleList([
        torch.nn.Embedding(IDS, UNITS), torch.nn.GRU(UNITS, UNITS, LAYERS, batch_first=True),
        torch.nn.Linear(UNITS, IDS)])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    batches = [torch.from_numpy(ids).long() for ids, _ in data]

    def loss(ids):
        table, gru, head = model
        hidden, _ = gru(table(functional.pad(ids, (1, 0))[:, :-1]))
        return functional.cross_entropy(head(hidden).flatten(0, 1), ids.flatten())
    if kind == "compile":
        loss = torch.compile(loss)

    def call(index):
        optimizer.zero_grad(set_to_none=True)
        loss(batches[index % len(batches)]).backward()
        optimizer.step()
    return call


def jax_sample(characters):
    import jax
    import jax.numpy as jnp
    weights = jax_weights()

    def step(weights, states, character, key):
        x, new = weights["table"][character][None], []
        for gru, state in zip(weights["grus"], states):
            x = jax_cell(gru, state, x @ gru["inputs"] + gru["bias"])
            new.append(x)
        key, now = jax.random.split(key)
        logits = x[0] @ weights["kernel"] + weights["bias"]
        return new, jax.random.categorical(now, logits / TEMPERATURE), key

    @jax.jit
    def text(weights, *state):
        def next(state, _):
            state = step(weights, *state)
            return state, state[1]
        return jax.lax.scan(next, state, None, length=characters)

    state = ([jnp.zeros((1, UNITS))] * LAYERS, jnp.int32(0), jax.random.PRNGKey(1))

    def call(_):
        nonlocal state
        state, drawn = text(weights, *state)
        drawn.block_until_ready()
    return call


def torch_sample(characters, kind):
    import torch
    torch.manual_seed(0)

    class Sampler(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.head = torch.nn.Embedding(IDS, UNITS), torch.nn.Linear(UNITS, IDS)
            self.first, self.second = torch.nn.GRUCell(UNITS, UNITS), torch.nn.GRUCell(UNITS, UNITS)

        def forward(self, character: torch.Tensor, first: torch.Tensor, second: torch.Tensor, characters: int):
            for _ in range(characters):
                first = self.first(self.table(character), first)
                second = self.second(first, second)
                chances = torch.softmax(self.head(second) / 0.8, dim=-1)
                character = torch.multinomial(chances, 1)[:, 0]
            return character, first, second

    sampler = Sampler().eval()
    if kind == "script":
        script = torch.jit.script(sampler)
        state = (torch.zeros(1).long(), torch.zeros(1, UNITS), torch.zeros(1, UNITS))

        @torch.inference_mode()
        def call(_):
            nonlocal state
            state = script(*state, characters)
        return call

    gru = torch.nn.GRU(UNITS, UNITS, LAYERS)
    character, states = torch.zeros(1).long(), torch.zeros(LAYERS, 1, UNITS)

    @torch.inference_mode()
    def call(_):
        nonlocal character, states
        for _ in range(characters):
            hidden, states = gru(sampler.table(character)[None], states)
            chances = torch.softmax(sampler.head(hidden[0]) / TEMPERATURE, dim=-1)
            character = torch.multinomial(chances, 1)[:, 0]
            character.item()
    return call


def torch_score(file):
    import torch
    from torch.nn import functional
    torch.manual_seed(0)
    with open(file, "rb") as lines:
        texts = sorted((torch.tensor(list(line.rstrip(b"\n"))) for line in lines), key=len)
    table, gru, head = torch.nn.Embedding(IDS, UNITS), torch.nn.GRU(UNITS, UNITS, LAYERS, batch_first=True), \
        torch.nn.Linear(UNITS, IDS)

    @torch.inference_mode()
    def call(_):
        total = 0
        for start in range(0, len(texts), 64):
            ids = torch.nn.utils.rnn.pad_sequence(texts[start:start + 64], batch_first=True)
            hidden, _ = gru(table(functional.pad(ids, (1, 0))[:, :-1]))
            chances = functional.log_softmax(head(hidden), dim=-1).gather(2, ids[..., None])[..., 0]
            total += (chances * (ids > 0)).sum().item()
        return total
    return call


if __name__ == "__main__":
    work, peer, argument = sys.argv[1:]
    library, _, kind = peer.partition("-")
    if work == "sample":
        call = jax_sample(int(argument)) if library == "jax" else torch_sample(int(argument), kind)
    elif work == "score":
        call = torch_score(argument)
    else:
        import batches as files
        data = files.read(argument)
        call = jax_step(data) if library == "jax" else torch_step(data, kind)
    timing.serve(call, 1 if work == "score" else 5, version=sys.modules[library].__version__)
