"""tinystories' known continuations, token for token, through every surface that goes on with text."""
import json
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton
from openai import BadRequestError, OpenAI
from test_models import known

MODEL = "tinystories-260k"
CASES = known("tinystories-260k/expected.json")["greedy"]
IDS = [case["prompt"] or "nothing" for case in CASES]


@pytest.fixture
def client(url):
    return OpenAI(base_url=f"http://{url}/v1", api_key="none", max_retries=0)


def expected(case):
    """The text behind the prompt, and how many tokens it took, the one that ends it among them."""
    ended = 1 if case["finish_reason"] == "stop" else 0
    return case["full_text"][len(case["prompt"]) :], len(case["generated_ids"]) + ended


def check(case, text, usage, reason):
    assert (text, usage.completion_tokens) == expected(case)
    assert usage.prompt_tokens == len(case["prompt_ids"])
    assert reason == case["finish_reason"]


@pytest.mark.parametrize("model", [MODEL, f"{MODEL}-fp16"])
@pytest.mark.parametrize("prompt", ["text", "tokens"])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_completions(client, case, prompt, model):
    given = case["prompt"] if prompt == "text" else case["prompt_ids"]
    answer = client.completions.create(model=model, prompt=given, temperature=0, max_tokens=case["max_new_tokens"])
    check(case, answer.choices[0].text, answer.usage, answer.choices[0].finish_reason)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_completions_streamed(client, case):
    more = {"stream": True, "stream_options": {"include_usage": True}, "logprobs": 0}
    chunks = list(client.completions.create(model=MODEL, prompt=case["prompt"], temperature=0, max_tokens=case["max_new_tokens"], **more))
    choices = [chunk.choices[0] for chunk in chunks[:-1]]
    check(case, "".join(choice.text for choice in choices), chunks[-1].usage, choices[-1].finish_reason)
    assert sum(len(choice.logprobs.tokens) for choice in choices) == len(case["generated_ids"])


def chat(case):
    return {"model": MODEL, "messages": [{"role": "user", "content": case["prompt"]}], "temperature": 0, "max_tokens": case["max_new_tokens"]}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_chats(client, case):
    answer = client.chat.completions.create(**chat(case))
    check(case, answer.choices[0].message.content, answer.usage, answer.choices[0].finish_reason)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_chats_streamed(client, case):
    chunks = list(client.chat.completions.create(**chat(case), stream=True, stream_options={"include_usage": True}))
    choices = [chunk.choices[0] for chunk in chunks[:-1]]
    assert choices[0].delta.role == "assistant"
    check(case, "".join(choice.delta.content or "" for choice in choices), chunks[-1].usage, choices[-1].finish_reason)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_generate(url, case):
    parameters = {"temperature": 0, "max_tokens": case["max_new_tokens"], "details": True}
    body = {"text_input": case["prompt"], "parameters": parameters}
    whole = requests.post(f"http://{url}/v2/models/{MODEL}/generate", json=body).json()
    assert [token["id"] for token in whole["details"]["logprobs"]] == case["generated_ids"]
    with requests.post(f"http://{url}/v2/models/{MODEL}/versions/1/generate_stream", json=body, stream=True) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        events = [json.loads(line[6:]) for line in answer.iter_lines() if line]
    tokens = [event["details"]["token"] for event in events]
    assert [token["id"] for token in tokens if token] == case["generated_ids"]
    text, _ = expected(case)
    assert whole["text_output"] == "".join(event["text_output"] for event in events) == text
    reason = {"length": "length", "stop": "eos_token"}[case["finish_reason"]]
    assert whole["details"]["finish_reason"] == events[-1]["details"]["finish_reason"] == reason


