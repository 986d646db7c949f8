"""Who may call, how often, and what a push changes."""
import json
import os
import struct
import subprocess
import time
import urllib.request
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import boto3
import numpy as np
import pytest
import tritonclient.http as triton
from conftest import IRIS, OUTPUTS, signed

KEY = {"x-api-key": os.environ["TENSORGATE_KEY"]}


def test_a_key_is_needed(call):
    assert call("/v2/models")[0] == 401
    assert call("/v2/models", **{"x-api-key": "wrong"})[0] == 403
    status, body = call("/v2/models", **KEY)
    assert status == 200 and "iris-tensor" in body["models"]


def test_keys_are_made_listed_and_revoked(call):
    def keys(*words):
        return subprocess.run(["node", "cli/tensorgate.js", "keys", *words], check=True, stdout=subprocess.PIPE, text=True).stdout

    key = keys("create", "guest").strip()
    assert call("/v2/models", **{"x-api-key": key})[0] == 200
    assert [row["name"] for row in json.loads(keys("list", "--json"))] == ["Default", "guest"]
    assert key not in keys("list") and keys("show", "guest").strip() == key
    keys("revoke", "guest")
    assert call("/v2/models", **{"x-api-key": key})[0] == 403


def test_a_signature_is_needed(call):
    assert call("/v2/models/iris-tensor/infer", IRIS, api="SignedApiUrl")[0] == 403
    status, body = call("/v2/models/iris-tensor/infer", IRIS, api="SignedApiUrl", **signed("/v2/models/iris-tensor/infer", IRIS))
    assert status == 200 and body["model_version"] == "1"


def put(url, data):
    with urlopen(Request(url, data=data, method="PUT")) as answer:
        return answer.status


def test_large_tensors_pass_through_the_data_bucket(call):
    def infer(reference, **more):
        tensor = {"name": "X", "datatype": "FP32", "shape": [1, 4], "parameters": {"content_ref": reference}}
        return call("/v2/models/iris-tensor/infer", {"inputs": [tensor], **more}, **KEY)

    status, upload = call("/v2/uploads", {"bytes": 16}, **KEY)
    assert status == 200 and upload["content_ref"].startswith("uploads/") and upload["max_bytes"] == 16
    status, refused = infer(upload["content_ref"])
    assert status == 400 and "there is no upload" in refused["error"]
    assert put(upload["url"], struct.pack("<4f", 5.1, 3.5, 1.4, 0.2)) == 200

    status, by_reference = infer(upload["content_ref"])
    _, by_value = call("/v2/models/iris-tensor/infer", IRIS, **KEY)
    assert status == 200 and by_reference["outputs"] == by_value["outputs"]

    status, linked = infer(upload["content_ref"], parameters={"content_link_output": True})
    assert status == 200 and all("data" not in output for output in linked["outputs"])
    for output, expected in zip(linked["outputs"], by_value["outputs"]):
        with urlopen(output["parameters"]["content_url"]) as answer:
            content = answer.read()
        assert len(content) == output["parameters"]["content_bytes"]
        if output["datatype"] == "BYTES":
            assert content == b"".join(struct.pack("<I", len(each)) + each.encode() for each in expected["data"])
        else:
            assert output["datatype"] == "FP32"
            assert struct.unpack(f"<{len(expected['data'])}f", content) == pytest.approx(expected["data"])

    _, short = call("/v2/uploads", {}, **KEY)
    put(short["url"], bytes(12))
    status, refused = infer(short["content_ref"])
    assert status == 400 and "is 16 bytes, and the upload" in refused["error"] and refused["error"].endswith("has 12")


@pytest.mark.parametrize("reference", ["iris-tensor/1/model.onnx", "uploads/../results/x", "https://example.com/x", "s3://{ModelBucketName}/iris-tensor/1/model.onnx"])
def test_no_reference_leads_elsewhere(call, reference):
    tensor = {"name": "X", "datatype": "FP32", "shape": [1, 4], "parameters": {"content_ref": reference.format(**OUTPUTS)}}
    status, refused = call("/v2/models/iris-tensor/infer", {"inputs": [tensor]}, **KEY)
    assert status == 400 and "expected a content_ref of POST /v2/uploads" in refused["error"]


@pytest.mark.parametrize("names", [None, ["probabilities"]])
def test_tritonclient_gets_links(names):
    value = triton.InferInput("X", [1, 4], "FP32")
    value.set_data_from_numpy(np.array([[5.1, 3.5, 1.4, 0.2]], np.float32))
    outputs = names and [triton.InferRequestedOutput(name) for name in names]
    with triton.InferenceServerClient(os.environ["TENSORGATE_URL"]) as client:
        answer = client.infer("iris-tensor", [value], outputs=outputs, parameters={"content_link_output": True})
    with urlopen(answer.get_output("probabilities")["parameters"]["content_url"]) as content:
        assert np.frombuffer(content.read(), np.float32).sum() == pytest.approx(1)


def test_uploads_need_a_key(call):
    assert call("/v2/uploads", {})[0] == 401


def test_errors_are_in_words(call):
    status, body = call("/v2/models/nope/infer", IRIS, **KEY)
    assert status == 404 and "there is no model 'nope'" in body["error"]


def test_a_new_version_and_an_alias_take_effect(call, bucket):
    def version(path=""):
        return call(f"/v2/models/iris-tensor{path}/infer", IRIS, **KEY)[1].get("model_version")

    assert version() == "1"
    bucket.copy({"Bucket": bucket.name, "Key": "iris-tensor/1/model.onnx"}, "iris-tensor/2/model.onnx")
    bucket.put_object(Key="iris-tensor/aliases.json", Body=json.dumps({"before": 1}))
    deadline = time.monotonic() + 90
    while version() != "2" and time.monotonic() < deadline:
        time.sleep(2)
    assert version() == "2"
    assert version("/versions/before") == "1"


def test_warm_calls_get_nothing_from_the_bucket(call):
    def asked():
        with urllib.request.urlopen(f"{os.environ['TENSORGATE_S3']}/_requests") as answer:
            return json.load(answer)

    infer = "/v2/models/iris-tensor/infer"
    assert call(infer, IRIS, **KEY)[0] == 200
    assert any("/iris-tensor/" in request for request in asked())
    # The function that prepares what was pushed asks the bucket too.
    deadline = time.monotonic() + 120
    while any("/.access/" not in request for request in asked()) and time.monotonic() < deadline:
        time.sleep(5)
    for _ in range(20):
        assert call(infer, IRIS, **KEY)[0] == 200
    # The look at what is there, every 30 s, is a listing: of objects none is fetched.
    # Nor is any but the policies of keys, by the authorizer, once a minute.
    assert [request for request in asked() if "list-type=2" not in request and "/.access/" not in request] == []


def test_over_the_plan_is_429(call):
    statuses = [call("/v2/health/live", **KEY)[0] for _ in range(120)]
    assert 429 in statuses and 200 in statuses


@pytest.mark.parametrize("name", ["ModelBucketName", "DataBucketName"])
def test_buckets_are_closed(name):
    client = boto3.client("s3")
    assert all(client.get_public_access_block(Bucket=OUTPUTS[name])["PublicAccessBlockConfiguration"].values())
    assert client.get_bucket_versioning(Bucket=OUTPUTS[name])["Status"] == "Enabled"
    assert client.get_bucket_encryption(Bucket=OUTPUTS[name])["ServerSideEncryptionConfiguration"]["Rules"]
