"""Writes torch-answers.json: gradients by PyTorch of each operator, of whole models, and explanations: python make_torch_answers.py, then
npx biome format --write torch-answers.json.

Needs torch==2.15.0 and numpy. PyTorch computes in float64; inputs and weights are numbers of float32.
"""

import base64
import itertools
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

random = np.random.default_rng(10)
steps = 50


def drawn(shape, least=-1.0, most=1.0):
    values = random.uniform(least, most, shape).astype(np.float32)
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def stored(tensor):
    values = tensor.detach().numpy().astype(np.float32)
    return {"shape": list(values.shape), "values": base64.b64encode(values.tobytes()).decode()}


def node(op, inputs, outputs="y", **attributes):
    return {"op": op, "inputs": inputs.split(), "outputs": outputs.split(), "attributes": attributes}


def real(value):
    return {"float": value}


def listed(values):
    array = np.array(values, np.int64)
    return {"shape": list(array.shape), "values": array.ravel().tolist()}


cases = []


def case(name, nodes, values, function, wholes=None, kind="FP64"):
    """Gradients of the sum of all y, each by -1.5, -0.5 and 0.5 in turns, by all values."""
    y = function(*values.values())
    seed = torch.tensor([at % 3 - 1.5 for at in range(y.numel())], dtype=torch.float64).reshape(y.shape)
    (y * seed).sum().backward()
    cases.append({
        "name": name,
        "type": kind,
        "nodes": nodes if isinstance(nodes, list) else [nodes],
        "values": {key: stored(value) for key, value in values.items()},
        "wholes": {key: listed(each) for key, each in (wholes or {}).items()},
        "gradients": {key: stored(value.grad) for key, value in values.items()},
    })


def unary(op, function, least=-2.0, most=2.0, kind="FP64", **attributes):
    # Floats are given as such, all others are whole numbers or words.
    told = {key: real(value) if isinstance(value, float) else value for key, value in attributes.items()}
    case(op if not attributes else f"{op} {attributes}", node(op, "x", **told), {"x": drawn((3, 5), least, most)}, function, kind=kind)


def two(op, function, least=-1.0):
    for a, b in [((3, 4), (3, 4)), ((3, 4), (4,)), ((2, 1, 4), (3, 1))]:
        case(f"{op} {a} {b}", node(op, "a b"), {"a": drawn(a, least), "b": drawn(b, 0.5, 2)}, function)


def elementwise():
    two("Add", lambda a, b: a + b)
    two("Sub", lambda a, b: a - b)
    two("Mul", lambda a, b: a * b)
    two("Div", lambda a, b: a / b)
    two("Pow", lambda a, b: a**b, 0.3)
    three = lambda: {"a": drawn((3, 4)), "b": drawn((4,)), "c": drawn((3, 1))}  # noqa: E731
    case("Max", node("Max", "a b c"), three(), lambda a, b, c: torch.maximum(torch.maximum(a, b), c))
    case("Min", node("Min", "a b c"), three(), lambda a, b, c: torch.minimum(torch.minimum(a, b), c))
    case("Sum", node("Sum", "a b c"), three(), lambda a, b, c: a + b + c)
    case("Expand", node("Expand", "x sizes"), {"x": drawn((3, 1))}, lambda x: x.expand(2, 3, 4), {"sizes": [2, 3, 4]})
    nodes = [node("Cast", "which", "holds", to=9), node("Where", "holds a b")]
    which = [1, 0, 0, 1]
    pick = lambda a, b: torch.where(torch.tensor(which) == 1, a, b)  # noqa: E731
    case("Where", nodes, {"a": drawn((3, 4)), "b": drawn((3, 1))}, pick, {"which": which})
    unary("Neg", lambda x: -x)
    unary("Exp", torch.exp)
    unary("Log", torch.log, 0.2)
    unary("Sqrt", torch.sqrt, 0.2)
    unary("Abs", torch.abs)
    unary("Reciprocal", torch.reciprocal, 0.3)
    unary("Identity", lambda x: x * 1)
    unary("Dropout", lambda x: x * 1)
    there_and_back = [node("Cast", "x", "single", to=1), node("Cast", "single", "double", to=11), node("Mul", "double x")]
    case("Cast", there_and_back, {"x": drawn((3, 4))}, lambda x: x * x)