@pytest.mark.parametrize("endpoint", ["/v1/completions", "/v1/chat/completions"])
def test_a_batch(client, endpoint):
    def line(index, case):
        plain = {"model": MODEL, "prompt": case["prompt"], "temperature": 0, "max_tokens": case["max_new_tokens"]}
        body = plain if endpoint == "/v1/completions" else chat(case)
        return json.dumps({"custom_id": str(index), "method": "POST", "url": endpoint, "body": body})

    lines = [line(index, case) for index, case in enumerate(CASES)]
    streamed = json.dumps({"custom_id": "s", "method": "POST", "url": endpoint, "body": {**json.loads(lines[0])["body"], "stream": True}})
    file = client.files.create(file=("requests.jsonl", "\n".join([*lines, streamed]).encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h")
    deadline = time.monotonic() + 60
    while batch.status not in ("completed", "failed", "cancelled") and time.monotonic() < deadline:
        time.sleep(0.1)
        batch = client.batches.retrieve(batch.id)
    assert (batch.status, batch.request_counts.completed, batch.request_counts.failed) == ("completed", len(CASES), 1)
    answers = [json.loads(line)["response"]["body"] for line in client.files.content(batch.output_file_id).text.splitlines()]
    for case, answer in zip(CASES, answers, strict=True):
        (choice,) = answer["choices"]
        text = choice["text"] if endpoint == "/v1/completions" else choice["message"]["content"]
        assert (text, answer["usage"]["completion_tokens"], choice["finish_reason"]) == (*expected(case), case["finish_reason"])
    (refused,) = [json.loads(line) for line in client.files.content(batch.error_file_id).text.splitlines()]
    assert '"stream"' in refused["response"]["body"]["error"]["message"]


def test_eight_callers_at_once_get_what_each_gets_alone(client):
    def ask(case):
        return client.completions.create(model=MODEL, prompt=case["prompt"], temperature=0, max_tokens=case["max_new_tokens"])

    cases = (CASES * 2)[:8]
    with ThreadPoolExecutor(8) as callers:
        for case, answer in zip(cases, callers.map(ask, cases), strict=True):
            check(case, answer.choices[0].text, answer.usage, answer.choices[0].finish_reason)


def test_several_prompts_and_answers_in_one_call(client):
    prompts = [case["prompt"] for case in CASES]
    answer = client.completions.create(model=MODEL, prompt=prompts, temperature=0, max_tokens=100, n=2)
    assert [choice.index for choice in answer.choices] == list(range(10))
    for choice in answer.choices:
        text, _ = expected(CASES[choice.index // 2])
        assert text.startswith(choice.text) and len(choice.text) > 100
    assert answer.usage.prompt_tokens == sum(len(case["prompt_ids"]) for case in CASES)


def test_a_text_ends_before_a_stop(client):
    case = CASES[0]
    text, _ = expected(case)
    stop = text[40:50]
    whole = client.completions.create(model=MODEL, prompt="", temperature=0, max_tokens=200, stop=stop)
    assert (whole.choices[0].text, whole.choices[0].finish_reason) == (text[: text.index(stop)], "stop")
    assert whole.usage.completion_tokens < len(case["generated_ids"])
    chunks = client.completions.create(model=MODEL, prompt="", temperature=0, max_tokens=200, stop=[stop, "zzz"], stream=True)
    assert "".join(chunk.choices[0].text for chunk in chunks) == whole.choices[0].text


def test_the_same_seed_gives_the_same_text(client):
    ask = lambda seed: client.completions.create(model=MODEL, prompt="One day", max_tokens=60, temperature=1, seed=seed, n=2)
    first, again, other = [[choice.text for choice in ask(seed).choices] for seed in (7, 7, 8)]
    assert first == again != other and first[0] != first[1]


def test_a_prompt_that_is_too_long_is_refused_with_its_length(client):
    for text, words in [("One day " * 400, "the model takes 512"), ("x" * 1024 * 1024, "10485.. characters")]:
        with pytest.raises(BadRequestError, match=words):
            client.completions.create(model=MODEL, prompt=text)
        with pytest.raises(BadRequestError, match=words):
            client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], stream=True)


@pytest.mark.parametrize("full", [False, True])
def test_predictions(url, full):
    case = CASES[2]
    parameters = {"max_new_tokens": case["max_new_tokens"], "return_full_text": full}
    body = {"inputs": [case["prompt"], case["prompt"]], "parameters": parameters}
    answer = requests.post(f"http://{url}/v1/predict/{MODEL}", json=body).json()
    text = case["full_text"] if full else expected(case)[0]
    assert (answer["task"], answer["predictions"]) == ("text-generation", [{"generated_text": text}] * 2)


@pytest.mark.parametrize("library", [triton, triton_grpc], ids=["http", "grpc"])
def test_infer(url, grpc_address, library):
    if library is not triton and grpc_address is None:
        pytest.skip("functions are not asked by gRPC")
    texts = library.InferInput("text", [len(CASES)], "BYTES")
    texts.set_data_from_numpy(np.array([case["prompt"].encode() for case in CASES], object))
    with library.InferenceServerClient(url if library is triton else grpc_address) as client:
        answer = client.infer(MODEL, [texts], parameters={"max_new_tokens": 120, "stop": "!!"})
    for case, found in zip(CASES, answer.as_numpy("prediction"), strict=True):
        text = json.loads(found)["generated_text"]
        assert expected(case)[0].startswith(text) and len(text) > 200
