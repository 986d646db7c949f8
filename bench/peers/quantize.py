"""Quantizes a model of texts with ONNX Runtime's own tools, each in the ways that lose least: MODEL SAMPLES OUT. Samples are JSON, a list of ids for each."""

import json
import sys
from pathlib import Path

import numpy
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer


class Texts(CalibrationDataReader):
    """All of one length: of several, static quantization does not take them."""

    def __init__(self, texts):
        length = max(len(ids) for ids in texts)
        self.feeds = iter([self.feed(ids, length) for ids in texts])

    def feed(self, ids, length):
        row = lambda values: numpy.array([values + [0] * (length - len(values))], numpy.int64)  # noqa: E731
        return {"input_ids": row(ids), "attention_mask": row([1] * len(ids)), "token_type_ids": row([0])}

    def get_next(self):
        return next(self.feeds, None)


def main() -> None:
    model, samples, out = sys.argv[1:]
    texts = json.loads(Path(samples).read_text())
    folder = Path(out)
    graph = onnx.load(model).graph
    weights = {tensor.name for tensor in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMul"]
    by_weights = [node.name for node in products if node.input[1] in weights]
    for reduced in [False, True]:
        width = "-w7" if reduced else ""
        quantize_dynamic(
            model, folder / f"dynamic int8 per channel{width}.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=reduced
        )
        quantize_static(
            model,
            folder / f"static int8 of weight MatMuls{width}.onnx",
            Texts(texts),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["MatMul"],
            nodes_to_quantize=by_weights,
            per_channel=True,
            reduce_range=reduced,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            # Without it, what products give is quantized too, and accuracy lost.
            extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul"]},
        )
    quantizer = MatMulNBitsQuantizer(onnx.load(model), bits=8, block_size=32, is_symmetric=True, accuracy_level=4)
    quantizer.process()
    quantizer.model.save_model_to_file(str(folder / "MatMulNBits int8.onnx"))


main()