def activations():
    unary("Sigmoid", torch.sigmoid)
    unary("Tanh", torch.tanh)
    unary("Relu", torch.relu)
    unary("Erf", torch.erf, kind="FP32")
    unary("Gelu", functional.gelu, kind="FP32")
    unary("Gelu", lambda x: functional.gelu(x, approximate="tanh"), kind="FP32", approximate="tanh")
    unary("LeakyRelu", lambda x: functional.leaky_relu(x, 0.25), kind="FP32", alpha=0.25)
    unary("Elu", lambda x: functional.elu(x, 0.5), kind="FP32", alpha=0.5)
    unary("Softplus", functional.softplus, kind="FP32")
    unary("HardSigmoid", lambda x: torch.clamp(0.25 * x + 0.5, 0, 1), -4, 4, kind="FP32", alpha=0.25)
    unary("HardSwish", functional.hardswish, -5, 5, kind="FP32")
    unary("Softmax", lambda x: torch.softmax(x, 1), axis=1)
    unary("Softmax", lambda x: torch.softmax(x, 0), axis=0)
    unary("LogSoftmax", lambda x: torch.log_softmax(x, 1), axis=-1)
    bounds = [node("CastLike", "from x", "least"), node("CastLike", "to x", "most"), node("Clip", "x least most")]
    case("Clip", bounds, {"x": drawn((3, 5), -2, 2)}, lambda x: torch.clamp(x, -1, 1), {"from": np.int64(-1), "to": np.int64(1)})


def products():
    for a, b in [((3, 4), (4, 2)), ((2, 3, 4), (4, 2)), ((2, 3, 4), (2, 4, 2)), ((1, 3, 4), (2, 4, 2))]:
        case(f"MatMul {a} {b}", node("MatMul", "a b"), {"a": drawn(a), "b": drawn(b)}, torch.matmul)
    for left, right in itertools.product((0, 1), (0, 1)):
        values = {"a": drawn((4, 3) if left else (3, 4)), "b": drawn((2, 4) if right else (4, 2)), "c": drawn((2,))}
        turned = lambda a, b, c, left=left, right=right: 0.5 * (a.T if left else a) @ (b.T if right else b) + 2 * c  # noqa: E731
        told = {"transA": left, "transB": right, "alpha": real(0.5), "beta": real(2.0)}
        case(f"Gemm {left} {right}", node("Gemm", "a b c", **told), values, turned)


def reductions():
    found = {
        "ReduceSum": lambda x: x.sum(1, keepdim=True),
        "ReduceMean": lambda x: x.mean(1, keepdim=True),
        "ReduceMax": lambda x: x.amax(1, keepdim=True),
        "ReduceMin": lambda x: x.amin(1, keepdim=True),
        "ReduceL2": lambda x: x.square().sum(1, keepdim=True).sqrt(),
    }
    for op, function in found.items():
        case(op, node(op, "x axes"), {"x": drawn((2, 3, 4))}, function, {"axes": [1]})
        flat = lambda x, function=function: function(x).squeeze(1)  # noqa: E731
        case(f"{op}, without the axis", node(op, "x axes", keepdims=0), {"x": drawn((2, 3, 4))}, flat, {"axes": [1]})


