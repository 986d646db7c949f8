"""OpenAI's own client has models learn: a job, its events, the model that comes of it."""
import json
import time

import httpx
import pytest
from openai import BadRequestError, ConflictError, NotFoundError, OpenAI

HOW = {"n_epochs": 30, "learning_rate_multiplier": 30}


@pytest.fixture
def client(url):
    return OpenAI(base_url=f"http://{url}/v1", api_key="none", max_retries=0)


def chats(count):
    rows = [(["left", "up"][place % 2], ["west", "north"][place % 2], place) for place in range(count)]
    lines = [{"messages": [{"role": "user", "content": f"{word} n{place}"}, {"role": "assistant", "content": label}]} for word, label, place in rows]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def ended(client, job):
    deadline = time.monotonic() + 120
    while job.status in ("validating_files", "queued", "running") and time.monotonic() < deadline:
        time.sleep(0.2)
        job = client.fine_tuning.jobs.retrieve(job.id)
    return job


def predict(client, model, text):
    """The label of a text, once the server has seen the model that was just stored."""
    deadline = time.monotonic() + 30
    while True:
        try:
            answer = client.post(f"/predict/{model}", cast_to=httpx.Response, body={"inputs": [text]}).json()
            return answer["predictions"][0][0]["label"]
        except NotFoundError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_classifier_learns_from_conversations_and_answers(client):
    # The client gives what is no file on a disk no name that says what it is.
    file = client.files.create(file=chats(40), purpose="fine-tune")
    assert file.purpose == "fine-tune" and file.status == "processed"
    check = client.files.create(file=("check.jsonl", chats(10)), purpose="fine-tune")
    method = {"type": "supervised", "supervised": {"hyperparameters": HOW}}
    job = client.fine_tuning.jobs.create(
        model="encoder", training_file=file.id, validation_file=check.id, suffix="ways", seed=7, method=method, metadata={"team": "maps"}
    )
    assert (job.object, job.model, job.fine_tuned_model, job.seed) == ("fine_tuning.job", "encoder", None, 7)
    assert (job.training_file, job.validation_file, job.metadata) == (file.id, check.id, {"team": "maps"})
    assert job.hyperparameters.n_epochs == 30 and job.hyperparameters.batch_size == "auto"
    assert job.method.supervised.hyperparameters.learning_rate_multiplier == 30
    job = ended(client, job)
    assert job.status == "succeeded" and job.error is None, job
    assert job.fine_tuned_model == "encoder-ways@1" and job.finished_at >= job.created_at

    # The client asks for part after part.
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=3))
    assert [event.message for event in events[-2:]] == ["Fine-tuning job started", f"Created fine-tuning job: {job.id}"]
    assert "encoder-ways@1" in events[0].message and len({event.id for event in events}) == len(events) > 6
    assert [event.message for event in events if event.message.startswith("pass 1 of 30 at most: loss ")]
    [checkpoint] = client.fine_tuning.jobs.checkpoints.list(job.id)
    assert (checkpoint.object, checkpoint.fine_tuned_model_checkpoint) == ("fine_tuning.job.checkpoint", "encoder-ways@1")
    assert checkpoint.step_number == checkpoint.metrics.step > 0 and checkpoint.fine_tuning_job_id == job.id
    assert 0 < checkpoint.metrics.train_loss and 0 < checkpoint.metrics.full_valid_loss
    assert client.fine_tuning.jobs.list(metadata={"team": "maps"}).data[0].id == job.id
    assert client.fine_tuning.jobs.list(metadata={"team": "none"}).data == []
    assert client.files.list(purpose="fine-tune").data[0].id == check.id

    assert [predict(client, job.fine_tuned_model, text) for text in ("up n99", "left n99")] == ["north", "west"]
    assert client.models.retrieve(job.fine_tuned_model).id == job.fine_tuned_model


def test_what_fails_says_why_and_what_is_over_is_not_cancelled(client):
    file = client.files.create(file=("my rows.csv", b"a,b\n1,\n"), purpose="fine-tune")
    method = {"type": "supervised", "supervised": {"target": "b"}}
    job = ended(client, client.fine_tuning.jobs.create(model="encoder", training_file=file.id, suffix="none", method=method))
    assert job.status == "failed" and job.fine_tuned_model is None
    assert job.error.code == "job_failed" and job.error.message.startswith("my rows.csv: ")
    assert "row 1: no value of 'b'" in job.error.message
    assert client.fine_tuning.jobs.list_events(job.id, limit=1).data[0].level == "error"
    with pytest.raises(ConflictError, match="is over, and stays as it is: failed"):
        client.fine_tuning.jobs.cancel(job.id)


@pytest.mark.parametrize(
    "asked, error, words",
    [
        ({"model": "gpt-4o-mini"}, NotFoundError, "there is no model 'gpt-4o-mini'"),
        ({"model": "story"}, BadRequestError, "is a language model, and these are not fine-tuned here"),
        ({"model": "encoder@7"}, BadRequestError, "expected a version or an alias of the model 'encoder'"),
        ({"training_file": "file-none"}, BadRequestError, "there is no file"),
        ({"method": {"supervised": {"target": "nope"}}}, BadRequestError, "which has no 'nope'; it has 'messages'"),
        ({"suffix": "a b"}, BadRequestError, "field 'suffix'"),
        ({"hyperparameters": {"n_epochs": -1}}, BadRequestError, "field 'hyperparameters.n_epochs'"),
        ({"method": {"type": "dpo"}}, BadRequestError, "field 'method.type': expected \"supervised\""),
        ({"extra_body": {"colour": "red"}}, BadRequestError, "there is no field 'colour'"),
    ],
)
def test_what_is_refused(client, asked, error, words):
    file = client.files.create(file=("rows.jsonl", chats(10)), purpose="fine-tune").id
    with pytest.raises(error, match=words):
        client.fine_tuning.jobs.create(**{"model": "encoder", "training_file": file, **asked})


def test_rows_that_do_not_say_what_is_to_be_told_are_refused(client):
    file = client.files.create(file=("rows.csv", b"a,b\n1,2\n"), purpose="fine-tune").id
    with pytest.raises(BadRequestError, match="has none of the columns messages, label, completion") as refused:
        client.fine_tuning.jobs.create(model="encoder", training_file=file)
    assert refused.value.param == "method.supervised.target"


def test_jobs_that_there_are_not(client):
    for ask in (client.fine_tuning.jobs.retrieve, client.fine_tuning.jobs.cancel, client.fine_tuning.jobs.list_events):
        with pytest.raises(NotFoundError, match="there is no job 'ftjob-none'"):
            ask("ftjob-none")
