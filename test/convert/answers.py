"""Writes what a framework answers to rows that no conversion has seen, as a request and the outputs that are to come of it."""
import json

import numpy as np

DATATYPES = {"float32": "FP32", "int64": "INT64", "object": "BYTES"}


def write(path, inputs, outputs):
    request = {
        "inputs": [
            {"name": name, "datatype": DATATYPES[str(value.dtype)], "shape": list(value.shape), "data": value.ravel().tolist()}
            for name, value in inputs.items()
        ]
    }
    expected = {name: np.asarray(value).ravel().tolist() for name, value in outputs.items()}
    path.with_suffix(".answers.json").write_text(json.dumps({"request": request, "expected": expected}))
