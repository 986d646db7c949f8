"""Keras (.keras) and TensorFlow's SavedModel as ONNX: python convert.py SOURCE OUT [--samples FILE]"""
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf2onnx

sys.path.append(str(Path(__file__).resolve().parents[1]))
from emit import Conversion, Refused, floats, main, read_samples  # noqa: E402

OPSET = 18
PACKAGES = ["tensorflow", "keras", "tf2onnx", "onnx"]


def convert(arguments):
    given = read_samples(arguments.samples)
    specs, call, kind = saved_model(arguments.source) if arguments.source.is_dir() else keras_model(arguments.source)
    ordered = list(specs)
    function = tf.function(lambda *tensors: call(dict(zip(ordered, tensors))), input_signature=list(specs.values()))
    onnx, _ = tf2onnx.convert.from_function(function, input_signature=list(specs.values()), opset=OPSET)
    rename(onnx, ordered)
    (arguments.out / "model.onnx").write_bytes(onnx.SerializeToString())
    outputs = [output.name for output in onnx.graph.output]
    samples = drawn(specs, arguments.seed) if given is None else [array_of(sample, specs) for sample in given]

    def answer(sample):
        found = call({name: tf.constant(value) for name, value in sample.items()})
        leaves = tf.nest.flatten(found)
        if len(leaves) != len(outputs):
            raise Refused(f"the model gives {len(leaves)} tensors, its ONNX form {len(outputs)} ({', '.join(outputs)})")
        return {name: leaf.numpy() for name, leaf in zip(outputs, leaves)}

    shapes = {name: tuple(spec.shape) for name, spec in specs.items()}
    return Conversion("tensorflow", kind, PACKAGES, shapes, samples, answer)


def keras_model(source):
    import keras

    try:
        # In its safe mode it refuses layers that are code.
        model = keras.models.load_model(source, compile=False, safe_mode=True)
    except (TypeError, ValueError) as error:
        raise Refused(f"Keras {keras.__version__} cannot load it: {str(error).strip().splitlines()[0]}") from error
    specs = {tensor.name: tf.TensorSpec(tensor.shape, tensor.dtype, tensor.name) for tensor in model.inputs}

    def call(tensors):
        values = list(tensors.values())
        return model(values[0] if len(values) == 1 else values, training=False)

    return specs, call, f"Keras {type(model).__name__}"


def saved_model(source):
    model = tf.saved_model.load(str(source))
    signature = model.signatures.get("serving_default")
    if signature is None:
        names = ", ".join(model.signatures) or "none"
        raise Refused(f"expected a SavedModel with the signature serving_default, got {names}: save it with signatures={{'serving_default': …}}")
    specs = dict(signature.structured_input_signature[1])
    # The signature hangs on the model, which would be let go of.
    return specs, lambda tensors, _kept=model: signature(**tensors), "SavedModel, serving_default"


def rename(onnx, names):
    """Inputs as the source calls them, not as the traced function does."""
    ours = {tensor.name: name for tensor, name in zip(onnx.graph.input, names)}
    for tensor in onnx.graph.input:
        tensor.name = ours[tensor.name]
    for node in onnx.graph.node:
        node.input[:] = [ours.get(name, name) for name in node.input]


def drawn(specs, seed):
    random = np.random.default_rng(seed)
    samples = []
    for rows in [1] * 12 + [2, 5]:
        sample = {}
        for name, spec in specs.items():
            if spec.dtype == tf.string:
                raise Refused(f"the model takes texts ('{name}'), of which none can be drawn: give --samples")
            # A free dimension beside the batch is as long as another: its sizes go with the rows.
            shape = [rows if axis == 0 and size is None else size or 4 + rows for axis, size in enumerate(spec.shape)]
            values = random.standard_normal(shape) if spec.dtype.is_floating else random.integers(0, 2, shape)
            sample[name] = values.astype(spec.dtype.as_numpy_dtype)
        samples.append(sample)
    return samples


def array_of(sample, specs):
    missing = [name for name in specs if name not in sample]
    if missing:
        raise Refused(f"samples: expected values for {', '.join(specs)}, got none for {', '.join(missing)}")
    made = {}
    for name, spec in specs.items():
        is_float = spec.dtype.is_floating
        values = floats(sample[name]) if is_float else np.asarray(sample[name])
        values = values.astype(object if spec.dtype == tf.string else spec.dtype.as_numpy_dtype)
        # One row becomes a batch of one.
        made[name] = values.reshape((1,) * (len(spec.shape) - values.ndim) + values.shape)
    return made


main(convert)
