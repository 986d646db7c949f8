"""What a deployment keeps of its calls: usage that adds up to those that were made, and an audit log that is whole."""
import json
import subprocess
import time

import boto3
import pytest
from conftest import IRIS, OUTPUTS

MODELS = f"s3://{OUTPUTS['ModelBucketName']}"
NAME = "counted"
# Each environment of a function writes what was used this often.
USAGE_SECONDS = 10


def tensorgate(*words):
    result = subprocess.run(["node", "cli/tensorgate.js", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return result.returncode, result.stdout, result.stderr


@pytest.fixture(scope="module")
def headers():
    _, value, _ = tensorgate("keys", "create", NAME, "--models", "iris-*")
    yield {"x-api-key": value.strip()}
    tensorgate("keys", "revoke", NAME)


def test_usage_adds_up_to_the_calls_made(call, headers):
    made = 9
    for _ in range(made):
        assert call("/v2/models/iris-tensor/infer", IRIS, **headers)[0] == 200
    time.sleep(USAGE_SECONDS + 1)
    status, page = call("/v1/usage?group_by=api_key_id,model", **headers)
    assert status == 200
    [result] = [each for bucket in page["data"] for each in bucket["results"]]
    assert (result["api_key_id"], result["model"]) == (NAME, "iris-tensor")
    assert (result["num_model_requests"], result["num_items"]) == (made, made)
    _, out, _ = tensorgate("usage", "--models", MODELS, "--json", "--cost")
    [row] = [each for each in json.loads(out)["usage"] if each.get("caller") == NAME]
    assert (row["model"], row["requests"], row["failed"]) == ("iris-tensor", made, 0)
    assert row["gbSeconds"] > 0 and row["usd"] > 0


def test_the_audit_log_is_whole_and_has_what_was_denied(call, headers):
    # Which model it is about stands in its body, which the authorizer does not see.
    assert call("/v1/embeddings", {"model": "all-minilm-l6-v2-int8", "input": "x"}, **headers)[0] == 403
    _, out, _ = tensorgate("audit", "list", "--models", MODELS, "--who", NAME, "--json")
    [line] = [json.loads(text) for text in out.splitlines()]
    assert (line["kind"], line["status"], line["path"]) == ("denied", 403, "/v1/embeddings")
    assert headers["x-api-key"] not in json.dumps(line)
    code, out, err = tensorgate("audit", "verify", "--models", MODELS, "--json")
    assert code == 0, err
    report = json.loads(out)
    assert report["faults"] == []
    heads = [chain["head"] for chain in report["chains"]]
    assert len(heads) >= 2 and any(chain["chain"] == "changes" for chain in report["chains"])
    words = [word for head in heads for word in ("--expect", head)]
    assert tensorgate("audit", "verify", "--models", MODELS, *words)[0] == 0
    assert tensorgate("audit", "verify", "--models", MODELS, "--expect", "0" * 64)[0] == 1


def test_what_api_gateway_refuses_is_in_the_audit_log(call):
    # The emulator writes no access log, and knows of patterns only that each of their words is in a line; the line stands for one of API Gateway's.
    logs = boto3.client("logs")
    group = next(each["logGroupName"] for each in logs.describe_log_groups()["logGroups"] if "KeyApiAccessLog" in each["logGroupName"])
    logs.create_log_stream(logGroupName=group, logStreamName="refused")
    line = {"requestId": "refused-1", "apiKeyId": "-", "method": "POST", "path": "/api/v2/models/iris-tensor/infer", "status": "403", "refusal": "INVALID_API_KEY", "error": ".refusal .status 401 403 429"}
    logs.put_log_events(logGroupName=group, logStreamName="refused", logEvents=[{"timestamp": int(time.time() * 1000), "message": json.dumps(line)}])
    for _ in range(60):
        _, out, _ = tensorgate("audit", "list", "--models", MODELS, "--action", "denied", "--json")
        found = [each for each in map(json.loads, out.splitlines()) if each.get("requestId") == "refused-1"]
        if found:
            break
        time.sleep(1)
    [denied] = found
    assert (denied["by"], denied["status"], denied["model"]) == ("gateway", 403, "iris-tensor")
    assert tensorgate("audit", "verify", "--models", MODELS)[0] == 0
