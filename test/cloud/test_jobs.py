"""Models that the deployment makes of others: asked for by a file, and at /v1/jobs, done by the deployed state machine."""
import json
import os
import subprocess
import time
from pathlib import Path

import boto3
import pytest
from conftest import OUTPUTS

MODEL = next(Path("../shared/testdata/magika").rglob("*.onnx"))
KEYS = ["node", "cli/tensorgate.js", "keys"]
# What is quicker depends on what else the machine does.
OPTIONS = {"only": ["fp16-storage"], "unverified": True, "latencyRatio": 0}


@pytest.fixture(scope="module")
def data():
    return boto3.resource("s3").Bucket(OUTPUTS["DataBucketName"])


@pytest.fixture(scope="module")
def announced():
    """A queue that hears of every job that ends."""
    queue = boto3.resource("sqs").create_queue(QueueName="announced-jobs")
    boto3.client("events").put_rule(Name="announced-jobs", EventPattern=json.dumps({"source": ["tensorgate"]}))
    target = {"Id": "queue", "Arn": queue.attributes["QueueArn"]}
    boto3.client("events").put_targets(Rule="announced-jobs", Targets=[target])
    yield queue
    boto3.client("events").remove_targets(Rule="announced-jobs", Ids=["queue"])
    boto3.client("events").delete_rule(Name="announced-jobs")
    queue.delete()


def ended(data, before=(), seconds=240):
    """The only job that there is beside those before, once it has ended, and its report."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for each in data.objects.filter(Prefix="model-runs/"):
            if each.key.endswith("/report.json") and each.key not in before:
                return each.key.split("/")[1], json.loads(each.get()["Body"].read())
        time.sleep(0.5)
    machines = boto3.client("stepfunctions")
    [arn] = [each["stateMachineArn"] for each in machines.list_state_machines()["stateMachines"] if "Jobs" in each["name"] and "Batch" not in each["name"]]
    states = [machines.describe_execution(executionArn=each["executionArn"]) for each in machines.list_executions(stateMachineArn=arn)["executions"]]
    pytest.fail(f"no job ended: {states}")


def test_a_file_under_incoming_makes_a_candidate_and_is_announced(data, bucket, announced):
    data.upload_file(str(MODEL), "incoming/lab/magika.onnx")
    asked = {"kind": "optimize", "model": "lean", "source": {"files": {"model.onnx": "magika.onnx"}}, "options": OPTIONS}
    data.put_object(Key="incoming/lab/lean.job.json", Body=json.dumps(asked))
    job, report = ended(data)
    assert report["status"] == "completed", report
    assert report["versions"] == [{"model": "lean", "version": "1"}]
    stored = sorted(each.key for each in bucket.objects.filter(Prefix="lean/"))
    assert "lean/1/model.onnx" in stored and "lean/aliases.json" not in stored
    manifest = json.loads(bucket.Object("lean/1/manifest.json").get()["Body"].read())
    assert manifest["made"]["by"] == "optimize" and manifest["made"]["unverified"] is True
    messages = []
    deadline = time.monotonic() + 60
    while not messages and time.monotonic() < deadline:
        messages = announced.receive_messages(WaitTimeSeconds=2)
    event = json.loads(messages[0].body)
    assert event["detail-type"] == "Model Job Completed"
    assert event["detail"]["job"] == job and event["detail"]["versions"] == report["versions"]


@pytest.fixture
def maker():
    """Headers of a key that may have models made, and no more."""
    made = subprocess.run([*KEYS, "create", "maker", "--actions", "jobs"], check=True, capture_output=True, text=True)
    yield {"x-api-key": made.stdout.strip()}
    subprocess.run([*KEYS, "revoke", "maker"], check=True, capture_output=True)


def test_a_key_needs_the_action_and_sees_how_far_its_job_is(call, maker):
    plain = {"x-api-key": os.environ["TENSORGATE_KEY"]}
    asked = {"kind": "optimize", "model": "leaner", "source": "lean@1", "options": OPTIONS}
    status, refused = call("/v1/jobs", asked, **plain)
    assert status == 403 and "'jobs'" in refused["error"]["message"]

    status, job = call("/v1/jobs", asked, **maker)
    assert status == 200 and job["object"] == "model.job", job
    deadline = time.monotonic() + 240
    while job["finished_at"] is None and time.monotonic() < deadline:
        time.sleep(1)
        status, job = call(f"/v1/jobs/{job['id']}", **maker)
        assert status == 200, job
    # What fp16 storage has done it finds nothing more to do in.
    assert job["status"] in ("completed", "refused"), job
    assert call("/v1/jobs", **maker)[1]["data"][0]["id"] == job["id"]
    assert call(f"/v1/jobs/{job['id']}/events", **maker)[0] == 200


def test_a_training_by_several_workers_is_done_in_rounds_by_the_map(data, bucket):
    before = {each.key for each in data.objects.filter(Prefix="model-runs/")}
    rows = "\n".join(f"{at % 3 + at % 7 / 10},{at % 5},{'abc'[at % 3]}" for at in range(60))
    data.put_object(Key="incoming/kinds/rows.csv", Body=f"x,y,kind\n{rows}")
    recipe = {"epochs": 2, "batchRows": 8, "localSteps": 2, "hidden": [4], "learningRate": 0.05}
    data.put_object(Key="incoming/kinds/recipe.json", Body=json.dumps(recipe))
    options = {"data": "rows.csv", "recipe": "recipe.json", "target": "kind", "new": "mlp", "workers": 2}
    asked = {"kind": "train", "model": "kinds", "options": options}
    data.put_object(Key="incoming/kinds/kinds.job.json", Body=json.dumps(asked))
    job, report = ended(data, before)
    assert report["status"] == "completed", report
    assert report["versions"] == [{"model": "kinds", "version": "1"}]
    # 42 rows are 6 batches: two rounds in each of two passes, the second for the two that are left, and what comes after them.
    rounds = sorted(each.key.split("/", 2)[2] for each in data.objects.filter(Prefix=f"model-rounds/{job}/"))
    assert [key for key in rounds if key.startswith("rounds/")] == [f"rounds/{at:06}.checkpoint" for at in range(5)]
    assert [key for key in rounds if key.startswith("results/")] == [f"results/{at:06}/{worker}" for at in range(4) for worker in range(2)]
    manifest = json.loads(bucket.Object("kinds/1/manifest.json").get()["Body"].read())
    assert manifest["made"]["by"] == "train" and len(manifest["made"]["report"]["curve"]) == 2


def test_nothing_is_left_that_nobody_could_do():
    queues = boto3.client("sqs").list_queues().get("QueueUrls", [])
    [dead] = [url for url in queues if "JobsDeadLetters" in url]
    counted = boto3.client("sqs").get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "0"
