"""OpenAI's own client works with completions and chats: the model `letters` goes on with the alphabet, or with figures behind 0 and é."""
import json
import re
import string
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from random import Random
from typing import Literal
from uuid import UUID

import jsonschema
import pytest
import requests
from openai import APIError, BadRequestError, NotFoundError, OpenAI, pydantic_function_tool
from pydantic import UUID4, AnyUrl, BaseModel, HttpUrl, SecretStr

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"], "additionalProperties": False},
    },
}


@pytest.fixture
def client(url):
    return OpenAI(base_url=f"http://{url}/v1", api_key="none", max_retries=0)


def token(character):
    return 2 + ord(character)


def complete(client, prompt, **more):
    """The text of each choice, however it came, with the whole answer or the chunks."""
    answer = client.completions.create(**{"model": "letters", "prompt": prompt, "temperature": 0, "max_tokens": 50, **more})
    if not more.get("stream"):
        return [choice.text for choice in answer.choices], answer
    chunks = list(answer)
    texts = {}
    for choice in (choice for chunk in chunks for choice in chunk.choices):
        texts[choice.index] = texts.get(choice.index, "") + choice.text
    return [texts[index] for index in sorted(texts)], chunks


def talk(client, content="t", **more):
    messages = [{"role": "user", "content": content}]
    return client.chat.completions.create(**{"model": "letters", "messages": messages, "temperature": 0, "max_completion_tokens": 60, **more})


def text_of(answer, streamed):
    if not streamed:
        return answer.choices[0].message.content
    return "".join(choice.delta.content or "" for chunk in answer for choice in chunk.choices)


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


@both
@pytest.mark.parametrize(
    "prompt, more, texts",
    [
        ("t", {}, ["uvwxyz"]),
        ("0", {}, ["é123456789"]),
        ([token("t")], {}, ["uvwxyz"]),
        (["t", "x"], {}, ["uvwxyz", "yz"]),
        ([[token("t")], [token("x")]], {"n": 2}, ["uvwxyz", "uvwxyz", "yz", "yz"]),
        ("t", {"max_tokens": 3}, ["uvw"]),
        ("0", {"max_tokens": 1}, ["\ufffd"]),
        ("t", {"stop": "x"}, ["uvw"]),
        ("t", {"stop": ["yz", "wx"]}, ["uv"]),
        ("t", {"stop": ["xzz", "nothing"]}, ["uvwxyz"]),
        ("0", {"stop": "é"}, [""]),
        ("t", {"echo": True}, ["tuvwxyz"]),
        ("t", {"logit_bias": {str(token("z")): 100}, "max_tokens": 4}, ["zzzz"]),
        ("t", {"logit_bias": {str(token("v")): -100}, "max_tokens": 2}, ["u"]),
        ("!", {"max_tokens": 3}, ["!!!"]),
        ("!", {"max_tokens": 2, "presence_penalty": 2}, ["!?"]),
        ("!", {"max_tokens": 2, "frequency_penalty": 2}, ["!?"]),
        ("!", {"max_tokens": 1, "extra_body": {"repetition_penalty": 2}}, ["?"]),
        ("t", {"temperature": 2, "extra_body": {"top_k": 1}}, ["uvwxyz"]),
        ("t", {"temperature": 2, "extra_body": {"min_p": 0.9}}, ["uvwxyz"]),
        ("t", {"temperature": 2, "top_p": 0.01}, ["uvwxyz"]),
    ],
)
def test_completions(client, prompt, more, texts, stream):
    found, _ = complete(client, prompt, **more, stream=stream)
    assert found == texts


def test_usage_counts_all_tokens(client):
    cases = [("t", {}, 2, 7), ("0", {"stop": "5"}, 2, 7), ("t", {"max_tokens": 2}, 2, 2), (["t", "x"], {"n": 2}, 4, 20)]
    for prompt, more, prompted, made in cases:
        _, answer = complete(client, prompt, **more)
        _, chunks = complete(client, prompt, **more, stream=True, stream_options={"include_usage": True})
        for usage in (answer.usage, chunks[-1].usage):
            assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (prompted, made, prompted + made)
        assert chunks[-1].choices == [] and all(chunk.usage is None for chunk in chunks[:-1])


def test_why_a_text_ended(client):
    for more, reason in [({}, "stop"), ({"stop": "w"}, "stop"), ({"max_tokens": 1}, "length")]:
        assert complete(client, "t", **more)[1].choices[0].finish_reason == reason
        chunks = complete(client, "t", **more, stream=True)[1]
        assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == [reason]


