"""Files dropped in the data bucket get their results, by the deployed state machine.

The emulator runs the state machine as it is deployed, the map and its file of shards included; it does not put version ids
into its events, so which version a job takes is tested in test/functions.
"""
import json
import os
import time
from pathlib import Path

import boto3
import pytest
from conftest import OUTPUTS
from openai import OpenAI

DATA = Path("../shared/testdata/data")
SAMPLE = (DATA / "banking77-sample.jsonl").read_bytes()
ROWS = [json.loads(line) for line in SAMPLE.splitlines()]


@pytest.fixture(scope="module")
def data():
    return boto3.resource("s3").Bucket(OUTPUTS["DataBucketName"])


def batch_machine():
    machines = boto3.client("stepfunctions").list_state_machines()["stateMachines"]
    [arn] = [each["stateMachineArn"] for each in machines if "Batch" in each["name"]]
    return arn


@pytest.fixture(scope="module")
def machine():
    return batch_machine()


@pytest.fixture(scope="module", autouse=True)
def announced(data):
    """A queue that hears of every job that ends."""
    queue = boto3.resource("sqs").create_queue(QueueName="announced")
    rule = {"source": ["tensorgate"]}
    boto3.client("events").put_rule(Name="announced", EventPattern=json.dumps(rule))
    boto3.client("events").put_targets(Rule="announced", Targets=[{"Id": "queue", "Arn": queue.attributes["QueueArn"]}])
    yield queue
    boto3.client("events").remove_targets(Rule="announced", Ids=["queue"])
    boto3.client("events").delete_rule(Name="announced")
    queue.delete()


def report_of(data, key, seconds=90):
    """The report of the only job of a file, and the folder that it lies in."""
    deadline = time.monotonic() + seconds
    prefix = f"out/{key}/"
    while time.monotonic() < deadline:
        found = [each.key for each in data.objects.filter(Prefix=prefix) if each.key.endswith("/report.json")]
        if found:
            assert len(found) == 1
            return json.loads(data.Object(found[0]).get()["Body"].read()), found[0].removesuffix("report.json")
        time.sleep(0.5)
    executions = boto3.client("stepfunctions")
    arn = batch_machine()
    states = [executions.describe_execution(executionArn=each["executionArn"]) for each in executions.list_executions(stateMachineArn=arn)["executions"]]
    pytest.fail(f"no report under {prefix}: {states}")


def lines(data, folder, report):
    text = "".join(data.Object(folder + part["file"]).get()["Body"].read().decode() for part in report["parts"])
    return [json.loads(line) for line in text.splitlines()]


def put(data, key, content):
    data.put_object(Key=f"in/{key}", Body=content)


def started(machine, at_least, seconds=30):
    client = boto3.client("stepfunctions")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        executions = client.list_executions(stateMachineArn=machine)["executions"]
        if len(executions) >= at_least and all(each["status"] != "RUNNING" for each in executions):
            return executions
        time.sleep(0.5)
    pytest.fail(f"executions: {executions}")


def test_each_record_has_its_known_answer_and_the_end_is_announced(data, announced):
    put(data, "banking77-tfidf/a b+c/fragen-ü 問.jsonl", SAMPLE)
    report, folder = report_of(data, "banking77-tfidf/a b+c/fragen-ü 問.jsonl")
    assert (report["status"], report["records"], report["answered"], report["failed"]) == ("completed", 206, 206, 0)
    answers = lines(data, folder, report)
    assert [(answer["id"], answer["prediction"][0]["label"]) for answer in answers] == [(row["id"], row["tfidf_answer"]) for row in ROWS]
    [message] = announced.receive_messages(WaitTimeSeconds=10)
    event = json.loads(message.body)
    assert event["detail-type"] == "Batch Job Completed"
    assert event["detail"]["report"] == f"{folder}report.json" and event["detail"]["answered"] == 206
    left = [each.key for each in data.objects.filter(Prefix="work/")]
    assert left == []


def test_a_file_of_csv(data):
    content = (DATA / "banking77-test.csv").read_bytes()
    put(data, "banking77-tfidf@1/test.csv", content)
    report, folder = report_of(data, "banking77-tfidf@1/test.csv")
    assert (report["status"], report["answered"], report["failed"]) == ("completed", 3080, 0), report
    every_15th = [answer["prediction"][0]["label"] for answer in lines(data, folder, report)][::15]
    assert every_15th == [row["tfidf_answer"] for row in ROWS]


def test_pictures_by_a_manifest(data):
    cases = json.loads(Path("../shared/testdata/mobilenet-v2-int8/expected.json").read_text())["cases"]
    for case in cases:
        put(data, f"mobilenet-v2-int8/_pictures/{case['file']}", Path("../shared/testdata/images", case["file"]).read_bytes())
    put(data, "mobilenet-v2-int8/all.manifest.json", json.dumps({"files": [f"_pictures/{case['file']}" for case in cases]}).encode())
    report, folder = report_of(data, "mobilenet-v2-int8/all.manifest.json")
    assert (report["status"], report["answered"]) == ("completed", len(cases)), report
    for case, answer in zip(cases, lines(data, folder, report)):
        assert answer["prediction"][0]["label"] == case["top5"][0]["label"], case["file"]


def test_the_same_event_twice_is_one_job(data, machine):
    before = {each["executionArn"] for each in boto3.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]}
    put(data, "banking77-tfidf/twice.jsonl", SAMPLE)
    report, folder = report_of(data, "banking77-tfidf/twice.jsonl")
    files = {each.key: each.last_modified for each in data.objects.filter(Prefix="out/banking77-tfidf/twice.jsonl/")}
    client = boto3.client("stepfunctions")
    [execution] = {each["executionArn"] for each in client.list_executions(stateMachineArn=machine)["executions"]} - before
    event = client.describe_execution(executionArn=execution)["input"]
    client.start_execution(stateMachineArn=machine, input=event)
    started(machine, len(before) + 2)
    assert {each.key: each.last_modified for each in data.objects.filter(Prefix="out/banking77-tfidf/twice.jsonl/")} == files


