"""Known answers of the real models, asked for as tasks: texts, pictures and columns in place of tensors."""
import base64
import io
import json
import urllib.error
import urllib.request
import wave

import numpy as np
import pytest
from PIL import Image
from test_models import DATA, known


@pytest.fixture
def ask(url):
    """ask(model, body, type) -> status and answer; a body that is no bytes goes as JSON."""

    def post(model, body, type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{url}/v1/predict/{model}", data, {"content-type": type})
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    return post


def labels(predictions):
    return [label["label"] for label in predictions]


@pytest.mark.parametrize("case", known("mobilenet-v2-int8/expected.json")["cases"], ids=lambda case: case["file"])
def test_pictures(ask, case):
    file = (DATA / "images" / case["file"]).read_bytes()
    status, answer = ask("mobilenet-v2-int8", file, "application/octet-stream")
    assert (status, answer["task"]) == (200, "image-classification")
    (found,) = answer["predictions"]
    # Decoded and resized as Pillow does, to the bit: the very same scores.
    assert [label["score"] for label in found] == pytest.approx([best["score"] for best in case["top5"]], abs=1e-6)
    # Of equal scores either may come first.
    assert {best["label"] for best in case["top5"] if best["score"] > case["top5"][4]["score"]} <= set(labels(found))
    assert found[0]["label"] == case["top5"][0]["label"]
    status, same = ask("mobilenet-v2-int8", {"inputs": base64.b64encode(file).decode(), "parameters": {"top_k": 2}})
    assert (status, same["predictions"]) == (200, [found[:2]])


def rotated(picture):
    """A JPEG that stands on its side, and says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=100, subsampling=0, exif=exif)


def saved(picture, format, **options):
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def test_the_same_picture_in_other_files(ask):
    case = next(case for case in known("mobilenet-v2-int8/expected.json")["cases"] if case["file"] == "chelsea.png")
    picture = Image.open(DATA / "images" / case["file"]).convert("RGB")
    files = [saved(picture, "WEBP", lossless=True), saved(picture, "PNG", compress_level=1), rotated(picture)]
    frames = saved(picture, "WEBP", lossless=True, save_all=True, append_images=[picture.point(lambda value: 255 - value)])
    seen = picture.convert("RGBA")
    seen.putalpha(7)
    for file in [*files, frames, saved(seen, "PNG")]:
        status, answer = ask("mobilenet-v2-int8", file, "application/octet-stream")
        (found,) = answer["predictions"]
        # Of the JPEG, whose pixels are others by a value here and there, a score may be a step of 1/256 off.
        assert (status, found[0]["label"]) == (200, case["top5"][0]["label"])
        assert found[0]["score"] == pytest.approx(case["top5"][0]["score"], abs=0.02 if file is files[2] else 1e-6)


def test_pictures_that_are_too_large(ask):
    large = saved(Image.new("1", (50_000, 50_000)), "PNG")
    assert len(large) < 1_000_000
    status, answer = ask("mobilenet-v2-int8", large, "image/png")
    assert status == 413
    assert answer["error"]["message"].startswith("the picture is 50000 x 50000 pixels, more than the 50000000 that one may have")


@pytest.mark.parametrize("case", known("mnist/expected.json")["cases"], ids=lambda case: case["file"])
def test_digits(ask, case):
    status, answer = ask("mnist", (DATA / "mnist" / case["file"]).read_bytes(), "image/jpeg")
    ((best,),) = answer["predictions"]
    assert (status, best["label"]) == (200, str(case["digit"]))


def test_texts(ask):
    rows = [json.loads(line) for line in (DATA / "data/banking77-sample.jsonl").read_text().splitlines()]
    status, answer = ask("banking77-tfidf", {"inputs": [row["text"] for row in rows]})
    assert status == 200
    assert [labels(found) for found in answer["predictions"]] == [[row["tfidf_answer"]] for row in rows]
    status, answer = ask("banking77-tfidf", rows[0]["text"].encode(), "text/plain; charset=utf-8")
    assert (status, labels(answer["predictions"][0])) == (200, [rows[0]["tfidf_answer"]])


def test_columns(ask):
    case = known("iris/iris-tensor.expected.json")
    flowers, expected = case["feeds"]["X"], case["results"]["label"]
    named = [dict(zip(["sl", "sw", "pl", "pw"], flower)) for flower in flowers]
    columns = [dict(zip(["sepal_length", "sepal_width", "petal_length", "petal_width"], flower)) for flower in flowers]
    for model, inputs in [("iris-tensor", named), ("iris-tensor", flowers), ("iris-zipmap", flowers), ("iris-columns", columns)]:
        status, answer = ask(model, {"inputs": inputs})
        assert (status, [found[0]["label"] for found in answer["predictions"]]) == (200, expected), model
        scores = [found[0]["score"] for found in answer["predictions"]]
        assert scores == pytest.approx([max(row) for row in case["results"]["probabilities"]], rel=1e-3)


def test_classes_of_a_map(ask):
    case = known("iris/iris-tensor.expected.json")
    status, answer = ask("iris-zipmap", {"inputs": case["feeds"]["X"][1], "parameters": {"top_k": 3}})
    assert (status, labels(answer["predictions"][0])) == (200, ["versicolor", "virginica", "setosa"])


def test_numbers(ask):
    case = known("iris/petal-width-forest.expected.json")
    status, answer = ask("petal-width-forest", {"inputs": case["feeds"]["X"]})
    assert (status, answer["predictions"]) == (200, pytest.approx([value for (value,) in case["results"]["variable"]], rel=1e-3))


@pytest.mark.parametrize("case", known("ultraface-rfb-320/expected.json")["cases"], ids=lambda case: case["file"])
def test_faces(ask, case):
    status, answer = ask("ultraface-rfb-320", (DATA / "images" / case["file"]).read_bytes(), "image/png")
    (found,) = answer["predictions"]
    assert (status, len(found)) == (200, len(case["faces"]))
    for face, expected in zip(found, case["faces"], strict=True):
        assert face["label"] == "face" and face["score"] == pytest.approx(expected["score"], abs=1e-3)
        box = [face["box"][side] for side in ("xmin", "ymin", "xmax", "ymax")]
        assert box == pytest.approx(expected["box_pixels"], abs=0.5)


def test_a_picture_from_a_picture(ask):
    status, answer = ask("super-resolution", (DATA / "super-resolution/input.png").read_bytes(), "image/png")
    assert status == 200
    (found,) = answer["predictions"]
    picture = np.array(Image.open(io.BytesIO(base64.b64decode(found["image"]))).convert("L"), np.int32)
    expected = np.array(Image.open(DATA / "super-resolution/expected.png").convert("L"), np.int32)
    assert picture.shape == expected.shape == (found["height"], found["width"])
    assert np.abs(picture - expected).max() <= 1


@pytest.mark.parametrize("case", known("magika/expected.json")["cases"], ids=lambda case: case["file"])
def test_kinds_of_files(ask, case):
    status, answer = ask("magika", (DATA / "magika" / case["file"]).read_bytes(), "application/octet-stream")
    ((best,),) = answer["predictions"]
    assert (status, best["label"], best["score"]) == (200, case["label"], pytest.approx(case["score"], abs=1e-4))


def test_vectors(ask):
    cases = known("all-minilm-l6-v2-int8/expected.json")["cases"]
    status, answer = ask("all-minilm-l6-v2-int8", {"inputs": [case["text"] for case in cases]})
    assert status == 200
    for vector, case in zip(answer["predictions"], cases, strict=True):
        expected = np.array(case["int8_embedding"])
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        assert np.dot(vector, expected) / np.linalg.norm(expected) > 0.999, case["text"]


def test_names(ask):
    text = "Angela flew from New York to Zürich."
    status, answer = ask("names", {"inputs": text})
    (found,) = answer["predictions"]
    expected = [("PER", "angela", "Angela"), ("LOC", "new york", "New York"), ("LOC", "zurich", "Zürich")]
    assert status == 200
    assert [(each["entity_group"], each["word"], text[each["start"] : each["end"]]) for each in found] == expected
    sure = np.exp(8) / (np.exp(8) + 4)
    assert [each["score"] for each in found] == [pytest.approx(sure)] * 3
    status, answer = ask("names", {"inputs": [text, ""], "parameters": {"aggregation_strategy": "none"}})
    tokens, none = answer["predictions"]
    assert [(token["entity"], token["index"], token["word"]) for token in tokens] == [
        ("B-PER", 1, "angela"), ("B-LOC", 4, "new"), ("I-LOC", 5, "york"), ("B-LOC", 7, "zurich"),
    ]
    assert none == []


def test_texts_that_a_tokenizer_does_not_know(ask):
    status, answer = ask("names", {"inputs": ["☃☃", "Ангела в Берлине", "ᚠᚢᚦ New York"]})
    unknown, other, mixed = answer["predictions"]
    assert (status, unknown, other) == (200, [], [])
    assert [(each["entity_group"], each["start"], each["end"]) for each in mixed] == [("LOC", 4, 12)]
    status, answer = ask("all-minilm-l6-v2-int8", {"inputs": ["☃☃", ""]})
    assert (status, [len(vector) for vector in answer["predictions"]]) == (200, [384, 384])


def test_sentences_that_are_alike(ask):
    cases = known("all-minilm-l6-v2-int8/expected.json")["cases"]
    first, *others = [case["text"] for case in cases]
    status, answer = ask("minilm-similarity", {"inputs": {"source_sentence": first, "sentences": others}})
    vectors = np.array([case["int8_embedding"] for case in cases])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert status == 200
    assert answer["predictions"] == [pytest.approx(list(vectors[1:] @ vectors[0]), abs=0.05)]


def speech(rate):
    """The recording as a WAV file; of 8000 a second every second sample, as the recorded curve has it."""
    with wave.open(str(DATA / "silero-vad/speech-16k.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return sound(samples[:: 16000 // rate], rate)


def sound(samples, rate, channels=1):
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(samples.itemsize)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


@pytest.mark.parametrize("rate", [16000, 8000])
def test_speech(ask, rate):
    expected = known("silero-vad/expected.json")["rates"][str(rate)]["speech_probability"]
    status, answer = ask("silero-vad", speech(rate), "audio/wav")
    assert (status, answer["task"]) == (200, "voice-activity-detection")
    (found,) = answer["predictions"]
    # The last of them is of a window that the recording ends in, which the recorded curve leaves out.
    assert found["probabilities"][:-1] == pytest.approx(expected, abs=2e-4)
    assert (found["step_seconds"], found["seconds"]) == (0.032, 15)
    for stretch in found["speech"]:
        assert 0 <= stretch["start"] < stretch["end"] <= 15
        middle = int((stretch["start"] + stretch["end"]) / 2 / 0.032)
        assert max(found["probabilities"][middle - 5 : middle + 5]) > 0.5


def test_speech_at_another_rate(ask):
    # Each sample three times: at 48000 a second, in two channels.
    samples = np.frombuffer(speech(16000)[44:], np.int16)
    stereo = np.repeat(np.repeat(samples, 3), 2)
    status, answer = ask("silero-vad", sound(stereo, 48000, 2), "audio/wav")
    _, same = ask("silero-vad", speech(16000), "audio/wav")
    (found,), (expected,) = answer["predictions"], same["predictions"]
    assert status == 200
    assert len(found["probabilities"]) == len(expected["probabilities"])
    difference = np.abs(np.array(found["probabilities"]) - expected["probabilities"])
    assert np.median(difference) < 0.01


def test_silence(ask):
    status, answer = ask("silero-vad", sound(np.zeros(32000, np.int16), 16000), "audio/wav")
    assert (status, answer["predictions"][0]["speech"]) == (200, [])


def metadata(url, model):
    with urllib.request.urlopen(f"http://{url}/v2/models/{model}") as response:
        return json.load(response)["parameters"]


def test_a_repository_of_pictures(ask):
    picture = Image.open(DATA / "images/chelsea.png").convert("RGB")
    width, height = int(96 * picture.width / picture.height), 96
    sized = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - 64) // 2, (height - 64) // 2
    values = np.array(sized.crop((left, top, left + 64, top + 64)), np.float64) / 255
    means = ((values - [0.5, 0.4, 0.3]) / [0.2, 0.3, 0.4]).mean(axis=(0, 1))
    expected = dict(zip(["red", "green", "blue"], np.exp(means) / np.exp(means).sum()))
    status, answer = ask("hugging-face-colours", (DATA / "images/chelsea.png").read_bytes(), "image/png")
    assert (status, answer["task"]) == (200, "image-classification")
    assert {label["label"]: label["score"] for label in answer["predictions"][0]} == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "name, words",
    [("broken", "no task: config.json is not JSON: "), ("masked", "no task: config.json names BertForMaskedLM, for which there is none")],
)
def test_a_repository_without_a_task_says_why(ask, url, name, words):
    assert metadata(url, f"hugging-face-{name}")["folder"].startswith(words)
    status, answer = ask(f"hugging-face-{name}", (DATA / "images/chelsea.png").read_bytes(), "image/png")
    assert (status, words in answer["error"]["message"]) == (400, True)
    body = {"inputs": [{"name": "pixel_values", "datatype": "FP32", "shape": [1, 3, 16, 16], "data": [1.0] * 256 + [2.0] * 256 + [3.0] * 256}]}
    request = urllib.request.Request(f"http://{url}/v2/models/hugging-face-{name}/infer", json.dumps(body).encode())
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["outputs"][0]["data"] == pytest.approx([1, 2, 3])


def test_a_face_is_where_it_is_however_the_picture_is_fitted(ask):
    picture = Image.open(DATA / "images/astronaut.png").convert("RGB")
    # As wide as the model takes them, so that nothing but what is around it differs.
    wide = picture.resize((640, 300))
    boxes = []
    for model in ("ultraface-rfb-320", "ultraface-within"):
        status, answer = ask(model, saved(wide, "PNG"), "image/png")
        ((face,),) = answer["predictions"]
        boxes.append([face["box"][side] for side in ("xmin", "ymin", "xmax", "ymax")])
    assert boxes[0] == pytest.approx(boxes[1], abs=25)


def test_a_repository_of_vectors(ask, url):
    cases = known("all-minilm-l6-v2-int8/expected.json")["cases"]
    status, answer = ask("hugging-face-all-minilm-l6-v2-int8", {"inputs": [case["text"] for case in cases]})
    assert (status, answer["task"]) == (200, "feature-extraction")
    for vector, case in zip(answer["predictions"], cases, strict=True):
        expected = np.array(case["int8_embedding"])
        assert np.dot(vector, expected) / np.linalg.norm(expected) > 0.999, case["text"]
    words = "feature-extraction, as config.json names BertModel; 256 tokens at most; by the mean of the tokens' vectors, of the length 1"
    assert metadata(url, "hugging-face-all-minilm-l6-v2-int8")["folder"] == words


def test_a_repository_of_a_language_model(ask, url):
    for case in known("tinystories-260k/expected.json")["greedy"]:
        body = {"model": "hugging-face-tinystories-260k", "prompt": case["prompt"], "temperature": 0, "max_tokens": case["max_new_tokens"]}
        request = urllib.request.Request(f"http://{url}/v1/completions", json.dumps(body).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        assert answer["choices"][0]["text"] == case["full_text"][len(case["prompt"]) :]
    status, answer = ask("hugging-face-tinystories-260k", {"inputs": "Once upon a time", "parameters": {"max_new_tokens": 4}})
    assert (status, answer["task"]) == (200, "text-generation")
    assert metadata(url, "hugging-face-tinystories-260k")["folder"] == "text-generation, as config.json names LlamaForCausalLM"


def test_texts_that_are_too_long(ask):
    text = "word " * 300
    status, answer = ask("all-minilm-l6-v2-int8", {"inputs": ["short", text]})
    assert (status, answer["error"]["message"][:62]) == (400, "item 1: the text has 302 tokens, more than the 256 that the mo")
    status, answer = ask("all-minilm-l6-v2-int8", {"inputs": ["short", text], "parameters": {"truncate": True}})
    assert (status, answer["truncated"], len(answer["predictions"])) == (200, [1], 2)


@pytest.mark.parametrize(
    "model, body, type, status, words",
    [
        ("mobilenet-v2-int8", b"no picture", "image/png", 400, "expected a JPEG, PNG or WebP picture"),
        ("mobilenet-v2-int8", (DATA / "images/parrot.jpg").read_bytes()[:5000], "image/jpeg", 400, "does not decode"),
        ("mobilenet-v2-int8", {"inputs": "??"}, "application/json", 400, "item 0: expected a file in base64"),
        ("banking77-tfidf", {"inputs": ["a", 1]}, "application/json", 400, "item 1: expected a text, or {\"text\": …, \"text_pair\": …}, got 1"),
        ("banking77-tfidf", {"input": "a"}, "application/json", 400, "got 'input'"),
        ("banking77-tfidf", {}, "application/json", 400, "'inputs' is missing"),
        ("banking77-tfidf", b"\xff", "text/plain", 400, "not in UTF-8"),
        ("banking77-tfidf", b"x", "image/png", 415, "text/plain"),
        ("iris-columns", {"inputs": {"sepal_length": 1}}, "application/json", 400, "no field 'sepal_width'"),
        ("iris-tensor", {"inputs": [1, 2]}, "application/json", 400, "the values of 4 columns, got 2: 'pl' is the first without one"),
        ("iris-tensor", {"inputs": [[1, 2, 3, "x"]]}, "application/json", 400, "expected a number"),
        ("minilm-similarity", {"inputs": "alone"}, "application/json", 400, 'expected {"source_sentence"'),
        ("minilm-similarity", {"inputs": {"source_sentence": "a", "sentences": []}}, "application/json", 400, "item 0: expected"),
        ("names", {"inputs": "a", "parameters": {"aggregation_strategy": "max"}}, "application/json", 400, '"simple" or "none"'),
        ("names", {"inputs": "word " * 200_000}, "application/json", 400, "the text has far more than the 256 tokens"),
        ("banking77-tfidf", {"inputs": {"text": "a", "text_pair": "b"}}, "application/json", 400, "got a pair"),
        ("silero-vad", b"no sound", "audio/wav", 400, "expected a WAV file"),
        ("silero-vad", speech(16000)[:100_000], "audio/wav", 400, "ends within its data"),
        ("silero-vad", sound(np.zeros(0, np.int16), 16000), "audio/wav", 400, "has no samples"),
        ("digits-mlp", {"inputs": [1]}, "application/json", 400, "has no task"),
        ("nobody", {"inputs": [1]}, "application/json", 404, "no model 'nobody'"),
    ],
)
def test_what_is_refused(ask, model, body, type, status, words):
    found, answer = ask(model, body, type)
    assert found == status
    assert words in answer["error"]["message"]