def test_the_same_seed_gives_the_same_text(client):
    ask = lambda seed, **more: complete(client, "!", temperature=2, seed=seed, n=2, max_tokens=20, **more)[0]
    assert ask(1) == ask(1) == ask(1, stream=True) != ask(2)
    first, second = ask(3)
    assert first != second


def test_probabilities_of_completions(client):
    _, answer = complete(client, "0", logprobs=2, max_tokens=3)
    logprobs = answer.choices[0].logprobs
    assert logprobs.tokens == ["\ufffd", "é", "1"] and logprobs.text_offset == [0, 0, 1]
    assert all(-0.01 < value < 0 for value in logprobs.token_logprobs)
    assert [len(top) for top in logprobs.top_logprobs] == [2, 2, 2] and logprobs.top_logprobs[2]["1"] == logprobs.token_logprobs[2]
    _, chunks = complete(client, "0", logprobs=2, max_tokens=3, stream=True)
    assert [text for chunk in chunks for text in chunk.choices[0].logprobs.tokens] == logprobs.tokens


@both
def test_chats(client, stream):
    answer = talk(client, stream=stream)
    assert text_of(answer, stream) == "uvwxyz"


@both
@pytest.mark.parametrize(
    "more, text",
    [({"stop": ["w"]}, "uv"), ({"max_tokens": 2, "max_completion_tokens": None}, "uv"), ({"logit_bias": {str(token("z")): 100}, "max_completion_tokens": 2}, "zz")],
)
def test_parameters_of_chats(client, more, text, stream):
    assert text_of(talk(client, **more, stream=stream), stream) == text


def test_conversations(client):
    messages = [
        {"role": "system", "content": "a"},
        {"role": "user", "name": "me", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "w"}]},
    ]
    answer = client.chat.completions.create(model="letters@1", messages=messages, temperature=0)
    assert (answer.choices[0].message.content, answer.choices[0].message.role, answer.usage.prompt_tokens) == ("xyz", "assistant", 4)
    again = [*messages, answer.choices[0].message, {"role": "user", "content": "y"}]
    assert client.chat.completions.create(model="letters", messages=again, temperature=0).choices[0].message.content == "z"


def test_several_answers(client):
    answer = talk(client, "!", n=3, temperature=2, seed=5, max_completion_tokens=20)
    assert len({choice.message.content for choice in answer.choices}) == 3
    with client.chat.completions.stream(model="letters", messages=[{"role": "user", "content": "t"}], temperature=0, n=2, stream_options={"include_usage": True}) as stream:
        final = stream.get_final_completion()
    assert [choice.message.content for choice in final.choices] == ["uvwxyz"] * 2
    assert (final.usage.prompt_tokens, final.usage.completion_tokens) == (2, 14)


def test_probabilities_of_chats(client):
    content = talk(client, "0", logprobs=True, top_logprobs=2).choices[0].logprobs.content
    assert "".join(chr(byte) if byte < 128 else "" for entry in content for byte in entry.bytes) == "123456789"
    assert bytes(byte for entry in content for byte in entry.bytes).decode() == "é123456789"
    assert all(entry.top_logprobs[0].token == entry.token and len(entry.top_logprobs) == 2 for entry in content)
    chunks = list(talk(client, "0", logprobs=True, stream=True))
    streamed = [entry for chunk in chunks for choice in chunk.choices if choice.logprobs for entry in choice.logprobs.content]
    assert [entry.logprob for entry in streamed] == [entry.logprob for entry in content]


@both
def test_json(client, stream):
    for seed in range(20):
        answer = talk(client, response_format={"type": "json_object"}, temperature=1, seed=seed, stream=stream)
        assert isinstance(json.loads(text_of(answer, stream)), dict)


SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 5}, "size": {"enum": [1, 2, 3]}, "tags": {"type": "array", "items": {"type": "boolean"}, "maxItems": 2}},
    "required": ["name", "size", "tags"],
    "additionalProperties": False,
}


@both
def test_json_of_a_schema(client, stream):
    for seed in range(20):
        format = {"type": "json_schema", "json_schema": {"name": "thing", "strict": True, "schema": SCHEMA}}
        answer = talk(client, response_format=format, temperature=1, seed=seed, max_completion_tokens=200, stream=stream)
        thing = json.loads(text_of(answer, stream))
        assert list(thing) == ["name", "size", "tags"] and thing["size"] in (1, 2, 3) and len(thing["name"]) <= 5 and len(thing["tags"]) <= 2


