"""Every recorded case of every real model: over HTTP, in JSON and in binary, and over gRPC where the server has it."""
import json
import os
import urllib.request
import wave
from pathlib import Path

import numpy as np
import pytest
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton
from PIL import Image
from tritonclient.utils import np_to_triton_dtype

DATA = Path("../shared/testdata")
FORMS = ["json", "binary"] + (["grpc"] if "TENSORGATE_GRPC" in os.environ else [])


def known(path):
    return json.loads((DATA / path).read_text())


@pytest.fixture(params=FORMS)
def infer(request, url, grpc_address):
    """infer(model, {input: array}, **parameters) -> {output: array}, in one of the forms."""
    if request.param == "json":
        yield lambda model, feeds, **parameters: through_json(url, model, feeds, parameters)
    elif request.param == "binary":
        with triton.InferenceServerClient(url, connection_timeout=300, network_timeout=300) as client:
            yield lambda model, feeds, **parameters: through_client(client, triton, model, feeds, parameters)
    else:
        with triton_grpc.InferenceServerClient(grpc_address) as client:
            yield lambda model, feeds, **parameters: through_client(client, triton_grpc, model, feeds, parameters)


def through_client(client, library, model, feeds, parameters):
    inputs = []
    for name, array in feeds.items():
        tensor = library.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        tensor.set_data_from_numpy(array)
        inputs.append(tensor)
    answer = client.infer(model, inputs, **parameters)
    response = answer.get_response()
    names = [o["name"] for o in response["outputs"]] if isinstance(response, dict) else [o.name for o in response.outputs]
    arrays = {name: answer.as_numpy(name) for name in names}
    texts = {n: np.vectorize(bytes.decode, otypes=[object])(a) for n, a in arrays.items() if a.dtype == object and a.size}
    return {**arrays, **texts}


def through_json(url, model, feeds, parameters):
    inputs = [{"name": n, "datatype": np_to_triton_dtype(a.dtype), "shape": a.shape, "data": a.flatten().tolist()} for n, a in feeds.items()]
    body = json.dumps({"inputs": inputs, "parameters": parameters}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://{url}/v2/models/{model}/infer", body)) as response:
        answer = json.load(response)
    types = {"FP32": np.float32, "FP64": np.float64, "INT64": np.int64, "BYTES": object}
    return {o["name"]: np.array(o["data"], types[o["datatype"]]).reshape(o["shape"]) for o in answer["outputs"]}


def near(actual, expected, atol=1e-5):
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=atol)


SKLEARN = ["iris/iris-tensor", "iris/iris-columns", "iris/petal-width-forest", "digits/digits-mlp", "banking77-tfidf/banking77-tfidf"]


@pytest.mark.parametrize("path", SKLEARN)
def test_scikit_learn(infer, path):
    case = known(f"{path}.expected.json")
    kind = object if "banking77" in path else np.float32
    answer = infer(path.split("/")[1], {name: np.array(value, kind) for name, value in case["feeds"].items()})
    for name, expected in case["results"].items():
        if np.array(expected).dtype.kind == "f":
            near(answer[name], expected)
        else:
            assert answer[name].tolist() == expected


def test_zipmap(infer, url):
    case = known("iris/iris-zipmap.expected.json")
    answer = infer("iris-zipmap", {"X": np.array(case["feeds"]["X"], np.float32)})
    assert answer["output_label"].tolist() == case["results"]["output_label"]
    body = json.dumps({"inputs": [{"name": "X", "datatype": "FP32", "shape": [4, 4], "data": case["feeds"]["X"]}]}).encode()
    response = json.load(urllib.request.urlopen(f"http://{url}/v2/models/iris-zipmap/infer", body))
    keys = json.loads(response["outputs"][1]["parameters"]["keys"])
    near(answer["output_probability"], [[row[key] for key in keys] for row in case["results"]["output_probability"]])


