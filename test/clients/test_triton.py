import gzip
import http.client
import json
import urllib.request

import ml_dtypes
import numpy as np
import pytest
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from cases import ARRAYS, A, B, simple_inputs
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

@pytest.fixture
def client(url):
    with triton.InferenceServerClient(url) as each:
        yield each


def inputs_of(array, binary=True):
    tensor = triton.InferInput("x", list(array.shape), np_to_triton_dtype(array.dtype))
    tensor.set_data_from_numpy(array, binary_data=binary)
    return [tensor]


def test_health(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("simple") and client.is_model_ready("simple", "1")
    assert not client.is_model_ready("nope") and not client.is_model_ready("simple", "2")


def test_metadata(client):
    assert client.get_server_metadata()["name"] == "tensorgate"
    assert client.get_model_metadata("simple") == {
        "name": "simple", "versions": ["1"], "platform": "onnx_onnxv1",
        "inputs": [{"name": f"INPUT{i}", "datatype": "INT32", "shape": [-1, 16]} for i in (0, 1)],
        "outputs": [{"name": f"OUTPUT{i}", "datatype": "INT32", "shape": [-1, 16]} for i in (0, 1)],
        "parameters": {"batching": "on"},
    }


def test_config(client):
    config = client.get_model_config("simple")
    # Requests share runs of up to so many rows, which the dimensions are without, as Triton has it.
    assert (config["name"], config["max_batch_size"]) == ("simple", 64)
    assert config["input"][0] == {"name": "INPUT0", "data_type": "TYPE_INT32", "dims": [16]}


def test_statistics_count_truly(client):
    def stats():
        return client.get_inference_statistics("simple")["model_stats"][0]

    before = stats()
    client.infer("simple", simple_inputs(triton, np.repeat(A, 3, 0), np.repeat(B, 3, 0)))
    with pytest.raises(InferenceServerException):
        client.infer("simple", inputs_of(A))
    after = stats()
    assert after["inference_count"] - before["inference_count"] == 3
    assert after["execution_count"] - before["execution_count"] == 1
    grown = {k: after["inference_stats"][k]["count"] - v["count"] for k, v in before["inference_stats"].items()}
    assert grown == {"success": 1, "fail": 1, "queue": 1, "compute_input": 1, "compute_infer": 1, "compute_output": 1, "cache_hit": 0, "cache_miss": 0}
    assert after["inference_stats"]["compute_infer"]["ns"] > before["inference_stats"]["compute_infer"]["ns"]
    assert len(client.get_inference_statistics()["model_stats"]) > 10


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
@pytest.mark.parametrize("kind", ARRAYS)
def test_infer(client, kind, binary_in, binary_out):
    array = ARRAYS[kind]
    outputs = [triton.InferRequestedOutput("y", binary_data=binary_out)]
    if kind == "fp16" and not (binary_in and binary_out):
        with pytest.raises(InferenceServerException, match="binary data|not supported"):
            client.infer("identity_fp16", inputs_of(array, binary_in), outputs=outputs)
        return
    answer = client.infer(f"identity_{kind}", inputs_of(array, binary_in), outputs=outputs).as_numpy("y")
    if kind == "bytes":
        answer = np.array([[e.decode() if isinstance(e, bytes) else e for e in row] for row in answer], np.object_)
    np.testing.assert_array_equal(answer, array)


def test_bf16(client):
    tensor = triton.InferInput("x", [1, 2], "BF16")
    tensor.set_data_from_numpy(np.array([[1.5, -2.0]], ml_dtypes.bfloat16))
    answer = client.infer("identity_bf16", [tensor]).as_numpy("y")
    np.testing.assert_array_equal(answer.astype(np.float32), [[1.5, -2.0]])


def test_arbitrary_bytes(client):
    array = np.array([[b"\x00\xff\xfe", b"", bytes(range(256))]], np.object_)
    np.testing.assert_array_equal(client.infer("identity_bytes", inputs_of(array)).as_numpy("y"), array)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty(client, shape):
    assert client.infer("identity_fp32", inputs_of(np.zeros(shape, np.float32))).as_numpy("y").shape == shape


def test_all_outputs_by_default_and_id(client):
    answer = client.infer("simple", simple_inputs(triton, A, B), request_id="seven", model_version="1")
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), A + B)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1"), A - B)
    assert answer.get_response()["id"] == "seven"
    only = client.infer("simple", simple_inputs(triton, A, B), outputs=[triton.InferRequestedOutput("OUTPUT1")])
    assert only.as_numpy("OUTPUT0") is None


