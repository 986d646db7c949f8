import json
import queue

import ml_dtypes
import numpy as np
import pytest
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
from cases import ARRAYS, A, B, simple_inputs
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException, np_to_triton_dtype


@pytest.fixture
def client(grpc_address):
    with triton.InferenceServerClient(grpc_address) as each:
        yield each


def inputs_of(array):
    tensor = triton.InferInput("x", list(array.shape), np_to_triton_dtype(array.dtype))
    tensor.set_data_from_numpy(array)
    return [tensor]


def endless():
    tensor = triton.InferInput("n", [], "INT64")
    tensor.set_data_from_numpy(np.array(10**12, np.int64))
    return [tensor]


def test_health(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("simple") and client.is_model_ready("simple", "1")
    assert not client.is_model_ready("nope") and not client.is_model_ready("simple", "2")


def test_metadata(client):
    assert client.get_server_metadata().name == "tensorgate"
    metadata = client.get_model_metadata("simple", as_json=True)
    assert metadata == {
        "name": "simple", "versions": ["1"], "platform": "onnx_onnxv1",
        "inputs": [{"name": f"INPUT{i}", "datatype": "INT32", "shape": ["-1", "16"]} for i in (0, 1)],
        "outputs": [{"name": f"OUTPUT{i}", "datatype": "INT32", "shape": ["-1", "16"]} for i in (0, 1)],
    }


def test_config(client):
    config = client.get_model_config("simple").config
    assert (config.name, config.backend, config.max_batch_size) == ("simple", "onnxruntime", 64)
    assert [(each.name, each.data_type, list(each.dims)) for each in config.input] == [(f"INPUT{i}", 8, [16]) for i in (0, 1)]


@pytest.mark.parametrize("name", ARRAYS)
def test_identity(client, name):
    answer = client.infer(f"identity_{name}", inputs_of(ARRAYS[name]), request_id="7")
    assert answer.get_response().id == "7"
    array = answer.as_numpy("y")
    if name == "bytes":
        assert [[each.decode() for each in row] for row in array] == ARRAYS[name].tolist()
    else:
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_bf16(client):
    array = np.array([[1.5, -2.0]], ml_dtypes.bfloat16)
    answer = client.infer("identity_bf16", inputs_of(array))
    assert answer.get_response().raw_output_contents[0] == array.tobytes()


@pytest.mark.parametrize("name, field", [
    ("bool", "bool_contents"), ("int8", "int_contents"), ("int64", "int64_contents"), ("uint16", "uint_contents"),
    ("uint64", "uint64_contents"), ("fp32", "fp32_contents"), ("fp64", "fp64_contents"), ("bytes", "bytes_contents"),
])
def test_typed_contents(grpc_address, name, field):
    """As Triton's examples of explicit contents have it: typed contents in, raw ones out."""
    array = ARRAYS[name]
    values = [text.encode() for text in array.flat] if name == "bytes" else array.flatten().tolist()
    request = service_pb2.ModelInferRequest(model_name=f"identity_{name}")
    tensor = request.inputs.add(name="x", datatype=np_to_triton_dtype(array.dtype), shape=array.shape)
    getattr(tensor.contents, field).extend(values)
    with triton.service_pb2_grpc.grpc.insecure_channel(grpc_address) as channel:
        stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
        raw = stub.ModelInfer(request)
        np.testing.assert_array_equal(triton.InferResult(raw).as_numpy("y").astype(object).flatten(), np.array(values, object))
        request.parameters["binary_data_output"].bool_param = False
        typed = stub.ModelInfer(request)
    assert not typed.raw_output_contents
    assert list(getattr(typed.outputs[0].contents, field)) == list(getattr(tensor.contents, field))


def test_outputs_that_are_asked_for(client):
    answer = client.infer("simple", simple_inputs(triton, A, B), outputs=[triton.InferRequestedOutput("OUTPUT1")])
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1"), A - B)
    assert answer.as_numpy("OUTPUT0") is None


def test_classification(client):
    outputs = [triton.InferRequestedOutput("y", class_count=2)]
    answer = client.infer("classifier", inputs_of(np.array([[0, 9, 1]], np.float32)), outputs=outputs).as_numpy("y")
    assert [text.decode().split(":")[1:] for text in answer.flatten()] == [["1", "middle"], ["2", "high"]]


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_compression(client, algorithm):
    array = np.zeros((1, 5000), np.float32)
    answer = client.infer("identity_fp32", inputs_of(array), compression_algorithm=algorithm)
    np.testing.assert_array_equal(answer.as_numpy("y"), array)


def test_a_large_tensor(client):
    array = np.random.default_rng(0).standard_normal((1, 2_000_000), np.float32)
    np.testing.assert_array_equal(client.infer("identity_fp32", inputs_of(array)).as_numpy("y"), array)
    with pytest.raises(InferenceServerException, match="RESOURCE_EXHAUSTED.*larger than max"):
        client.infer("identity_fp32", inputs_of(np.zeros((1, 17_000_000), np.float32)))


def test_async_infer(client):
    answers = queue.Queue()
    for i in range(32):
        client.async_infer("simple", simple_inputs(triton, A * i, B), lambda result, error: answers.put((result, error)), request_id=str(i))
    for _ in range(32):
        result, error = answers.get(timeout=30)
        assert error is None
        np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), A * int(result.get_response().id) + B)