@pytest.mark.parametrize("case", known("mobilenet-v2-int8/expected.json")["cases"], ids=lambda case: case["file"])
def test_mobilenet(infer, case):
    arrays = np.load(DATA / "mobilenet-v2-int8/expected.npz")
    image, scores = (arrays[key] for key in case["npz"])
    answer = infer("mobilenet-v2-int8", {"image": image.reshape(1, 224, 224, 3)})["scores"][0]
    # Fused and unfused integer kernels differ by up to 0.035 in a probability; the best class never does.
    near(answer, scores.reshape(-1), atol=0.04)
    assert answer.argmax() == case["top5"][0]["class"]


def test_ultraface(infer):
    arrays = np.load(DATA / "ultraface-rfb-320/expected.npz")
    answer = infer("ultraface-rfb-320", {"input": arrays["input"]})
    near(answer["scores"], arrays["scores"])
    near(answer["boxes"], arrays["boxes"], atol=1e-4)
    [astronaut, coffee] = known("ultraface-rfb-320/expected.json")["cases"]
    assert answer["scores"][0, :, 1].argmax() == astronaut["best_anchor"]
    picture = Image.open(DATA / "images" / coffee["file"]).convert("RGB").resize((320, 240), Image.BILINEAR)
    pixels = (np.asarray(picture, np.float32).transpose(2, 0, 1)[None] - 127) / 128
    assert abs(infer("ultraface-rfb-320", {"input": pixels})["scores"][0, :, 1].max() - coffee["best_score"]) < 1e-3


def test_super_resolution(infer):
    pixels = np.asarray(Image.open(DATA / "super-resolution/input.png"), np.float32)[None, None] / 255
    answer = infer("super-resolution", {"input": pixels})["output"]
    picture = np.clip(np.round(answer[0, 0] * 255), 0, 255)
    assert np.abs(picture - np.asarray(Image.open(DATA / "super-resolution/expected.png"), np.float32)).max() <= 1


