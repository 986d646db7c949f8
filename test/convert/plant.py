"""Makes a conversion wrong, as converters have been: python plant.py FAULT MODEL"""
import sys

import numpy as np
import onnx
from onnx import numpy_helper

fault, path = sys.argv[1:]
model = onnx.load(path)
graph = model.graph


def attribute(*names):
    """The first attribute of one of these names, of any node."""
    return next(item for node in graph.node for item in node.attribute if item.name in names)


def weights():
    """The largest tensor of numbers."""
    return max((item for item in graph.initializer if item.data_type == onnx.TensorProto.FLOAT), key=lambda item: np.prod(item.dims))


def change(tensor, values):
    tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float32), tensor.name))


if fault == "base-score":
    base = attribute("base_values")
    base.floats[:] = [value + 0.05 * max(1, abs(value)) for value in base.floats]
elif fault == "missing-values":
    tracks = attribute("nodes_missing_value_tracks_true")
    tracks.ints[:] = [1 - value for value in tracks.ints]
elif fault == "edges":
    modes = attribute("nodes_modes")
    modes.strings[:] = [b"BRANCH_LEQ" if value == b"BRANCH_LT" else value for value in modes.strings]
elif fault == "one-leaf":
    leaves = attribute("class_weights", "target_weights")
    heaviest = int(np.argmax(np.abs(leaves.floats)))
    leaves.floats[heaviest] = 0
elif fault == "swapped-features":
    features = attribute("nodes_featureids")
    features.ints[:] = [{0: 1, 1: 0}.get(value, value) for value in features.ints]
elif fault == "swapped-classes":
    classes = attribute("classlabels_int64s", "classlabels_ints")
    classes.ints[:] = list(classes.ints)[::-1]
elif fault == "no-scaling":
    scale = attribute("scale")
    scale.floats[:] = [1] * len(scale.floats)
elif fault == "fixed-batch":
    for tensor in [*graph.input, *graph.output]:
        tensor.type.tensor_type.shape.dim[0].dim_value = 1
elif fault == "other-weights":
    tensor = weights()
    change(tensor, numpy_helper.to_array(tensor)[..., ::-1])
elif fault == "no-input":
    graph.input[0].name, old = "other", graph.input[0].name
    for node in graph.node:
        node.input[:] = ["other" if name == old else name for name in node.input]
else:
    raise ValueError(fault)
onnx.save(model, path)
