"""Model files of `train` as modules of PyTorch: classifiers, and language models of GRUs.

    model = load("sentiment.safetensors")
    model(torch.tensor([[3, 4, 5]]))        # ids [batch, time] to log probabilities; model.train() goes on learning

    python3 load_model.py sentiment.safetensors records.jsonl    # records with ids to a line of log probabilities each

What stands in the files is described in Sources/Models/Models.docc/FileFormats.md.
"""
import json
import re
import sys

import torch
from safetensors import safe_open
from torch import nn
from torch.nn.functional import normalize


def read(path):
    """The metadata, and the weights by their names, in float32 whatever the file's precision is."""
    with safe_open(path, "pt") as file:
        metadata, parts = file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}
    if (metadata.get("format"), metadata.get("format_version")) != ("rivulet", "1"):
        raise ValueError(f"{path}: no model of format version 1")
    weights = {}
    for name in parts:
        if name.endswith((".scales", ".rows")) and name.rpartition(".")[0] in parts:
            continue
        weights[name] = parts[name].float() * parts.get(name + ".scales", 1)
        if name + ".rows" in parts:  # rows of zeros are left out
            rows, kept = parts[name + ".rows"], weights[name]
            weights[name] = kept.new_zeros(len(rows), *kept.shape[1:])
            weights[name][rows] = kept
    return metadata, weights


def calls(expression):
    """Names, each with a list of what stands inside: of "Serial(Mean Dense(2))" one name with two inside."""
    stack = [[]]
    for word in re.findall(r"[()]|[^\s(),]+", expression):
        if word == "(":
            stack.append(stack[-1][-1][1])
        elif word == ")":
            stack.pop()
        else:
            stack[-1].append((word, []))
    return stack[0]


class Function(nn.Module):
    """A layer without weights: a function of so many tensors from the top of the stack."""

    def __init__(self, function, takes=1):
        super().__init__()
        self.forward, self.takes = function, takes


class Serial(nn.Sequential):
    """Layers one after the other, on a stack of tensors."""

    def forward(self, *stack):
        for layer in self:
            takes = getattr(layer, "takes", 1)
            y = layer(*stack[:takes])
            stack = (y if isinstance(y, tuple) else (y,)) + stack[takes:]
        return stack if len(stack) > 1 else stack[0]


class Branch(nn.ModuleList):
    """Layers that all take the same tensor and give one each."""

    def forward(self, x):
        return tuple(layer(x) for layer in self)


class GRU(nn.Module):
    """Another unit than `torch.nn.GRU`, which multiplies by r only what the candidate's kernel has made of h."""

    def __init__(self, w, convention="trax"):
        super().__init__()
        self.is_lab = convention == "lab"  # [h, x] in place of [x, h], and u takes the new state
        self.gates, self.candidate = linear(w["gates"], w["gatesBias"]), linear(w["candidate"], w["candidateBias"])

    def forward(self, x):
        h, ys = x.new_zeros(len(x), self.candidate.out_features), []
        for step in x.unbind(1):
            join = (lambda h: torch.cat((h, step), 1)) if self.is_lab else (lambda h: torch.cat((step, h), 1))
            u, r = torch.sigmoid(self.gates(join(h))).chunk(2, 1)
            c = torch.tanh(self.candidate(join(r * h)))
            h = u * c + (1 - u) * h if self.is_lab else u * h + (1 - u) * c
            ys.append(h)
        return torch.stack(ys, 1)


class EmbeddingSum(nn.EmbeddingBag):
    """Rows of a table, summed up and divided by a power of how many there are; 0 is padding. (It drops no ids.)"""

    def __init__(self, w, power=0.0):
        super().__init__(*w["table"].shape, mode="sum", padding_idx=0, _weight=w["table"])
        self.power = power

    def forward(self, ids):
        count = (ids != 0).sum(-1, keepdim=True).clamp(min=1)
        return super().forward(ids.flatten(0, -2)).view(*ids.shape[:-1], -1) / count ** self.power


