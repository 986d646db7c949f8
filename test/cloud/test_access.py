"""Keys and principals with policies: what each may use, and what none of them learns."""
import json
import subprocess
import time

import boto3
import pytest
from conftest import IRIS, signed

HIDDEN, ABSENT = "mnist", "no-such-model"
INFER = "/v2/models/{}/infer"


def keys(*words):
    result = subprocess.run(["node", "cli/tensorgate.js", "keys", *words], check=True, stdout=subprocess.PIPE, text=True)
    return result.stdout.strip()


@pytest.fixture(scope="module")
def made():
    """The names of the keys and policies that a test has made, which go with it."""
    names = []
    yield names
    for name in names:
        keys("revoke", name)


@pytest.fixture
def key(made):
    def key(name, *options):
        value = keys("create", name, *options)
        made.append(name)
        return {"x-api-key": value}

    return key


def test_two_keys_have_their_own_models(call, key):
    iris, digits = key("iris-alone", "--models", "iris-*"), key("digits-alone", "--models", HIDDEN)
    assert call(INFER.format("iris-tensor"), IRIS, **iris)[0] == 200
    assert call("/v2/models/iris-tensor", **digits)[0] == 403
    assert call(f"/v2/models/{HIDDEN}", **digits)[0] == 200
    assert call(f"/v2/models/{HIDDEN}", **iris)[0] == 403

    def seen(headers):
        models = call("/v2/models", **headers)[1]["models"]
        assert [each["id"] for each in call("/v1/models", **headers)[1]["data"]] == models
        return models

    assert seen(digits) == [HIDDEN]
    assert "iris-tensor" in seen(iris) and all(name.startswith("iris-") for name in seen(iris))


def test_none_learns_whether_a_model_exists(call, key):
    headers = key("iris-again", "--models", "iris-*")
    for body in (None, IRIS):
        for path in ("/v2/models/{}", INFER, "/v2/models/{}/versions/1/infer", "/v1/predict/{}", "/v1/models/{}", "/v2/repository/models/{}/load"):
            answers = [call(path.format(name), body, **headers) for name in (HIDDEN, ABSENT)]
            there, not_there = ((status, json.dumps(answer).replace(name, "")) for (status, answer), name in zip(answers, (HIDDEN, ABSENT)))
            assert there == not_there and there[0] in (403, 405), path
    embed = [call("/v1/embeddings", {"model": name, "input": "x"}, **headers) for name in ("all-minilm-l6-v2-int8", ABSENT)]
    assert [status for status, _ in embed] == [403, 403]


def test_a_key_does_what_its_actions_say(call, key):
    reader = key("reader", "--actions", "read")
    assert call("/v2/models/iris-tensor", **reader)[0] == 200
    assert call(INFER.format("iris-tensor"), IRIS, **reader)[0] == 403
    assert call("/v1/embeddings", {"model": "all-minilm-l6-v2-int8", "input": "x"}, **reader)[0] == 403


def test_a_key_that_is_over_is_refused(call, key):
    # The command makes none that is over already.
    over = time.time() + 20
    late = key("late", "--expires", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(over)))
    time.sleep(max(0, over + 1 - time.time()))
    assert call("/v2/models", **late)[0] == 403
    assert call(INFER.format("iris-tensor"), IRIS, **late)[0] == 403


def test_no_key_and_a_wrong_one(call):
    status, body = call("/v2/models")
    assert status == 401 and "An API key is needed" in body["error"]
    assert call("/v2/models", **{"x-api-key": "tg_wrong"})[0] == 403


def test_over_the_quota_of_a_policy_is_429(call, key):
    headers = key("three", "--models", "iris-*", "--quota", "3/day")
    answers = [call(INFER.format("iris-tensor"), IRIS, **headers) for _ in range(4)]
    # Other environments learn seconds later of what was counted; the emulator has one.
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert "has had 3 inferences this day, of 3; it begins anew at" in answers[3][1]["error"]
    assert call("/v2/models/iris-tensor", **headers)[0] == 200


def test_over_the_quota_of_a_plan_is_429(call):
    """API Gateway's own: of a plan with the deployment's tags, as cdk/stages.ts would make it."""
    client = boto3.client("apigateway")
    base = next(plan for plan in client.get_usage_plans()["items"] if plan.get("tags", {}).get("tensorgate:stage") == "dev")
    few = client.create_usage_plan(name="few", apiStages=base["apiStages"], quota={"limit": 3, "period": "DAY"}, tags={**base["tags"], "tensorgate:plan": "Few"})
    try:
        headers = {"x-api-key": keys("create", "few", "--plan", "Few", "--models", "iris-*")}
        statuses = [call("/v2/models", **headers)[0] for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
    finally:
        keys("revoke", "few")
        client.delete_usage_plan(usagePlanId=few["id"])


def test_a_principal_has_its_policy(call, made):
    iam = boto3.client("iam")
    arn = iam.create_user(UserName="ci")["User"]["Arn"]
    access = iam.create_access_key(UserName="ci")["AccessKey"]
    session = boto3.Session(access["AccessKeyId"], access["SecretAccessKey"])

    def ask(name):
        path = INFER.format(name)
        return call(path, IRIS, api="SignedApiUrl", **signed(path, IRIS, session))

    keys("create", "ci", "--principal", arn, "--models", "iris-*")
    made.append("ci")
    deadline = time.monotonic() + 30
    # Those of principals are read again after seconds.
    while ask(HIDDEN)[0] != 403 and time.monotonic() < deadline:
        time.sleep(1)
    assert ask("iris-tensor")[0] == 200
    there, not_there = ask(HIDDEN), ask(ABSENT)
    assert there[0] == not_there[0] == 403 and there[1]["error"].replace(HIDDEN, ABSENT) == not_there[1]["error"]


def test_policies_hold_no_key_and_changes_are_recorded(bucket, key):
    value = key("recorded", "--models", "iris-*")["x-api-key"]
    text = bucket.Object(".access/policies.json").get()["Body"].read().decode()
    assert "recorded" in text and value not in text
    lines = [json.loads(each.get()["Body"].read()) for each in bucket.objects.filter(Prefix=".audit/changes/")]
    assert any(line["action"] == "keys create" and line["details"]["name"] == "recorded" for line in lines)
    assert [row["policy"] for row in json.loads(keys("list", "--json")) if row["name"] == "recorded"] == [{"name": "recorded", "models": ["iris-*"]}]