def shapes():
    # What only moves elements goes on through Exp, so that a gradient at another place would be another.
    def moved(name, nodes, function, wholes=None, shape=(2, 3, 4)):
        nodes = nodes if isinstance(nodes, list) else [nodes]
        grown = [*nodes[:-1], {**nodes[-1], "outputs": ["z"]}, node("Exp", "z")]
        case(name, grown, {"x": drawn(shape)}, lambda x: torch.exp(function(x)), wholes)

    moved("Reshape", node("Reshape", "x sizes"), lambda x: x.reshape(4, 6), {"sizes": [4, -1]})
    moved("Flatten", node("Flatten", "x", axis=2), lambda x: x.reshape(6, 4))
    moved("Squeeze", node("Squeeze", "x axes"), lambda x: x.squeeze(1), {"axes": [1]}, (2, 1, 3))
    moved("Unsqueeze", node("Unsqueeze", "x axes"), lambda x: x.unsqueeze(1), {"axes": [1]})
    moved("Transpose", node("Transpose", "x", perm=[2, 0, 1]), lambda x: x.permute(2, 0, 1))
    moved("Concat", node("Concat", "x x", axis=1), lambda x: torch.cat([x, x], 1))
    parts = [node("Split", "x sizes", "a b c", axis=2), node("Concat", "c a", axis=2)]
    moved("Split", parts, lambda x: torch.cat([x[:, :, 2:], x[:, :, :1]], 2), {"sizes": [1, 1, 2]})
    moved("Pad", node("Pad", "x pads"), lambda x: functional.pad(x, (2, 1, 0, 0, 1, 0)), {"pads": [1, 0, 2, 0, 0, 1]})
    rows = [1, 0, 1]
    moved("Gather", node("Gather", "x rows"), lambda x: x[rows], {"rows": rows})
    moved("Gather, of the last axis", node("Gather", "x rows", axis=2), lambda x: x[:, :, rows], {"rows": rows})
    places = [[[0], [2]], [[1], [1]]]
    taken = lambda x: torch.gather(x, 1, torch.tensor(places))  # noqa: E731
    moved("GatherElements", node("GatherElements", "x places", axis=1), taken, {"places": places})
    bounds = {"starts": [0, 1], "ends": [2, 4], "axes": [1, 2], "steps": [1, 2]}
    moved("Slice", node("Slice", "x starts ends axes steps"), lambda x: x[:, 0:2, 1:4:2], bounds)


def normalizations():
    values = {"x": drawn((2, 3, 4)), "scale": drawn((4,), 0.5, 2), "bias": drawn((4,))}
    layer = node("LayerNormalization", "x scale bias", axis=-1, epsilon=real(0.01))
    case("LayerNormalization", layer, values, lambda x, scale, bias: functional.layer_norm(x, (4,), scale, bias, 0.01))
    # As constants, mean and variance are whole numbers.
    fixed = {"from": [1, -1, 0], "spread": [1, 2, 3]}
    nodes = [node("CastLike", "from x", "mean"), node("CastLike", "spread x", "variance")]
    batch = node("BatchNormalization", "x scale bias mean variance", epsilon=real(0.01))
    mean, variance = [torch.tensor(each, dtype=torch.float64) for each in fixed.values()]
    normal = lambda x, scale, bias: functional.batch_norm(x, mean, variance, scale, bias, False, 0.1, 0.01)  # noqa: E731
    values = {"x": drawn((2, 3, 2, 2)), "scale": drawn((3,), 0.5, 2), "bias": drawn((3,))}
    case("BatchNormalization", [*nodes, batch], values, normal, fixed)


def lengths():
    for order in (1, 2):
        unary("LpNormalization", lambda x, p=order: functional.normalize(x, p, 1), axis=1, p=order)