def test_repository(client):
    def index():
        return {each.name: each.state for each in client.get_model_repository_index().models}

    assert index()["simple"] == "READY"
    client.unload_model("classifier")
    assert not client.is_model_ready("classifier") and client.is_server_ready() and client.is_model_ready("simple")
    with pytest.raises(InferenceServerException, match="UNAVAILABLE.*unloaded"):
        client.infer("classifier", inputs_of(np.zeros((1, 3), np.float32)))
    client.load_model("classifier")
    assert client.is_model_ready("classifier")
    with pytest.raises(InferenceServerException, match="NOT_FOUND.*no model 'nope'"):
        client.load_model("nope")
    with pytest.raises(InferenceServerException, match="INVALID_ARGUMENT.*load takes no parameters"):
        client.load_model("classifier", config="{}")


def test_timeouts(client):
    with pytest.raises(InferenceServerException, match="DEADLINE_EXCEEDED.*parameter 'timeout'"):
        client.infer("slow", endless(), timeout=200_000)
    with pytest.raises(InferenceServerException, match="DEADLINE_EXCEEDED"):
        client.infer("slow", endless(), client_timeout=0.2)


def test_cancellation(client):
    answers = queue.Queue()
    call = client.async_infer("slow", endless(), lambda result, error: answers.put(error))
    call.cancel()
    assert "CANCELLED" in str(answers.get(timeout=30))


@pytest.mark.parametrize("model, array, message", [
    ("nope", A, "NOT_FOUND.*there is no model 'nope'"),
    ("identity_fp32", A, "INVALID_ARGUMENT.*expected datatype FP32, got INT32"),
    ("classifier", np.zeros((1, 4), np.float32), r"INVALID_ARGUMENT.*expected shape \[-1,3\] .* got \[1,4\]"),
])
def test_errors(client, model, array, message):
    with pytest.raises(InferenceServerException, match=message):
        client.infer(model, inputs_of(array))


@pytest.mark.parametrize("call", [
    lambda client: client.get_system_shared_memory_status(),
    lambda client: client.register_system_shared_memory("a", "/a", 1),
    lambda client: client.get_cuda_shared_memory_status(),
    lambda client: client.get_trace_settings(),
    lambda client: client.update_log_settings({"log_info": True}),
])
def test_what_is_refused(client, call):
    with pytest.raises(InferenceServerException, match="UNIMPLEMENTED"):
        call(client)


def test_streaming(client):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for i in range(200):
        client.async_stream_infer("nope" if i == 100 else "simple", simple_inputs(triton, A * i, B), request_id=str(i))
    for i in range(200):
        result, error = answers.get(timeout=30)
        if i == 100:
            assert "there is no model 'nope'" in str(error)
            continue
        assert error is None and result.get_response().id == str(i)
        assert result.get_response().parameters["triton_final_response"].bool_param
        np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), A * i + B)
    client.stop_stream()


def test_streaming_cancelled(client):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put(error))
    client.async_stream_infer("slow", endless())
    client.stop_stream(cancel_requests=True)
    assert "CANCELLED" in str(answers.get(timeout=30))


def test_statistics_around_a_load(client):
    """What perf_analyzer does: metadata, configuration and statistics around inferences; they must add up."""
    def stats():
        return client.get_inference_statistics("simple").model_stats[0]

    assert client.get_model_metadata("simple").name == client.get_model_config("simple").config.name
    before = stats()
    for _ in range(50):
        client.infer("simple", simple_inputs(triton, np.repeat(A, 3, 0), np.repeat(B, 3, 0)))
    for _ in range(2):
        with pytest.raises(InferenceServerException):
            client.infer("simple", inputs_of(A))
    after = stats()
    assert after.inference_count - before.inference_count == 150
    assert after.execution_count - before.execution_count == 50
    assert after.last_inference >= before.last_inference > 0
    spent = {}
    for name, count in {"success": 50, "fail": 2, "queue": 50, "compute_input": 50, "compute_infer": 50, "compute_output": 50}.items():
        was, now = (getattr(each.inference_stats, name) for each in (before, after))
        assert now.count - was.count == count
        spent[name] = now.ns - was.ns
    parts = sum(spent[name] for name in ("queue", "compute_input", "compute_infer", "compute_output"))
    assert 0 < parts <= spent["success"] * 1.001


async def test_asyncio(grpc_address):
    client = triton_aio.InferenceServerClient(grpc_address)
    try:
        assert await client.is_server_ready() and await client.is_model_ready("simple")
        assert (await client.get_model_metadata("simple")).name == "simple"
        answer = await client.infer("simple", simple_inputs(triton, A, B))
        np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), A + B)

        async def requests():
            for i in range(50):
                yield {"model_name": "simple", "inputs": simple_inputs(triton, A * i, B), "request_id": str(i)}

        seen = 0
        async for result, error in client.stream_infer(requests()):
            assert error is None and result.get_response().id == str(seen)
            np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), A * seen - B)
            seen += 1
        assert seen == 50
    finally:
        await client.close()


def test_items_of_a_task(client):
    texts = triton.InferInput("text", [2], "BYTES")
    texts.set_data_from_numpy(np.array(["left", "up"], np.object_))
    found = client.infer("words", [texts]).as_numpy("prediction")
    assert [json.loads(each) for each in found] == [pytest.approx([-1, 0]), pytest.approx([0, 1])]
