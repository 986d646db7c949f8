import grpc
import numpy as np
import pytest
from kserve import InferInput, InferRequest
from kserve.inference_client import InferenceGRPCClient

A, B = np.arange(16, dtype=np.int32).reshape(1, 16), np.ones((1, 16), np.int32)


@pytest.fixture
async def client(grpc_address):
    async with InferenceGRPCClient(grpc_address) as each:
        yield each


async def test_health(client):
    assert await client.is_server_live() and await client.is_server_ready()
    assert await client.is_model_ready("simple") and not await client.is_model_ready("nope")


def request(binary, **more):
    inputs = []
    for name, array in (("INPUT0", A), ("INPUT1", B)):
        tensor = InferInput(name, list(array.shape), "INT32")
        tensor.set_data_from_numpy(array, binary_data=binary)
        inputs.append(tensor)
    return InferRequest(model_name="simple", infer_inputs=inputs, request_id="7", **more)


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("parameters", [{}, {"binary_data_output": False}])
async def test_infer(client, binary, parameters):
    answer = await client.infer(request(binary, parameters=parameters))
    assert answer.id == "7" and answer.model_name == "simple"
    np.testing.assert_array_equal(answer.outputs[0].as_numpy(), A + B)
    np.testing.assert_array_equal(answer.outputs[1].as_numpy(), A - B)


async def test_errors(client):
    tensor = InferInput("INPUT0", [1, 16], "INT32")
    tensor.set_data_from_numpy(A)
    with pytest.raises(grpc.RpcError) as failure:
        await client.infer(InferRequest(model_name="simple", infer_inputs=[tensor]))
    assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "missing input: the model also takes 'INPUT1'" in failure.value.details()