@pytest.mark.parametrize("binary", [True, False])
def test_classification(client, binary):
    outputs = [triton.InferRequestedOutput("y", binary_data=binary, class_count=2)]
    answer = client.infer("classifier", inputs_of(np.array([[0, 9, 1]], np.float32)), outputs=outputs).as_numpy("y")
    texts = [e.decode() if isinstance(e, bytes) else e for e in answer.flatten()]
    assert [t.split(":")[1:] for t in texts] == [["1", "middle"], ["2", "high"]]


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_compression(client, algorithm):
    array = np.zeros((1, 5000), np.float32)
    answer = client.infer("identity_fp32", inputs_of(array), request_compression_algorithm=algorithm, response_compression_algorithm=algorithm)
    np.testing.assert_array_equal(answer.as_numpy("y"), array)


def test_async_infer(url):
    with triton.InferenceServerClient(url, concurrency=8) as client:
        waiting = [client.async_infer("simple", simple_inputs(triton, A * i, B)) for i in range(32)]
        for i, each in enumerate(waiting):
            np.testing.assert_array_equal(each.get_result().as_numpy("OUTPUT0"), A * i + B)


def test_repository(client):
    assert {"name": "simple", "version": "1", "state": "READY", "reason": ""} in client.get_model_repository_index()
    client.unload_model("classifier")
    assert not client.is_model_ready("classifier") and client.is_server_ready() and client.is_model_ready("simple")
    with pytest.raises(InferenceServerException, match="unloaded"):
        client.infer("classifier", inputs_of(np.zeros((1, 3), np.float32)))
    client.load_model("classifier")
    assert client.is_model_ready("classifier")
    with pytest.raises(InferenceServerException, match="no model 'nope'"):
        client.load_model("nope")


def test_timeout(client):
    tensor = triton.InferInput("n", [], "INT64")
    tensor.set_data_from_numpy(np.array(10**12, np.int64))
    with pytest.raises(InferenceServerException, match="cancelled|deadline"):
        client.infer("slow", [tensor], timeout=200_000)


@pytest.mark.parametrize(
    "model, array, message",
    [
        ("nope", A, "there is no model 'nope'"),
        ("identity_fp32", A, "expected datatype FP32, got INT32"),
        ("classifier", np.zeros((1, 4), np.float32), r"expected shape \[-1,3\] .* got \[1,4\]"),
    ],
)
def test_errors(client, model, array, message):
    with pytest.raises(InferenceServerException, match=message):
        client.infer(model, inputs_of(array))


def test_raw_body(url):
    host, path = url.split("/", 1)
    connection = http.client.HTTPConnection(host)
    body = np.array([1, 2, 3], np.float32).tobytes()
    connection.request("POST", f"/{path}/v2/models/classifier/infer", body, {"Inference-Header-Content-Length": "0"})
    response = connection.getresponse()
    data = response.read()
    head = int(response.headers["Inference-Header-Content-Length"])
    assert json.loads(data[:head])["outputs"][0]["shape"] == [1, 3]
    assert np.frombuffer(data[head:], np.float32).argmax() == 2


def test_gzip_without_a_client(url):
    body = gzip.compress(json.dumps({"inputs": [{"name": "x", "datatype": "INT64", "shape": [1, 2], "data": [2**62 + 1, -(2**63)]}]}).encode())
    request = urllib.request.Request(f"http://{url}/v2/models/identity_int64/infer", body, {"content-encoding": "gzip"})
    assert json.load(urllib.request.urlopen(request))["outputs"][0]["data"] == [2**62 + 1, -(2**63)]


async def test_asyncio(url):
    client = triton_aio.InferenceServerClient(url)
    try:
        assert await client.is_server_ready() and await client.is_model_ready("simple")
        assert (await client.get_model_metadata("simple"))["name"] == "simple"
        answer = await client.infer("simple", simple_inputs(triton, A, B))
        np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), A + B)
        # It asks for gzip each time, and undoes it in answers to inferences alone.
        for answer in (await client.get_inference_statistics(), await client.get_model_repository_index()):
            assert len(json.dumps(answer)) > 1024
    finally:
        await client.close()


def test_items_of_a_task(client):
    """Texts in place of tensors, as the metadata of a model with a task says; what the model says of each is JSON."""
    assert client.get_model_metadata("words")["parameters"]["items"] == {"input": "text", "output": "prediction"}
    texts = triton.InferInput("text", [2, 1], "BYTES")
    for binary in (True, False):
        texts.set_data_from_numpy(np.array([["left"], ["up"]], np.object_), binary_data=binary)
        found = client.infer("words", [texts]).as_numpy("prediction")
        assert found.shape == (2, 1)
        assert [json.loads(each) for each in found.flat] == [pytest.approx([-1, 0]), pytest.approx([0, 1])]
    texts = triton.InferInput("text", [1], "BYTES")
    texts.set_data_from_numpy(np.array(["left " * 20], np.object_))
    with pytest.raises(InferenceServerException, match="the text has 22 tokens, more than the 5"):
        client.infer("words", [texts])
    assert client.infer("words", [texts], parameters={"truncate": True}).as_numpy("prediction").shape == (1,)