class TfIdf(nn.Module):
    """The different ids of a text by tf-idf; those below `words` come to the length 1, and so do the others."""

    def __init__(self, w, words=0):
        super().__init__()
        self.words, self.table = words, nn.Parameter(w["table"])
        self.bias = nn.Parameter(w["bias"]) if "bias" in w else 0
        idf = torch.where(w["counts"] > 0, 1 + torch.log((1 + w["texts"]) / (1 + w["counts"])), 0)
        self.register_buffer("idf", idf)

    def forward(self, texts):
        y = []
        for ids in (text[text != 0].unique() for text in texts):
            terms = [normalize(self.idf[group], dim=0) for group in (ids[ids < self.words], ids[ids >= self.words])]
            y.append(self.bias + torch.cat(terms) @ self.table[ids])
        return torch.stack(y)


def filled(layer, **weights):
    layer.load_state_dict(weights, strict=False)
    return layer


def linear(kernel, bias=None):
    """`x · kernel + bias`: the weight of PyTorch is the kernel's transpose."""
    layer = filled(nn.Linear(*kernel.shape, bias=bias is not None), weight=kernel.T)
    return layer if bias is None else filled(layer, bias=bias)


def shift(x, steps):
    return torch.cat((torch.zeros_like(x[:, :steps]), x[:, :-steps]), 1)


def masked_mean(x, mask):
    return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


LAYERS = {  # of weights without their path, and of arguments: those without a label by their numbers
    "Embedding": lambda w, a: nn.Embedding.from_pretrained(w["table"], freeze=False),
    "EmbeddingSum": lambda w, a: EmbeddingSum(w, float(a.get("power", 0))),
    "TfIdf": lambda w, a: TfIdf(w, int(a.get("words", 0))),
    "Dense": lambda w, a: linear(w["kernel"], w.get("bias")),
    "GRU": lambda w, a: GRU(w, a.get("convention", "trax")),
    "LayerNorm": lambda w, a: filled(
        nn.LayerNorm(len(w["scale"]), float(a.get("eps", 1e-6))), weight=w["scale"], bias=w["bias"]),
    "Dropout": lambda w, a: nn.Dropout(float(a.get(0, 0))),
    "Relu": lambda w, a: nn.ReLU(),
    "Tanh": lambda w, a: nn.Tanh(),
    "Sigmoid": lambda w, a: nn.Sigmoid(),
    "LogSoftmax": lambda w, a: nn.LogSoftmax(int(a.get("axis", -1))),
    "LogSigmoid": lambda w, a: nn.LogSigmoid(),
    "Mean": lambda w, a: Function(lambda x: x.mean(int(a.get("axis", 1)), a.get("keepdims") == "true")),
    "Normalize": lambda w, a: Function(lambda x: x / (x.square().sum(-1, True) + float(a.get("eps", 1e-6))).sqrt()),
    "PaddingMask": lambda w, a: Function(lambda ids: (ids != 0).float()),
    "MaskedMean": lambda w, a: Function(masked_mean, 2),
    "Add": lambda w, a: Function(torch.add, 2),
    "ShiftRight": lambda w, a: Function(lambda x: shift(x, int(a.get(0, 1)))),
}


def module(kind, inside, path, weights):
    """The module of a layer whose weights' names begin with `path`."""
    if kind in ("Serial", "Branch"):
        layers = [module(name, rest, f"{path}{index}.{name}.", weights) for index, (name, rest) in enumerate(inside)]
        return Serial(*layers) if kind == "Serial" else Branch(layers)
    if kind not in LAYERS:
        raise NotImplementedError(f"no module for the layer {kind}, but {', '.join(LAYERS)}, Serial, Branch")
    words, arguments = iter(word for word, _ in inside), {}
    for word in words:
        arguments[word[:-1] if word.endswith(":") else len(arguments)] = next(words) if word.endswith(":") else word
    own = {name[len(path):]: weights[name] for name in weights if name.startswith(path)}
    return LAYERS[kind](own, arguments)


def load(path):
    """The model of a file, as it predicts; `model.train()` lets its dropout drop."""
    metadata, weights = read(path)
    kind, inside = calls(metadata["layers"])[0]
    model = module(kind, inside, "", weights).eval()
    model.predicts_ids = inside[0][0] == "ShiftRight"
    return model


@torch.no_grad()
def log_probabilities(model, ids):
    """Those of the classes, a text without ids being one of padding; of a language model those of the ids."""
    y = model(torch.tensor([ids or [0]]))[0]
    return y[range(len(ids)), ids] if model.predicts_ids else y


if __name__ == "__main__":
    model = load(sys.argv[1])
    for line in open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin:
        print(json.dumps({"log_probabilities": log_probabilities(model, json.loads(line)["ids"]).tolist()}))
