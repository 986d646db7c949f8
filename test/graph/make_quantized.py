"""Writes quantized.json: small weights, and what onnxruntime.quantization makes of them: python make_quantized.py

Needs onnxruntime==1.32.0, onnx and onnx_ir, on x86: elsewhere a compiler may join a product and a sum, which rounds otherwise.
"""
import base64
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto
from onnxruntime.quantization import QuantFormat
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, DefaultWeightOnlyQuantizer
from onnxruntime.quantization.quant_utils import quantize_data

random = np.random.default_rng(9)


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def weights(rows, columns):
    """Of the usual kind, with a column of zeros, one without negatives, one of ties, one of very small numbers, and an outlier."""
    values = random.standard_normal((rows, columns)).astype(np.float32) * np.float32(0.05)
    values[:, 0] = 0
    values[: rows // 2, 0] = -0.0
    values[:, 1] = np.abs(values[:, 1])
    values[:, 2] = random.integers(-15, 16, rows) / 2
    values[:, 3] *= np.float32(1e-38)
    values[rows // 2, 4] = 40
    return values


def blocks(values, bits, symmetric):
    config = DefaultWeightOnlyQuantConfig(block_size=32, is_symmetric=symmetric, bits=bits, quant_format=QuantFormat.QOperator)
    packed, scales, zero_points = DefaultWeightOnlyQuantizer(config).qbits_block_quant(values)
    answer = {"values": text(packed), "scales": text(scales)}
    return {"bits": bits, "isSymmetric": symmetric, **answer, **({} if symmetric else {"zeroPoints": text(zero_points)})}


def columns(values, reduced):
    each = [quantize_data(column, TensorProto.INT8, True, reduce_range=reduced) for column in values.T]
    return {
        "isReduced": reduced,
        "values": text(np.stack([data for _, _, data in each], axis=1)),
        "scales": text(np.array([scale for _, scale, _ in each], np.float32)),
    }


cases = []
for rows in (1, 32, 33, 63, 65, 70, 96):
    values = weights(rows, 6)
    quantized = [blocks(values, bits, symmetric) for bits in (4, 8) for symmetric in (True, False)]
    by_column = [columns(values, reduced) for reduced in (False, True)]
    case = {"rows": rows, "columns": 6, "weight": text(values), "halves": text(values.astype(np.float16))}
    cases.append({**case, "blocks": quantized, "byColumn": by_column})
Path(__file__).with_name("quantized.json").write_text(json.dumps(cases, indent=2) + "\n")
