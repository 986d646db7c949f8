"""An ONNX model with one input and one output, as the peers run it."""

import numpy as np
import onnxruntime

dtypes = {"tensor(float)": np.float32, "tensor(int64)": np.int64}


class OnnxModel:
    def __init__(self, path: str, threads: int):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        (source,) = self._session.get_inputs()
        (target,) = self._session.get_outputs()
        self.input, self.output = source.name, target.name
        self.dtype = dtypes[source.type]
        # Of one row; what is free, tokens, is -1.
        self.input_shape, self.output_shape = row_shape(source.shape), row_shape(target.shape)

    def run(self, rows: np.ndarray) -> np.ndarray:
        return self._session.run([self.output], {self.input: rows})[0]


def row_shape(shape: list) -> tuple:
    return tuple(size if isinstance(size, int) else -1 for size in shape[1:])
