"""Takes steps with PyTorch's fused Adam, on one thread, with the lesson in FOLDER: python bench/peers/train_steps.py FOLDER.

For each line of stdin, a number of steps, it prints the milliseconds of a step, and the losses, as JSON.
"""

import json
import mmap
import sys
import time
from math import prod
from pathlib import Path

import torch
from torch.nn import functional

torch.set_num_threads(1)
folder = Path(sys.argv[1])
lesson = json.loads((folder / "lesson.json").read_text())


def mlp(weights, x):
    w1, b1, w2, b2 = weights
    return functional.linear(functional.relu(functional.linear(x, w1, b1)), w2, b2)


def cnn(weights, x):
    w1, b1, w2, b2, w3, b3 = weights
    for weight, bias in [(w1, b1), (w2, b2)]:
        x = functional.max_pool2d(functional.relu(functional.conv2d(x, weight, bias, padding=1)), 2)
    return functional.linear(x.flatten(1), w3, b3)


def encoder(weights, ids):
    left = iter(weights)
    linear = lambda value: functional.linear(value, next(left), next(left))  # noqa: E731
    normal = lambda value: functional.layer_norm(value, value.shape[-1:], next(left), next(left), 1e-12)  # noqa: E731
    apart = lambda value: linear(value).unflatten(-1, (12, -1)).transpose(1, 2)  # noqa: E731
    hidden = normal(functional.embedding(ids, next(left)) + next(left))
    for _ in range(6):
        mixed = functional.scaled_dot_product_attention(apart(hidden), apart(hidden), apart(hidden))
        attended = normal(linear(mixed.transpose(1, 2).flatten(2)) + hidden)
        hidden = normal(linear(functional.gelu(linear(attended))) + attended)
    return linear(hidden.mean(1))


def read():
    """The batch, its labels and the weights; those of layers are the other way round in PyTorch, tables of words and places are not."""
    with (folder / "lesson.bin").open() as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    at = 0

    def tensor(kind, shape):
        nonlocal at
        count = prod(shape)
        values = torch.frombuffer(data, dtype=kind, count=count, offset=at).reshape(shape)
        at += count * kind.itemsize
        return values.clone()

    tables = 2 if lesson["kind"] == "encoder" else 0
    x = tensor({"FP32": torch.float32, "INT64": torch.int64}[lesson["input"]["datatype"]], lesson["input"]["shape"])
    labels = tensor(torch.int64, [lesson["rows"]])
    weights = []
    for place, shape in enumerate(lesson["weights"]):
        weight = tensor(torch.float32, shape)
        weights.append((weight.t().contiguous() if len(shape) == 2 and place >= tables else weight).requires_grad_())
    return x, labels, weights


network = {"mlp": mlp, "cnn": cnn, "encoder": encoder}[lesson["kind"]]
x, labels, weights = read()
optimizer = torch.optim.Adam(weights, lr=lesson["learningRate"], fused=True)


def step():
    optimizer.zero_grad()
    loss = functional.cross_entropy(network(weights, x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


for line in sys.stdin:
    began = time.perf_counter()
    losses = [step() for _ in range(int(line))]
    print(json.dumps({"ms": (time.perf_counter() - began) * 1000 / len(losses), "losses": losses}), flush=True)
