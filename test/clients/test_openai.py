"""OpenAI's own client works with files and batches."""
import base64
import json
import time

import numpy as np
import pytest
from openai import BadRequestError, NotFoundError, OpenAI, PermissionDeniedError


@pytest.fixture
def client(url):
    return OpenAI(base_url=f"http://{url}/v1", api_key="none", max_retries=0)


def item(custom_id, model="classifier", **more):
    body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [1, 2, 3]}]}
    return json.dumps({"custom_id": custom_id, "method": "POST", "url": f"/v2/models/{model}/infer", "body": body, **more}) + "\n"


def run(client, lines, endpoint="/v2/models/classifier/infer", **more):
    file = client.files.create(file=("requests.jsonl", "".join(lines).encode()), purpose="batch")
    assert file.filename == "requests.jsonl" and file.bytes == len("".join(lines))
    assert client.files.retrieve(file.id) == file
    batch = client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h", **more)
    deadline = time.monotonic() + 30
    while batch.status not in ("completed", "failed", "cancelled") and time.monotonic() < deadline:
        time.sleep(0.1)
        batch = client.batches.retrieve(batch.id)
    return batch


def content(client, file):
    return [json.loads(line) for line in client.files.content(file).text.splitlines()]


def test_answers_come_in_order_and_refusals_apart(client):
    batch = run(client, [item("a"), item("b", body={}), item("c", model="nope"), item("d")], metadata={"k": "v"})
    assert batch.status == "completed" and batch.metadata == {"k": "v"}
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (4, 2, 2)
    answers = content(client, batch.output_file_id)
    assert [(answer["custom_id"], answer["response"]["status_code"]) for answer in answers] == [("a", 200), ("d", 200)]
    assert answers[0]["response"]["body"]["model_name"] == "classifier"
    errors = content(client, batch.error_file_id)
    assert errors[0]["response"]["status_code"] == 400 and "'inputs'" in errors[0]["response"]["body"]["error"]["message"]
    assert "field 'url': expected the batch's endpoint" in errors[1]["error"]["message"]


def test_a_custom_id_of_two_requests_fails_the_batch(client):
    batch = run(client, [item("a"), item("b"), item("a")])
    assert batch.status == "failed" and "the same custom_id" in batch.errors.data[0].message


