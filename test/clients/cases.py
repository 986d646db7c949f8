"""Tensors that the clients send, over HTTP as over gRPC."""
import numpy as np

ARRAYS = {
    "bool": np.array([[True, False]]),
    **{f"uint{b}": np.array([[0, 1, 2**b - 1]], f"uint{b}") for b in (8, 16, 32, 64)},
    **{f"int{b}": np.array([[-(2 ** (b - 1)), -1, 2 ** (b - 1) - 1]], f"int{b}") for b in (8, 16, 32, 64)},
    "fp16": np.array([[1.5, -2.0, np.inf]], np.float16),
    "fp32": np.array([[0.1, -3.4e38, 1e-45]], np.float32),
    "fp64": np.array([[0.1, -1.7976931348623157e308, 5e-324]], np.float64),
    "bytes": np.array([["text", "ünï✓", ""]], np.object_),
}

A, B = np.arange(16, dtype=np.int32).reshape(1, 16), np.ones((1, 16), np.int32)


def simple_inputs(library, a, b):
    """The two inputs of the model `simple`, for tritonclient's HTTP or its gRPC."""
    tensors = [library.InferInput(f"INPUT{i}", list(v.shape), "INT32") for i, v in enumerate((a, b))]
    for tensor, value in zip(tensors, (a, b)):
        tensor.set_data_from_numpy(value)
    return tensors
