"""From labelled rows to a version that serves: fine-tuned by OpenAI's client, tried by a canary, explained, and taken back."""
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import ENDPOINT, HOSTS, OUTPUTS
from openai import APIStatusError, NotFoundError, OpenAI

MODELS = ["--models", f"s3://{OUTPUTS['ModelBucketName']}"]
ROW = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}


def tensorgate(*words):
    result = subprocess.run(["node", "cli/tensorgate.js", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.fixture(scope="module")
def client():
    key = tensorgate("keys", "create", "tuner", "--actions", "jobs,infer,read")
    base = f"http://{ENDPOINT.hostname}:{ENDPOINT.port}{urlsplit(OUTPUTS['ApiUrl']).path.rstrip('/')}/v1"
    # The emulator leaves bytes alone where an answer of any type is taken.
    headers = {"Host": HOSTS[0], "x-api-key": key, "Accept": "*/*"}
    yield OpenAI(base_url=base, api_key="none", default_headers=headers, max_retries=8)
    tensorgate("keys", "revoke", "tuner")


def learned(client, **asked):
    """A job, once it has ended well."""
    job = client.fine_tuning.jobs.create(**asked)
    deadline = time.monotonic() + 240
    while job.finished_at is None and time.monotonic() < deadline:
        time.sleep(1)
        job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.status == "succeeded", job
    return job


def ask(client, path, wanted=lambda answer: True, seconds=60):
    """An answer, once the function has seen what was just stored."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = client.post(path, cast_to=httpx.Response, body={"inputs": ROW}).json()
            if wanted(answer) or time.monotonic() > deadline:
                return answer
        except NotFoundError:
            assert time.monotonic() < deadline
        time.sleep(0.5)


def test_labelled_rows_become_a_version_that_is_tried_explained_and_taken_back(client):
    rows = client.files.create(file=Path("../shared/testdata/data/iris.csv"), purpose="fine-tune")
    assert rows.purpose == "fine-tune"

    def method(epochs):
        return {"type": "supervised", "supervised": {"target": "species", "hyperparameters": {"n_epochs": epochs}}}

    first = learned(client, model="new:logistic", training_file=rows.id, suffix="irises", method=method(40))
    assert first.fine_tuned_model == "irises@1"
    tensorgate("promote", "irises@1", *MODELS)
    # The suffix that the model has: the next version of it.
    second = learned(client, model="irises@1", training_file=rows.id, suffix="irises", seed=2, method=method(2))
    assert second.fine_tuned_model == "irises@2"
    assert client.fine_tuning.jobs.list_events(second.id).data[-1].message.startswith("Created fine-tuning job")

    # Nobody gets it by itself.
    assert {ask(client, "/predict/irises")["version"] for _ in range(5)} == {"1"}
    tensorgate("canary", "irises@2", "--percent", "50", *MODELS)
    seen = set()
    ask(client, "/predict/irises", lambda answer: seen.add(answer["version"]) or seen == {"1", "2"})
    assert seen == {"1", "2"}

    why = ask(client, f"/explain/{second.fine_tuned_model}")
    assert (why["model"], why["version"], why["method"]) == ("irises", "2", "kernel-shap")
    assert [feature["feature"] for feature in why["features"]] == list(ROW)
    assert why["completeness"]["gap"] < 1e-6

    tensorgate("rollback", "irises", *MODELS)
    time.sleep(3)
    assert {ask(client, "/predict/irises")["version"] for _ in range(10)} == {"1"}


def test_a_job_of_others_and_a_language_model_are_refused(client):
    with pytest.raises(NotFoundError, match="there is no job"):
        client.fine_tuning.jobs.retrieve("job_000000000000000000000000")
    with pytest.raises(APIStatusError, match="is a language model"):
        client.fine_tuning.jobs.create(model="tinystories-260k", training_file="file-none")
