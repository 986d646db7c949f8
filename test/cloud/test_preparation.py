"""A version that is pushed gets its prepared form from the deployed function, and a new environment serves it in that form.

The emulator drops an event that finds the function busy, where Lambda tries again later: so the version is stored once more
until its form is there. Nor does it tell of deployments: the function is called as that rule would.
"""
import json
import math
import os
import time
import urllib.request

import boto3
import pytest
from botocore.config import Config
from conftest import OUTPUTS

KEY = {"x-api-key": os.environ["TENSORGATE_KEY"]}
SOURCE = "mobilenet-v2-int8"
functions = boto3.client("lambda", config=Config(read_timeout=280, retries={"total_max_attempts": 1}))


def name_of(part):
    [name] = [each["FunctionName"] for each in functions.list_functions()["Functions"] if part in each["FunctionName"]]
    return name


def prepare_all():
    payload = json.dumps({"source": "tensorgate.prepare-all"})
    deadline = time.monotonic() + 120
    while True:
        try:
            answer = functions.invoke(FunctionName=name_of("X64PreparationFunction"), Payload=payload)
            return answer.get("FunctionError"), answer["Payload"].read()
        except functions.exceptions.TooManyRequestsException:
            # It is still at what was pushed before.
            assert time.monotonic() < deadline
            time.sleep(1)


def form_of(bucket, version):
    """Names of the files of a version's whole form."""
    objects = list(bucket.objects.filter(Prefix=f"{version}/.prepared/"))
    files = {each.key.rsplit("/", 1)[1] for each in objects if each.size > 0}
    return files if "answer.json" in files else set()


def asked():
    with urllib.request.urlopen(f"{os.environ['TENSORGATE_S3']}/_requests") as answer:
        return [line.split("?")[0] for line in json.load(answer)]


def infer(call, model):
    status, metadata = call(f"/v2/models/{model}", **KEY)
    assert status == 200, metadata
    [spec] = metadata["inputs"]
    shape = [max(1, size) for size in spec["shape"]]
    tensor = {"name": spec["name"], "datatype": spec["datatype"], "shape": shape, "data": [1] * math.prod(shape)}
    status, answer = call(f"/v2/models/{model}/infer", {"inputs": [tensor]}, **KEY)
    assert status == 200, answer
    return answer["outputs"]


def start_anew():
    """Ends the environments of the function that serves."""
    functions.update_function_configuration(FunctionName=name_of("DefaultFunction"), Description=str(time.time()))


@pytest.fixture(scope="module")
def prepared(bucket):
    deadline = time.monotonic() + 120
    while not form_of(bucket, "pushed/1"):
        assert time.monotonic() < deadline
        bucket.copy({"Bucket": bucket.name, "Key": f"{SOURCE}/1/model.onnx"}, "pushed/1/model.onnx")
        waited = time.monotonic() + 15
        while not form_of(bucket, "pushed/1") and time.monotonic() < waited:
            time.sleep(0.5)


def test_a_push_is_prepared_by_the_function(bucket, prepared):
    assert form_of(bucket, "pushed/1") == {"weights.bin", "model.onnx", "answer.json"}


def test_a_new_environment_serves_that_form(call, prepared):
    start_anew()
    # The emulator may go on with an environment that looked at the bucket before the push: its next look is due after 30 s.
    time.sleep(31)
    asked()
    outputs = infer(call, "pushed")
    of_model = [line for line in asked() if "/pushed/1/" in line]
    assert any("/.prepared/" in line and line.endswith("/weights.bin") for line in of_model)
    assert [line for line in of_model if line.endswith("/pushed/1/model.onnx")] == []
    expected = infer(call, SOURCE)
    for output, known in zip(outputs, expected):
        assert output["data"] == pytest.approx(known["data"], abs=1e-3)


def test_a_deployment_has_all_prepared_that_is_served(bucket, prepared):
    def prepare_and_list():
        error, payload = prepare_all()
        assert error is None, payload
        return {each.key: each.last_modified for each in bucket.objects.all()}

    before = prepare_and_list()
    newest = {key.split("/")[0]: key.split("/")[1] for key in sorted(before) if key.endswith("/model.onnx") and ".prepared" not in key}
    assert [model for model, version in newest.items() if not form_of(bucket, f"{model}/{version}")] == []
    assert prepare_and_list() == before
    # What comes after this asks for known answers from these forms.
    start_anew()