def test_lists_and_cancels(client):
    ids = [run(client, [item("a")]).id for _ in range(2)]
    listed = [batch.id for batch in client.batches.list(limit=1)]
    assert [id for id in listed if id in ids] == ids[::-1]
    file = client.files.create(file=("requests.jsonl", "".join(item(str(place)) for place in range(20_000)).encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint="/v2/models/classifier/infer", completion_window="24h")
    assert client.batches.cancel(batch.id).status in ("cancelling", "cancelled")
    deadline = time.monotonic() + 30
    while batch.status != "cancelled" and time.monotonic() < deadline:
        time.sleep(0.1)
        batch = client.batches.retrieve(batch.id)
    assert batch.status == "cancelled" and batch.request_counts.completed < 20_000


def test_lists_and_deletes_files(client):
    batch = run(client, [item("a"), item("b", model="nope")])
    made = {batch.output_file_id, batch.error_file_id}
    later = client.files.create(file=b"x", purpose="batch").id
    newest = [file.id for file in client.files.list(limit=1)]
    assert {batch.input_file_id, later, *made} <= set(newest)
    assert [file.id for file in client.files.list(order="asc", limit=2)] == newest[::-1]
    assert made <= {file.id for file in client.files.list(purpose="batch_output")}
    with pytest.raises(PermissionDeniedError, match="was not uploaded"):
        client.files.delete(batch.output_file_id)
    for file in client.files.list(purpose="batch", limit=1):
        assert client.files.delete(file.id).deleted
    assert list(client.files.list(purpose="batch")) == []
    with pytest.raises(NotFoundError, match="there is no file"):
        client.files.retrieve(later)


def test_errors_are_told_as_openai_tells_them(client):
    with pytest.raises(NotFoundError, match="there is no batch 'batch_x'"):
        client.batches.retrieve("batch_x")
    with pytest.raises(NotFoundError, match="there is no batch 'batch_x'"):
        client.batches.list(after="batch_x")
    with pytest.raises(NotFoundError, match="there is no file"):
        client.files.content("file-x")
    with pytest.raises(NotFoundError) as nothing:
        client.vector_stores.list()
    assert nothing.value.body["message"].startswith("there is nothing at /v1/vector_stores")
    with pytest.raises(BadRequestError, match="expected \"batch\" or \"fine-tune\", got \"vision\""):
        client.files.create(file=b"x", purpose="vision")


def test_a_batch_of_embeddings(client):
    requests = [("a", "up"), ("b", "left"), ("c", 7)]
    lines = [
        json.dumps({"custom_id": name, "method": "POST", "url": "/v1/embeddings", "body": {"model": "words", "input": text}}) + "\n"
        for name, text in requests
    ]
    batch = run(client, lines, endpoint="/v1/embeddings")
    assert (batch.request_counts.completed, batch.request_counts.failed) == (2, 1)
    vectors = [answer["response"]["body"]["data"][0]["embedding"] for answer in content(client, batch.output_file_id)]
    assert vectors == [pytest.approx([0, 1]), pytest.approx([-1, 0])]
    (failed,) = content(client, batch.error_file_id)
    assert "field 'input'" in failed["response"]["body"]["error"]["message"]


# The client asks for base64 where nobody says, and makes numbers of it.
@pytest.mark.parametrize("asked", [{}, {"encoding_format": "float"}, {"encoding_format": "base64"}])
def test_embeddings(client, asked):
    answer = client.embeddings.create(model="words", input=["left", "up up", "left up"], **asked)
    assert [item.index for item in answer.data] == [0, 1, 2]
    for item, expected in zip(answer.data, [[-1, 0], [0, 1], [-0.6, 0.8]], strict=True):
        vector = item.embedding
        if isinstance(vector, str):
            vector = np.frombuffer(base64.b64decode(vector), np.float32)
        assert vector == pytest.approx(expected, abs=1e-6)
    assert (answer.model, answer.usage.prompt_tokens, answer.usage.total_tokens) == ("words", 11, 11)
    (only,) = client.embeddings.create(model="words@1", input="up", dimensions=2).data
    assert only.embedding == pytest.approx([0, 1])
    for tokens in ([4, 4], [[4], [4]]):
        data = client.embeddings.create(model="words", input=tokens).data
        assert [item.embedding for item in data] == [pytest.approx([0, 1])] * (1 if tokens == [4, 4] else 2)


def test_texts_that_are_too_long_are_cut_where_that_is_asked_for(client):
    text = "up " * 9
    with pytest.raises(BadRequestError, match="the text has 11 tokens, more than the 5 that the model takes"):
        client.embeddings.create(model="words", input=text)
    (item,) = client.embeddings.create(model="words", input=text, extra_body={"truncate": True}).data
    assert item.truncated is True and item.embedding == pytest.approx([0, 1])


@pytest.mark.parametrize(
    "model, more, error, words",
    [
        ("nope", {}, NotFoundError, "no model 'nope'"),
        ("words@7", {}, NotFoundError, "no version or alias '7'"),
        ("classifier", {}, BadRequestError, "has no task: embeddings are of models with"),
        ("words", {"dimensions": 1}, BadRequestError, "vectors of 2 numbers"),
        ("words", {"input": []}, BadRequestError, "field 'input': expected a text, tokens, or a list of either, got \\[\\]"),
        ("words", {"input": ["a", 1.5]}, BadRequestError, "got 1.5"),
        ("words", {"input": [99]}, BadRequestError, "expected tokens of 0 to 4, got 99"),
        ("words", {"extra_body": {"colour": "red"}}, BadRequestError, "there is no field 'colour'"),
    ],
)
def test_what_embeddings_refuse(client, model, more, error, words):
    with pytest.raises(error, match=words):
        client.embeddings.create(**{"model": model, "input": "up", **more})


def test_models(client):
    names = [model.id for model in client.models.list()]
    assert "words" in names and "classifier" in names
    assert client.models.retrieve("words").object == "model"
    with pytest.raises(NotFoundError):
        client.models.retrieve("nope")