def windows():
    kinds = {
        "plain": {},
        "strides": {"strides": [2, 2]},
        "pads": {"pads": [1, 2, 1, 2]},
        "dilations": {"dilations": [2, 1]},
        "groups": {"group": 2, "strides": [2, 1], "pads": [1, 1, 1, 1]},
    }
    for name, told in kinds.items():
        groups = told.get("group", 1)
        values = {"x": drawn((2, 4, 7, 6)), "w": drawn((4, 4 // groups, 3, 2)), "b": drawn((4,))}
        asked = {
            "stride": told.get("strides", [1, 1]),
            "padding": told.get("pads", [0, 0])[:2],
            "dilation": told.get("dilations", [1, 1]),
            "groups": groups,
        }
        slid = lambda x, w, b, asked=asked: functional.conv2d(x, w, b, **asked)  # noqa: E731
        case(f"Conv, {name}", node("Conv", "x w b", kernel_shape=[3, 2], **told), values, slid, kind="FP32")
    square = {"kernel_shape": [2, 2], "strides": [2, 2]}
    wide = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
    picture = lambda: {"x": drawn((2, 3, 6, 4))}  # noqa: E731
    case("MaxPool", node("MaxPool", "x", **square), picture(), lambda x: functional.max_pool2d(x, 2))
    case("MaxPool, of windows that share elements", node("MaxPool", "x", **wide), picture(), lambda x: functional.max_pool2d(x, 3, 2, 1))
    case("MaxPool, in FP32", node("MaxPool", "x", **square), picture(), lambda x: functional.max_pool2d(x, 2), kind="FP32")
    mean = lambda x: functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False)  # noqa: E731
    case("AveragePool", node("AveragePool", "x", **square), picture(), lambda x: functional.avg_pool2d(x, 2), kind="FP32")
    case("AveragePool, of windows that share elements", node("AveragePool", "x", **wide), picture(), mean, kind="FP32")
    case("GlobalAveragePool", node("GlobalAveragePool", "x"), picture(), lambda x: x.mean((2, 3), keepdim=True), kind="FP32")
    case("GlobalMaxPool", node("GlobalMaxPool", "x"), picture(), lambda x: x.amax((2, 3), keepdim=True), kind="FP32")


def mlp():
    weights = {"w1": drawn((64, 16), -0.2, 0.2), "b1": drawn((16,)), "w2": drawn((10, 16), -0.5, 0.5), "b2": drawn((10,))}
    nodes = [
        node("MatMul", "x w1", "product"),
        node("Add", "product b1", "sum"),
        node("Relu", "sum", "hidden"),
        node("Gemm", "hidden w2 b2", transB=1),
    ]

    def forward(x, w1, b1, w2, b2):
        return functional.linear(torch.relu(x @ w1 + b1), w2, b2)

    return nodes, weights, drawn((6, 64), 0, 1), forward


def cnn():
    weights = {
        "w1": drawn((4, 1, 3, 3), -0.5, 0.5),
        "b1": drawn((4,)),
        "w2": drawn((6, 4, 2, 2), -0.4, 0.4),
        "b2": drawn((6,)),
        "w3": drawn((10, 24), -0.4, 0.4),
        "b3": drawn((10,)),
    }
    nodes = [
        node("Conv", "x w1 b1", "c1"),
        node("Relu", "c1", "r1"),
        node("MaxPool", "r1", "pooled", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "pooled w2 b2", "c2"),
        node("Relu", "c2", "r2"),
        node("Flatten", "r2", "flat"),
        node("Gemm", "flat w3 b3", transB=1),
    ]

    def maps(x, w1, b1, w2, b2, **_rest):
        return torch.relu(functional.conv2d(functional.max_pool2d(torch.relu(functional.conv2d(x, w1, b1)), 2), w2, b2))

    def forward(x, w3, b3, **rest):
        return functional.linear(maps(x, **rest).flatten(1), w3, b3)

    return nodes, weights, drawn((5, 1, 8, 8), 0, 1), forward, maps


def residual():
    """Two convolutions with a shortcut beside them, and classes by the means of their maps."""
    weights = {
        "w1": drawn((4, 1, 3, 3), -0.5, 0.5),
        "b1": drawn((4,)),
        "w2": drawn((6, 4, 3, 3), -0.4, 0.4),
        "b2": drawn((6,)),
        "w3": drawn((6, 6, 3, 3), -0.4, 0.4),
        "b3": drawn((6,)),
        "w4": drawn((6, 4, 1, 1), -0.8, 0.8),
        "b4": drawn((6,)),
        "w5": drawn((10, 6), -0.8, 0.8),
        "b5": drawn((10,)),
    }
    wide = {"pads": [1, 1, 1, 1]}
    nodes = [
        node("Conv", "x w1 b1", "c1", **wide),
        node("Relu", "c1", "r1"),
        node("Conv", "r1 w2 b2", "c2", strides=[2, 2], **wide),
        node("Relu", "c2", "r2"),
        node("Conv", "r1 w4 b4", "shortcut", strides=[2, 2]),
        node("Conv", "r2 w3 b3", "c3", **wide),
        node("Add", "c3 shortcut", "sum"),
        node("Relu", "sum", "r3"),
        node("GlobalAveragePool", "r3", "pooled"),
        node("Flatten", "pooled", "flat"),
        node("Gemm", "flat w5 b5", transB=1),
    ]

    def maps(x, w1, b1, w2, b2, w3, b3, w4, b4, **_rest):
        first = torch.relu(functional.conv2d(x, w1, b1, padding=1))
        second = torch.relu(functional.conv2d(first, w2, b2, 2, 1))
        return torch.relu(functional.conv2d(second, w3, b3, padding=1) + functional.conv2d(first, w4, b4, 2))

    def forward(x, w5, b5, **rest):
        return functional.linear(maps(x, **rest).mean((2, 3)), w5, b5)

    return nodes, weights, drawn((5, 1, 8, 8), 0, 1), forward, maps


def block():
    """A block of a transformer as BERT has it, of 2 heads of 4 numbers, and the classes of the first of 5 words."""
    nodes, weights = [], {}

    def weight(name, *shape, least=-0.5, most=0.5):
        weights[name] = drawn(shape, least, most)
        return name

    def dense(value, name, rows, columns):
        weight(f"{name}_w", rows, columns)
        weight(f"{name}_b", columns)
        nodes.extend([node("MatMul", f"{value} {name}_w", f"{name}_p"), node("Add", f"{name}_p {name}_b", name)])

    def normal(left, right, name):
        weight(f"{name}_scale", 8, least=0.5, most=1.5)
        weight(f"{name}_bias", 8)
        nodes.extend([node("Add", f"{left} {right}", f"{name}_sum"), node("LayerNormalization", f"{name}_sum {name}_scale {name}_bias", name, axis=-1, epsilon=real(1e-5))])

    weight("table", 12, 8, least=-1, most=1)
    nodes.append(node("Gather", "table x", "words"))
    for name, perm in [("queries", [0, 2, 1, 3]), ("keys", [0, 2, 3, 1]), ("values", [0, 2, 1, 3])]:
        dense("words", name, 8, 8)
        nodes.extend([node("Reshape", f"{name} apart", f"{name}_r"), node("Transpose", f"{name}_r", f"{name}_t", perm=perm)])
    nodes.extend([
        node("MatMul", "queries_t keys_t", "products"),
        node("Cast", "root", "root_f", to=1),
        node("Div", "products root_f", "scores"),
        node("Softmax", "scores", "shares", axis=-1),
        node("MatMul", "shares values_t", "mixed"),
        node("Transpose", "mixed", "mixed_t", perm=[0, 2, 1, 3]),
        node("Reshape", "mixed_t together", "joined"),
    ])
    dense("joined", "out", 8, 8)
    normal("words", "out", "attended")
    dense("attended", "up", 8, 16)
    nodes.append(node("Gelu", "up", "inner"))
    dense("inner", "down", 16, 8)
    normal("attended", "down", "block")
    nodes.append(node("Gather", "block first", "picked", axis=1))
    weight("head_w", 8, 4)
    weight("head_b", 4)
    nodes.append(node("Gemm", "picked head_w head_b"))

    def forward(x, **w):
        linear = lambda value, name: value @ w[f"{name}_w"] + w[f"{name}_b"]  # noqa: E731
        norm = lambda value, name: functional.layer_norm(value, (8,), w[f"{name}_scale"], w[f"{name}_bias"], 1e-5)  # noqa: E731
        words = w["table"][x]
        queries, keys, values = [linear(words, name).reshape(*x.shape, 2, 4).transpose(1, 2) for name in ("queries", "keys", "values")]
        shares = torch.softmax(queries @ keys.transpose(2, 3) / 2, -1)
        joined = (shares @ values).transpose(1, 2).reshape(*x.shape, 8)
        attended = norm(words + linear(joined, "out"), "attended")
        last = norm(attended + linear(functional.gelu(linear(attended, "up")), "down"), "block")
        return last[:, 0] @ w["head_w"] + w["head_b"]

    wholes = {"apart": [0, 0, 2, 4], "together": [0, 0, 8], "root": np.int64(2), "first": np.int64(0)}
    return nodes, weights, torch.tensor(random.integers(0, 12, (3, 5))), forward, wholes


def model(name, nodes, weights, x, forward, wholes=None):
    """Cross-entropy and its gradients by all weights."""
    y = forward(x, **weights)
    labels = torch.arange(len(x)) * 3 % y.shape[1]
    loss = functional.cross_entropy(y, labels)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {
        "name": name,
        "nodes": nodes,
        "weights": {key: stored(value) for key, value in weights.items()},
        "wholes": {key: listed(each) for key, each in (wholes or {}).items()},
        "x": stored(x) if x.is_floating_point() else listed(x.numpy()),
        "labels": labels.tolist(),
        "classes": y.shape[1],
        "loss": loss.item(),
        "gradients": {key: stored(each) for key, each in zip(weights, gradients, strict=True)},
    }


def grad_cam(maps, head):
    """Of a picture's largest score, by the maps of a layer and what comes behind it."""
    layer = maps.detach().requires_grad_()
    scores = head(layer)[0]
    target = int(scores.argmax())
    (slope,) = torch.autograd.grad(scores[target], layer)
    return target, torch.relu((slope.mean((2, 3), keepdim=True) * layer).sum(1))[0]


def explained(weights, pictures, forward, maps, kind):
    """Of the first picture's largest score: Grad-CAM, and Integrated Gradients from a black one at the points of Gauss and Legendre."""
    weights = {key: value.detach().to(kind) for key, value in weights.items()}
    x = pictures.detach()[:1].to(kind)
    layer = maps(x, **{key: value for key, value in weights.items() if key not in ("w3", "b3")})
    target, cam = grad_cam(layer, lambda each: functional.linear(each.flatten(1), weights["w3"], weights["b3"]))
    at, share = np.polynomial.legendre.leggauss(steps)
    sums = torch.zeros_like(x, dtype=torch.float64)
    for point, part in zip((at + 1) / 2, share / 2, strict=True):
        between = (x * point).requires_grad_()
        sums += part * torch.autograd.grad(forward(between, **weights)[0, target], between)[0]
    return target, cam, (sums * x)[0]


elementwise()
activations()
products()
reductions()
shapes()
normalizations()
windows()
models = [model("MLP", *mlp())]
nodes, weights, x, forward, maps = cnn()
models.append(model("CNN", nodes, weights, x, forward))
models.append(model("transformer block", *block()))
target, cam, shares = explained(weights, x, forward, maps, torch.float64)
_, _, single = explained(weights, x, forward, maps, torch.float32)
# Where a kink falls to another side in float32, points there tell another slope, and nobody is wrong.
assert (single - shares).abs().max() < 1e-6 * shares.abs().max(), "another seed, please"
# Behind the others, which have the numbers that they had.
lengths()
nodes, weights, x, forward, maps = residual()
models.append(model("residual network", nodes, weights, x, forward))
behind, sum_cam = grad_cam(maps(x[:1], **weights), lambda each: functional.linear(each.mean((2, 3)), weights["w5"], weights["b5"]))
explanation = {"target": target, "steps": steps, "gradCam": stored(cam), "integratedGradients": stored(shares)}
explanation["residual"] = {"target": behind, "gradCam": stored(sum_cam)}
answers = {"cases": cases, "models": models, "explained": explanation}
Path(__file__).with_name("torch-answers.json").write_text(json.dumps(answers, indent=2) + "\n")
