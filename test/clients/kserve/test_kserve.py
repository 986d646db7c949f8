import numpy as np
import pytest
from kserve import InferInput, InferRequest, RESTConfig
from kserve.inference_client import InferenceRESTClient

A = np.arange(16, dtype=np.int32).reshape(1, 16)


@pytest.fixture
def client():
    return InferenceRESTClient(RESTConfig(protocol="v2", verbose=False))


async def test_health(client, url):
    base = f"http://{url}"
    assert await client.is_server_live(base)
    assert await client.is_server_ready(base)
    assert await client.is_model_ready(base, "simple")


@pytest.mark.parametrize("binary", [True, False])
async def test_infer(client, url, binary):
    inputs = []
    for name in ("INPUT0", "INPUT1"):
        tensor = InferInput(name, list(A.shape), "INT32")
        tensor.set_data_from_numpy(A, binary_data=binary)
        inputs.append(tensor)
    request = InferRequest(model_name="simple", infer_inputs=inputs, request_id="7")
    answer = await client.infer(f"http://{url}", request, model_name="simple")
    assert answer.id == "7"
    np.testing.assert_array_equal(answer.outputs[0].as_numpy(), A + A)
