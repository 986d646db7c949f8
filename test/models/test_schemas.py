"""Answers that follow a JSON schema, whatever it is, by a model that knows nothing of JSON."""
import json
import random

import jsonschema
import pytest
from openai import BadRequestError, OpenAI

MODEL = "tinystories-260k"
MESSAGES = [{"role": "user", "content": "Once upon a time"}]


@pytest.fixture
def client(url):
    return OpenAI(base_url=f"http://{url}/v1", api_key="none", max_retries=0)


def leaf(rng):
    low = rng.choice([0, -7, 0.25, 1000, 1e-3])
    return rng.choice([
        {"type": rng.choice(["string", "number", "integer", "boolean", "null", "object", "array"])},
        {"type": ["string", "null"], "maxLength": rng.randrange(9)},
        {"type": "string", "minLength": 2, "maxLength": 20},
        {"type": "string", "pattern": rng.choice(["^[A-Z][a-z]{1,8}$", "[0-9]{2}$", "^(yes|no)+$"])},
        {"type": "string", "format": rng.choice(["date", "date-time", "email", "ipv4", "uuid"])},
        {"type": rng.choice(["number", "integer"]), "minimum": low, "maximum": low + 5},
        {"enum": rng.sample(["red", "grün", 3, -0.5, None, True, {"a": [1]}], 3)},
        {"const": rng.choice(["", "日本", 0, False, []])},
        {},
    ])


def schema_of(rng, depth):
    if depth == 0:
        return leaf(rng)
    names = rng.sample(["name", "age", 'a "b"', "ä", "items"], rng.randrange(1, 5))
    parts = {name: schema_of(rng, depth - 1) for name in names}
    return rng.choice([
        {"type": "object", "properties": parts, "required": names[: rng.randrange(3)], "additionalProperties": rng.choice([False, leaf(rng)])},
        {"type": "object", "properties": parts, "required": names},
        {"type": "array", "items": schema_of(rng, depth - 1), "minItems": rng.randrange(3), "maxItems": 2 + rng.randrange(3)},
        {"type": "array", "prefixItems": list(parts.values()), "items": False, "minItems": 1},
        {"anyOf": list(parts.values())},
        {"$ref": "#/$defs/tree"},
    ])


def random_schema(seed):
    rng = random.Random(seed)
    tree = {"type": "object", "properties": {"value": leaf(rng), "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/tree"}]}}, "required": ["next"]}
    return {**schema_of(rng, 2), "$defs": {"tree": tree}}


def test_200_answers_at_temperature_1_follow_200_schemas(client):
    for seed in range(200):
        schema = random_schema(seed)
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
        answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=1, seed=seed, response_format=wanted)
        content = answer.choices[0].message.content
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(content))
        assert answer.choices[0].finish_reason == "stop", (seed, schema)


@pytest.mark.parametrize("most", [3, 20, 100])
def test_an_object_is_whole_however_few_tokens_it_may_have(client, most):
    answer = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, temperature=1, max_tokens=most, n=8, response_format={"type": "json_object"}
    )
    for choice in answer.choices:
        assert isinstance(json.loads(choice.message.content), dict)
        assert choice.finish_reason == "stop"
    assert answer.usage.completion_tokens <= 8 * most


def test_an_answer_that_cannot_be_whole_is_cut_and_says_so(client):
    schema = {"type": "string", "minLength": 100}
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=20, response_format=wanted)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 20


def test_a_call_follows_its_tools_parameters(client):
    parameters = {
        "type": "object",
        "properties": {"city": {"enum": ["Oslo", "Rome"]}, "days": {"$ref": "#/$defs/days"}},
        "required": ["city", "days"],
        "$defs": {"days": {"type": "integer", "minimum": 1, "maximum": 7}},
    }
    tools = [{"type": "function", "function": {"name": name, "parameters": parameters}} for name in ("weather", "trips")]
    for seed in range(10):
        answer = client.chat.completions.create(
            model=MODEL, messages=MESSAGES, temperature=1, seed=seed, tools=tools, tool_choice="required"
        )
        [call] = answer.choices[0].message.tool_calls
        assert call.function.name in ("weather", "trips")
        jsonschema.Draft202012Validator(parameters).validate(json.loads(call.function.arguments))


@pytest.mark.parametrize(
    "schema, words",
    [
        ({"type": "text"}, "# has 'type': \"text\"; expected one or more of object"),
        ({"properties": {"a": {"not": {}}}}, "#/properties/a has the keyword 'not'"),
        ({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, "none that ends"),
        ({"$ref": "https://example.com/schema"}, "expected a place in the same schema"),
    ],
)
def test_a_schema_that_cannot_be_held_to_is_refused(client, schema, words):
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    with pytest.raises(BadRequestError, match="the JSON schema cannot be used") as refused:
        client.chat.completions.create(model=MODEL, messages=MESSAGES, response_format=wanted)
    assert words in refused.value.body["message"]
