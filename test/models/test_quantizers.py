"""What our passes write is what onnxruntime.quantization writes: bytes of every tensor, and nodes. On x86, where that computes as it does here."""
import json
import subprocess
from pathlib import Path

import onnx
import pytest
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

DATA = Path("../shared/testdata")
MODELS = ["tinystories-260k", "magika", "mnist"]


def ours(tmp_path, model, name, **options):
    out = tmp_path / "ours.onnx"
    subprocess.run(["node", "test/models/quantize-model.ts", str(DATA / model / "model.onnx"), str(out), name, json.dumps(options)], check=True)
    found = onnx.load(out)
    onnx.checker.check_model(found)
    return found


def tensors(model):
    return {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def same(found, expected):
    """Whether all tensors are equal: as many bytes as there are."""
    found, wanted = tensors(found), tensors(expected)
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape), name
        assert found[name].tobytes() == array.tobytes(), name
    return sum(array.nbytes for array in wanted.values())


def described(model, kinds):
    attributes = lambda node: sorted(attribute.SerializeToString() for attribute in node.attribute)  # noqa: E731
    return [(n.op_type, n.domain, n.name, list(n.input), list(n.output), attributes(n)) for n in model.graph.node if n.op_type in kinds]


@pytest.mark.parametrize("accuracy_level", [0, 4])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("model", MODELS)
def test_matmul_n_bits(tmp_path, model, bits, symmetric, accuracy_level):
    quantizer = MatMulNBitsQuantizer(
        onnx.load(DATA / model / "model.onnx"), bits=bits, block_size=32, is_symmetric=symmetric, accuracy_level=accuracy_level
    )
    quantizer.process()
    expected = quantizer.model.model
    found = ours(tmp_path, model, "quantizeMatMuls", bits=bits, isSymmetric=symmetric, accuracyLevel=accuracy_level)
    assert same(found, expected) > 0
    kinds = ["MatMul", "MatMulNBits"]
    assert described(found, kinds) == described(expected, kinds)


@pytest.mark.parametrize("reduced", [False, True])
def test_dynamic(tmp_path, reduced):
    model = "tinystories-260k"
    path = tmp_path / "expected.onnx"
    quantize_dynamic(
        DATA / model / "model.onnx", path, ["MatMul"], per_channel=True, reduce_range=reduced, weight_type=QuantType.QInt8
    )
    expected = onnx.load(path)
    found = ours(tmp_path, model, "quantizeDynamically", isReduced=reduced)
    assert same(found, expected) > 0
    inputs = lambda model: sorted((n.op_type, *n.input[:2]) for n in model.graph.node if n.op_type in ["MatMulInteger", "DynamicQuantizeLinear"])  # noqa: E731
    assert inputs(found) == inputs(expected)