def random_schema(random, depth=2):
    kinds = ["string", "integer", "number", "boolean", "null", "enum", "const"] + (["object", "array", "anyOf"] if depth else [])
    match random.choice(kinds):
        case "string":
            least = random.randint(0, 3)
            return random.choice([{"type": "string", "minLength": least, "maxLength": least + random.randint(0, 5)}, {"type": "string", "pattern": "^[a-c]{2,4}$"}, {"type": "string", "format": "date"}])
        case "integer":
            low = random.randint(-200, 200)
            return {"type": "integer", "minimum": low, "maximum": low + random.randint(0, 300)}
        case "number":
            return {"type": "number", "exclusiveMinimum": -1, "maximum": random.choice([0.5, 3, 1e6])}
        case "enum":
            return {"enum": random.sample(["a", "b é", 3, -1.5, None, True, {"x": [1]}], random.randint(1, 4))}
        case "const":
            return {"const": random.choice(["x", 7, False, {"y": "z"}])}
        case "array":
            least = random.randint(0, 2)
            return {"type": "array", "items": random_schema(random, depth - 1), "minItems": least, "maxItems": least + random.randint(0, 2)}
        case "anyOf":
            return {"anyOf": [random_schema(random, depth - 1) for _ in range(random.randint(1, 3))]}
        case "object":
            names = random.sample(["a", "b", "name of it", "é", "items"], random.randint(0, 3))
            required = [name for name in names if random.random() < 0.7]
            properties = {name: random_schema(random, depth - 1) for name in names}
            return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        case kind:
            return {"type": kind}


@both
@pytest.mark.parametrize("seed", range(100))
def test_json_of_random_schemas(client, seed, stream):
    properties = {"value": random_schema(Random(seed))}
    schema = {"type": "object", "properties": properties, "required": ["value"], "additionalProperties": False}
    format = {"type": "json_schema", "json_schema": {"name": "random", "strict": True, "schema": schema}}
    answer = talk(client, response_format=format, temperature=1, seed=seed, max_completion_tokens=250, stream=stream)
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(text_of(answer, stream)))


class Place(BaseModel):
    name: str
    kind: Literal["city", "river"]


class Journey(BaseModel):
    places: list[Place]
    days: int | None


def test_answers_and_calls_of_the_clients_own_models(client):
    messages = [{"role": "user", "content": "t"}]
    more = {"model": "letters", "messages": messages, "temperature": 1, "max_completion_tokens": 300}
    for seed in range(10):
        answer = client.chat.completions.parse(**more, seed=seed, response_format=Journey)
        assert isinstance(answer.choices[0].message.parsed, Journey)
        tools = [pydantic_function_tool(Journey), pydantic_function_tool(Place)]
        with client.chat.completions.stream(**more, seed=seed, tools=tools, tool_choice="required") as stream:
            events = [event.type for event in stream]
            (call,) = stream.get_final_completion().choices[0].message.tool_calls
        assert isinstance(call.function.parsed_arguments, {"Journey": Journey, "Place": Place}[call.function.name])
        assert "tool_calls.function.arguments.delta" in events and events[-1] == "tool_calls.function.arguments.done"


class Standard(BaseModel):
    day: date
    at: datetime
    hour: time
    lasts: timedelta
    id: UUID
    random: UUID4
    page: HttpUrl
    any: AnyUrl
    file: Path
    host: IPv4Address
    wide: IPv6Address
    secret: SecretStr
    raw: bytes
    pair: tuple[int, bool]


def test_answers_of_pydantics_types(client):
    more = {"model": "letters", "messages": [{"role": "user", "content": "t"}], "temperature": 1, "max_completion_tokens": 3000}
    for seed in range(20):
        answer = client.chat.completions.parse(**more, seed=seed, response_format=Standard)
        assert isinstance(answer.choices[0].message.parsed, Standard)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "weather"}}])
def test_calls_of_tools(client, choice):
    other = {"type": "function", "function": {"name": "now"}}
    ask = lambda **more: talk(client, tools=[WEATHER, other] if isinstance(choice, dict) else [WEATHER], tool_choice=choice, temperature=1, seed=3, **more)
    answer = ask().choices[0]
    (call,) = answer.message.tool_calls
    assert (answer.finish_reason, answer.message.content, call.function.name) == ("tool_calls", None, "weather")
    assert isinstance(json.loads(call.function.arguments)["days"], int)
    deltas = [choice.delta.tool_calls[0] for chunk in ask(stream=True) for choice in chunk.choices if choice.delta.tool_calls]
    assert (deltas[0].function.name, len(deltas[0].id)) == ("weather", 9)
    assert "".join(delta.function.arguments for delta in deltas) == call.function.arguments
    result = {"role": "tool", "tool_call_id": call.id, "content": "t"}
    messages = [{"role": "user", "content": "?"}, answer.message, result]
    assert client.chat.completions.create(model="letters", messages=messages, tools=[WEATHER], tool_choice="none", temperature=0).choices[0].message.content == "uvwxyz"