def listen(rate):
    """What the voice detector gets, chunk by chunk, and what it is to say of each."""
    case = known("silero-vad/expected.json")["rates"][str(rate)]
    with wave.open(str(DATA / "silero-vad/speech-16k.wav")) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
    size, context = case["chunk_samples"], case["context_samples"]
    sound = np.concatenate([np.zeros(context, np.float32), sound[:: 16000 // rate]])
    chunks = [sound[i * size : (i + 1) * size + context] for i in range(case["chunks"])]
    return case, [{"input": chunk[None], "sr": np.array(rate, np.int64)} for chunk in chunks]


@pytest.mark.parametrize("rate", [16000, 8000])
def test_silero(infer, rate):
    case, chunks = listen(rate)
    state, speech = np.zeros((2, 1, 128), np.float32), []
    for chunk in chunks:
        answer = infer("silero-vad", {**chunk, "state": state})
        state = answer["stateN"]
        speech.append(float(answer["output"][0, 0]))
    near(speech, case["speech_probability"], atol=1e-3)
    assert abs(float(state.sum()) - case["last_state_sum"]) < 0.1


@pytest.mark.skipif("grpc" not in FORMS, reason="functions have no memory of their own from request to request")
def test_silero_with_its_state_on_the_server(infer):
    # Two sequences at once, one of each rate; the slower one's chunks come between the other's.
    heard = {16000: listen(16000), "half": listen(8000)}
    speech = {16000: [], "half": []}
    for i in range(max(len(chunks) for _, chunks in heard.values())):
        for id, (_, chunks) in heard.items():
            if i < len(chunks):
                last = i == len(chunks) - 1
                answer = infer("silero-vad-sequences", chunks[i], sequence_id=id, sequence_start=i == 0, sequence_end=last)
                assert list(answer) == ["output"]
                speech[id].append(float(answer["output"][0, 0]))
    for id, (case, _) in heard.items():
        near(speech[id], case["speech_probability"], atol=1e-3)


def test_ensemble_of_scaler_and_classifier(infer):
    case = known("iris/iris-tensor.expected.json")
    answer = infer("flowers", {"mm": 10 * np.array(case["feeds"]["X"], np.float32)})
    assert answer["label"].tolist() == case["results"]["label"]
    near(answer["probabilities"], case["results"]["probabilities"])


@pytest.mark.parametrize("case", known("magika/expected.json")["cases"], ids=lambda case: case["file"])
def test_magika(infer, case):
    content = (DATA / "magika" / case["file"]).read_bytes()
    head, tail = content[:4096].lstrip()[:1024], content[-4096:].rstrip()[-1024:]
    codes = list(head) + [256] * (1024 - len(head)) + [256] * (1024 - len(tail)) + list(tail)
    scores = infer("magika", {"bytes": np.array([codes], np.int32)})["target_label"][0]
    labels = known("magika/config.min.json")["target_labels_space"]
    assert labels[scores.argmax()] == case["label"]
    near(scores.max(), case["score"], atol=1e-4)


def test_magika_tensors(infer):
    arrays = np.load(DATA / "magika/expected.npz")
    near(infer("magika", {"bytes": arrays["bytes"].astype(np.int32)})["target_label"], arrays["target_label"])


@pytest.mark.parametrize("case", known("mnist/expected.json")["cases"], ids=lambda case: case["file"])
def test_mnist(infer, case):
    arrays = np.load(DATA / "mnist/expected.npz")
    answer = infer("mnist", {"Input3": arrays[f"input_{case['digit']}"].reshape(1, 1, 28, 28)})["Plus214_Output_0"][0]
    near(answer, case["Plus214_Output_0"], atol=1e-2)
    assert answer.argmax() == case["digit"]


@pytest.mark.parametrize("case", known("all-minilm-l6-v2-int8/expected.json")["cases"], ids=lambda case: case["text"][:20])
def test_minilm(infer, case):
    ids = np.array([case["input_ids"]], np.int64)
    rows = infer("all-minilm-l6-v2-int8", {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})
    embedding = rows["last_hidden_state"][0].mean(0)
    embedding /= np.linalg.norm(embedding)
    # Integer kernels round by processor: the direction is what counts.
    assert float(embedding @ np.array(case["int8_embedding"])) > 0.999


def decode(infer, model, kind, case, most):
    """Greedy decoding with the caches handed back, from caches of length 0."""
    past = {f"past_key_values.{i}.{part}": np.zeros((1, 4, 0, 8), kind) for i in range(5) for part in ("key", "value")}
    ids, length, generated = case["prompt_ids"], 0, []
    while len(generated) < min(most, case["max_new_tokens"]):
        length += len(ids)
        feeds = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, length), np.int64),
            "position_ids": np.arange(length - len(ids), length)[None].astype(np.int64),
            **past,
        }
        answer = infer(model, feeds)
        token = int(answer["logits"][0, -1].argmax())
        if token in (1, 2):
            break
        generated.append(token)
        ids = [token]
        past = {name: answer[name.replace("past_key_values", "present")] for name in past}
    return generated


GREEDY = known("tinystories-260k/expected.json")["greedy"]


@pytest.mark.parametrize("case", GREEDY, ids=lambda case: case["prompt"][:20] or "nothing")
def test_tinystories(infer, case, request):
    # JSON carries the whole cache as text at each step: a part of the tokens proves as much.
    most = 24 if "json" in request.node.callspec.id else 10_000
    generated = decode(infer, "tinystories-260k", np.float32, case, most)
    assert generated == case["generated_ids"][: len(generated)]
    assert len(generated) == min(most, len(case["generated_ids"]))


@pytest.mark.parametrize("infer", [form for form in FORMS if form != "json"], indirect=True)
@pytest.mark.parametrize("case", GREEDY, ids=lambda case: case["prompt"][:20] or "nothing")
def test_tinystories_fp16(infer, case):
    assert decode(infer, "tinystories-260k-fp16", np.float16, case, 10_000) == case["generated_ids"]


def test_first_logits(infer):
    first = known("tinystories-260k/expected.json")["first_step"]
    ids = np.array([first["input_ids"]], np.int64)
    past = {f"past_key_values.{i}.{part}": np.zeros((1, 4, 0, 8), np.float32) for i in range(5) for part in ("key", "value")}
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": np.arange(ids.size)[None].astype(np.int64), **past}
    logits = infer("tinystories-260k", feeds)["logits"][0, -1]
    near(logits[:8], first["last_logits_first8"], atol=1e-4)
    assert logits.argmax() == first["last_logits_argmax"]
