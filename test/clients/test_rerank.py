"""Texts by how well they answer a query, asked for by Cohere's client, and in the shape of Text Embeddings Inference."""
import json
import math
import urllib.error
import urllib.request

import cohere
import pytest

QUERY = "left up"
TEXTS = ["down right", "up left", "left down"]


def part(logit):
    return pytest.approx(1 / (1 + math.exp(-logit)))


@pytest.fixture
def client(url):
    return cohere.Client(api_key="none", base_url=f"http://{url}")


@pytest.fixture
def ask(url):
    def post(body):
        request = urllib.request.Request(f"http://{url}/v1/rerank", json.dumps(body).encode(), {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    return post


def test_by_pairs(client):
    answer = client.rerank(model="pairs", query=QUERY, documents=TEXTS)
    assert [(result.index, result.relevance_score) for result in answer.results] == [(1, part(1)), (2, part(0)), (0, part(-1))]
    assert answer.id and answer.results[0].document is None
    best = client.rerank(model="pairs@1", query=QUERY, documents=[{"text": text} for text in TEXTS], top_n=1, return_documents=True)
    assert [(result.index, result.document.text) for result in best.results] == [(1, "up left")]


def test_by_vectors(client):
    answer = client.rerank(model="words", query="left", documents=["up", "left", "left up"])
    # The encoder's vectors have marks around the text, which are zeros: the mean's direction is that of the words alone.
    assert [result.index for result in answer.results] == [1, 2, 0]
    assert [result.relevance_score for result in answer.results] == pytest.approx([1, 0.6, 0], abs=1e-6)


def test_as_text_embeddings_inference(ask):
    body = {"model": "pairs", "query": QUERY, "texts": TEXTS, "return_text": True}
    assert ask(body) == (200, [{"index": i, "score": part(logit), "text": TEXTS[i]} for i, logit in [(1, 1), (2, 0), (0, -1)]])
    raw = {"model": "pairs", "query": QUERY, "texts": TEXTS, "raw_scores": True, "truncation_direction": "right"}
    assert ask(raw) == (200, [{"index": i, "score": score} for i, score in [(1, 1), (2, 0), (0, -1)]])


def test_what_is_too_long(ask):
    body = {"model": "pairs", "query": QUERY, "documents": ["up", "so " * 20]}
    status, answer = ask(body)
    assert (status, answer["error"]["message"][:50]) == (400, "documents.1: the text has 25 tokens, more than the")
    status, answer = ask({**body, "truncate": True})
    assert (status, [result.get("truncated") for result in answer["results"]]) == (200, [None, True])
    assert answer["usage"] == {"prompt_tokens": 6 + 12, "total_tokens": 18}


def test_empty_texts(ask):
    status, answer = ask({"model": "pairs", "query": "", "documents": [""]})
    assert (status, answer["results"]) == (200, [{"index": 0, "relevance_score": part(-1)}])


@pytest.mark.parametrize(
    "body, status, words",
    [
        ({"query": "a", "documents": ["b"]}, 400, "field 'model'"),
        ({"model": "pairs", "documents": ["b"]}, 400, "field 'query'"),
        ({"model": "pairs", "query": "a"}, 400, "field 'documents'"),
        ({"model": "pairs", "query": "a", "documents": [7]}, 400, "got 7"),
        ({"model": "pairs", "query": "a", "documents": ["b"] * 1001}, 413, "1000 texts at most"),
        ({"model": "pairs", "query": "a", "documents": ["b"], "top_n": 0}, 400, "field 'top_n'"),
        ({"model": "pairs", "query": "a", "texts": ["b"], "top_n": 1}, 400, "there is no field 'top_n'"),
        ({"model": "pairs", "query": "a", "texts": ["b"], "truncation_direction": "Left"}, 400, "cut at their end"),
        ({"model": "classifier", "query": "a", "documents": ["b"]}, 400, "has no task"),
        ({"model": "nobody", "query": "a", "documents": ["b"]}, 404, "no model 'nobody'"),
    ],
)
def test_what_is_refused(ask, body, status, words):
    found, answer = ask(body)
    assert found == status
    assert words in answer["error"]["message"]