def test_poison_fails_alone(data):
    poisoned = SAMPLE.splitlines()
    poisoned[3] = b'{"id": "no text"}'
    poisoned[7] = b'{"id": "a number", "text": 5}'
    poisoned[11] = b"not JSON"
    put(data, "banking77-tfidf/poisoned.jsonl", b"\n".join(poisoned))
    report, folder = report_of(data, "banking77-tfidf/poisoned.jsonl")
    assert (report["status"], report["answered"], report["failed"]) == ("completed", 203, 3)
    errors = [json.loads(line) for line in data.Object(folder + "errors.jsonl").get()["Body"].read().splitlines()]
    assert [error["record"] for error in errors] == [3, 7, 11]
    assert "'text'" in errors[0]["error"] and errors[2]["input"] == "not JSON"
    expected = [row["tfidf_answer"] for place, row in enumerate(ROWS) if place not in (3, 7, 11)]
    assert [answer["prediction"][0]["label"] for answer in lines(data, folder, report)] == expected


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        ("banking77-tfidff/x.jsonl", SAMPLE, "there is no model 'banking77-tfidff'; did you mean 'banking77-tfidf'?"),
        ("banking77-tfidf@9/x.jsonl", SAMPLE, "version"),
        ("banking77-tfidf/empty.jsonl", b"", "has no records"),
        ("banking77-tfidf/x.docx", SAMPLE, "expected a name that ends in .jsonl"),
        ("no-model.jsonl", SAMPLE, "expected in/<model>/<file>"),
    ],
)
def test_what_cannot_work_is_refused_in_words(data, key, content, reason):
    put(data, key, content)
    report, _ = report_of(data, key)
    assert report["status"] == "failed" and reason in report["reason"]


def test_a_cancelled_job_stops(data, call):
    # Asked for before its shards begin: the plan of so many records takes a while.
    many = b"".join(b'{"id": %d, "text": "Where is my card %d?"}\n' % (number, number) for number in range(400_000))
    put(data, "banking77-tfidf/many.jsonl", many)
    deadline = time.monotonic() + 60
    jobs = []
    while not jobs and time.monotonic() < deadline:
        jobs = [json.loads(each.get()["Body"].read()) for each in data.objects.filter(Prefix="jobs/")]
        jobs = [job for job in jobs if job["input"]["key"] == "in/banking77-tfidf/many.jsonl"]
        time.sleep(0.2)
    key = {"x-api-key": os.environ["TENSORGATE_KEY"]}
    status, batch = call(f"/v1/batches/{jobs[0]['id']}/cancel", {}, **key)
    assert (status, batch["status"]) == (200, "cancelling")
    report, folder = report_of(data, "banking77-tfidf/many.jsonl")
    assert report["status"] == "cancelled" and report["answered"] < 400_000, report


def test_requests_are_a_job_too(data):
    client = OpenAI(base_url=f"http://{os.environ['TENSORGATE_URL']}/v1", api_key="none", default_headers={"x-api-key": os.environ["TENSORGATE_KEY"]})

    def line(row):
        inputs = [{"name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [row["text"]]}]
        return json.dumps({"custom_id": row["id"], "method": "POST", "url": "/v2/models/banking77-tfidf/infer", "body": {"inputs": inputs}})

    text = "\n".join([*map(line, ROWS), line({**ROWS[0], "id": "no text", "text": 5})])
    file = client.files.create(file=("banking.jsonl", text.encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint="/v2/models/banking77-tfidf/infer", completion_window="24h")
    deadline = time.monotonic() + 60
    while batch.status not in ("completed", "failed") and time.monotonic() < deadline:
        time.sleep(0.5)
        batch = client.batches.retrieve(batch.id)
    assert (batch.status, batch.request_counts.completed, batch.request_counts.failed) == ("completed", 206, 1)
    answers = [json.loads(each) for each in client.files.content(batch.output_file_id).text.splitlines()]
    labels = [answer["response"]["body"]["outputs"][0]["data"][0] for answer in answers]
    assert [(answer["custom_id"], label) for answer, label in zip(answers, labels)] == [(row["id"], row["tfidf_answer"]) for row in ROWS]
    [error] = [json.loads(each) for each in client.files.content(batch.error_file_id).text.splitlines()]
    assert error["custom_id"] == "no text" and error["response"]["status_code"] == 400


def test_jobs_of_uploads_are_told_of_too(call):
    key = {"x-api-key": os.environ["TENSORGATE_KEY"]}
    status, page = call("/v1/batches?limit=100", **key)
    assert status == 200
    [csv] = [batch for batch in page["data"] if batch["endpoint"] == "/v2/models/banking77-tfidf/infer" and batch["request_counts"]["total"] == 3080]
    assert csv["status"] == "completed"
    assert {batch["status"] for batch in page["data"]} == {"completed", "failed", "cancelled"}


def test_nothing_was_left_for_whoever_runs_the_service():
    queues = boto3.client("sqs").list_queues()["QueueUrls"]
    dead = [url for url in queues if "DeadLetters" in url]
    # Of batch jobs, of jobs that make models, of preparation, and of denied calls on their way into the audit log.
    assert len(dead) == 4
    assert all("Messages" not in boto3.client("sqs").receive_message(QueueUrl=url) for url in dead)
