"""The deployed stack: its outputs, its bucket with the real models in it, and how to call it with a key or a signature."""
import http.client
import json
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

OUTPUTS = json.loads(os.environ["TENSORGATE_OUTPUTS"])
HOSTS = json.loads(os.environ["TENSORGATE_HOSTS"])
ENDPOINT = urlsplit(os.environ["AWS_ENDPOINT_URL"])

IRIS = {"inputs": [{"name": "X", "datatype": "FP32", "shape": [1, 4], "data": [5.1, 3.5, 1.4, 0.2]}]}


def signed(path, body, session=None):
    """Headers of a request to SignedApiUrl, signed by a session's credentials; by default the environment's."""
    url = f"http://{HOSTS[1]}{urlsplit(OUTPUTS['SignedApiUrl']).path.rstrip('/')}{path}"
    request = AWSRequest("GET" if body is None else "POST", url, data=None if body is None else json.dumps(body), headers={"Content-Type": "application/json"})
    SigV4Auth((session or boto3.Session()).get_credentials(), "execute-api", "us-east-1").add_auth(request)
    return dict(request.headers)


@pytest.fixture(scope="session")
def bucket():
    return boto3.resource("s3").Bucket(OUTPUTS["ModelBucketName"])


@pytest.fixture(scope="session", autouse=True)
def pushed(bucket):
    """Every model of the folder, uploaded as `aws s3 sync` would."""
    folder = Path(os.environ["TENSORGATE_MODELS_FOLDER"])
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            bucket.upload_file(str(path), str(path.relative_to(folder)))
    # Each file starts a function that prepares forms, here a process each: those of the API, which start too, may wait
    # for a processor longer than they may take.
    until = time.monotonic() + 240
    while not has_answer() and time.monotonic() < until:
        time.sleep(1)


def has_answer():
    try:
        return ask("/v2/models", **{"x-api-key": os.environ["TENSORGATE_KEY"]})[0] != 500
    except TimeoutError:
        return False


@pytest.fixture
def call():
    """call(path, body, api, **headers) -> (status, body): straight to the emulator, with the API's own host."""
    return ask


def ask(path, body=None, api="ApiUrl", **headers):
    stage = urlsplit(OUTPUTS[api]).path.rstrip("/")
    connection = http.client.HTTPConnection(ENDPOINT.hostname, ENDPOINT.port, timeout=60)
    host = HOSTS[0] if api == "ApiUrl" else HOSTS[1]
    data = None if body is None else json.dumps(body)
    all_headers = {"Host": host, "Accept": "*/*", "Content-Type": "application/json", **headers}
    connection.request("GET" if body is None else "POST", stage + path, data, all_headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read() or "null")