def test_a_model_need_not_call(client):
    answer = talk(client, tools=[WEATHER]).choices[0]
    assert (answer.message.content, answer.message.tool_calls, answer.finish_reason) == ("uvwxyz", None, "stop")
    # A brace begins a call, whatever the model would say behind it.
    calling = talk(client, tools=[WEATHER], logit_bias={str(token("{")): 100}, temperature=1).choices[0]
    assert calling.finish_reason == "tool_calls" and calling.message.tool_calls[0].function.name == "weather"


def test_a_reader_that_leaves_ends_the_work(client, url):
    stream = client.completions.create(model="letters", prompt="!", temperature=0, max_tokens=400, stream=True)
    next(stream)
    stream.close()
    assert complete(client, "t")[0] == ["uvwxyz"]


def test_models(client):
    assert client.models.retrieve("letters@1").task == "text-generation"
    tasks = {model.id: getattr(model, "task", None) for model in client.models.list()}
    assert (tasks["letters"], tasks["words"], tasks["classifier"]) == ("text-generation", "feature-extraction", None)


@pytest.mark.parametrize(
    "more, error, words",
    [
        ({"model": "nope"}, NotFoundError, "no model 'nope'"),
        ({"model": "classifier"}, BadRequestError, "does not generate text: it has no task"),
        ({"model": "words"}, BadRequestError, "its task is feature-extraction"),
        ({"prompt": "t" * 600}, BadRequestError, "the prompt has 601 tokens, and the model takes 512"),
        ({"prompt": "t" * 2**20}, BadRequestError, "1048576 characters"),
        ({"prompt": [999]}, BadRequestError, "expected tokens of 0 to 257, got 999"),
        ({"n": 1000}, BadRequestError, "field 'n': expected a whole number from 1 to 128, got 1000"),
        ({"stop": ""}, BadRequestError, "field 'stop'"),
        ({"max_tokens": -1}, BadRequestError, "field 'max_tokens'"),
        ({"temperature": -1}, BadRequestError, "field 'temperature'"),
        ({"logit_bias": {"999": 1}}, BadRequestError, "field 'logit_bias': expected tokens of 0 to 257, got 999"),
        ({"suffix": "x"}, BadRequestError, "field 'suffix'"),
        ({"extra_body": {"colour": 1}}, BadRequestError, "there is no field 'colour'"),
    ],
)
@both
def test_what_completions_refuse(client, more, error, words, stream):
    with pytest.raises(error, match=re.escape(words)):
        complete(client, **{"prompt": "t", **more}, stream=stream)


@pytest.mark.parametrize(
    "more, words",
    [
        ({"messages": []}, "field 'messages'"),
        ({"messages": [{"role": "user", "content": "t"}] * 10_000}, "the 512 tokens that the model takes"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "colour"}}}}, "colour"),
        ({"tools": [WEATHER, WEATHER]}, "two functions 'weather'"),
    ],
)
@both
def test_what_chats_refuse(client, more, words, stream):
    with pytest.raises(BadRequestError, match=re.escape(words)):
        talk(client, **more, stream=stream)


def test_a_deadline_within_a_stream_is_an_event(client):
    with pytest.raises(APIError, match="the deadline of"):
        for chunk in client.completions.create(model="letters", prompt="!", temperature=0, max_tokens=500, n=64, stream=True, extra_headers={"x-request-timeout-ms": "30"}):
            assert chunk.choices


def test_generate(url):
    body = {"text_input": "t", "parameters": {"temperature": 0}}
    answer = requests.post(f"http://{url}/v2/models/letters/generate", json=body)
    assert answer.json() == {"model_name": "letters", "model_version": "1", "text_output": "uvwxyz"}
    answer = requests.post(f"http://{url}/v2/models/letters/versions/1/generate_stream", json=body, stream=True)
    events = [json.loads(line.removeprefix(b"data: ")) for line in answer.iter_lines() if line]
    assert "".join(event["text_output"] for event in events) == string.ascii_lowercase[-6:]
    refused = requests.post(f"http://{url}/v2/models/letters/generate_stream", json={"text_input": 1})
    assert (refused.status_code, list(refused.json())) == (400, ["error"])
