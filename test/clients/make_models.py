"""Writes the models that the client tests call: python make_models.py FOLDER"""
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

root = Path(sys.argv[1])
TYPES = {
    "BOOL": T.BOOL, "UINT8": T.UINT8, "UINT16": T.UINT16, "UINT32": T.UINT32, "UINT64": T.UINT64,
    "INT8": T.INT8, "INT16": T.INT16, "INT32": T.INT32, "INT64": T.INT64,
    "FP16": T.FLOAT16, "BF16": T.BFLOAT16, "FP32": T.FLOAT, "FP64": T.DOUBLE, "BYTES": T.STRING,
}


def store(name, nodes, inputs, outputs, initializers=(), version=1, config=None, files=()):
    value = h.make_tensor_value_info
    graph = h.make_graph(nodes, name, [value(*i) for i in inputs], [value(*o) for o in outputs], list(initializers))
    opsets = [h.make_opsetid("", 17), h.make_opsetid("ai.onnx.ml", 3)]
    folder = root / name / str(version)
    folder.mkdir(parents=True)
    onnx.save(h.make_model(graph, opset_imports=opsets, ir_version=8), folder / "model.onnx")
    for file, text in files:
        (folder / file).write_text(text)
    if config:
        (root / name / "model.json").write_text(json.dumps(config))


node = h.make_node
pair = [("INPUT0", T.INT32, ["N", 16]), ("INPUT1", T.INT32, ["N", 16])]
sums = [("OUTPUT0", T.INT32, ["N", 16]), ("OUTPUT1", T.INT32, ["N", 16])]
store("simple", [node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]), node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])], pair, sums)
for datatype, kind in TYPES.items():
    store(f"identity_{datatype.lower()}", [node("Identity", ["x"], ["y"])], [("x", kind, ["N", "M"])], [("y", kind, ["N", "M"])])
store(
    "classifier", [node("Softmax", ["x"], ["y"], axis=1)], [("x", T.FLOAT, ["N", 3])], [("y", T.FLOAT, ["N", 3])],
    config={"labels": {"y": "labels.txt"}}, files=[("labels.txt", "low\nmiddle\nhigh\n")],
)
zero = numpy_helper.from_array(np.array([64, 64], np.int64), "size")
true = numpy_helper.from_array(np.array(True), "true")
body = h.make_graph(
    [node("Identity", ["go"], ["on"]), node("MatMul", ["m", "m"], ["product"])], "body",
    [h.make_tensor_value_info("i", T.INT64, []), h.make_tensor_value_info("go", T.BOOL, []), h.make_tensor_value_info("m", T.FLOAT, None)],
    [h.make_tensor_value_info("on", T.BOOL, []), h.make_tensor_value_info("product", T.FLOAT, None)],
)
store(
    "slow",
    [node("ConstantOfShape", ["size"], ["start"]), node("Loop", ["n", "true", "start"], ["last"], body=body), node("ReduceMax", ["last"], ["y"])],
    [("n", T.INT64, [])], [("y", T.FLOAT, None)], [zero, true],
)

# An encoder whose vector of a token is a row of a table, and a tokenizer of two words, with a token before a text and one after it.
special = [{"SpecialToken": {"id": token, "type_id": 0}} for token in ("<s>", "</s>")]
tokenizer = {
    "version": "1.0",
    "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
    "padding": None,
    "added_tokens": [
        {"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for i, token in enumerate(["<s>", "</s>"], 1)
    ],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [special[0], {"Sequence": {"id": "A", "type_id": 0}}, special[1]],
        "pair": [],
        "special_tokens": {token: {"id": token, "ids": [i], "tokens": [token]} for i, token in enumerate(["<s>", "</s>"], 1)},
    },
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "left": 3, "up": 4}, "unk_token": "<unk>"},
}
table = numpy_helper.from_array(np.array([[0, 0], [0, 0], [0, 0], [-3, 0], [0, 4]], np.float32), "table")
store(
    "words", [node("Gather", ["table", "input_ids"], ["last_hidden_state"])], [("input_ids", T.INT64, ["N", "M"])],
    [("last_hidden_state", T.FLOAT, ["N", "M", 2])], [table],
    config={"task": "feature-extraction"}, files=[("tokenizer.json", json.dumps(tokenizer))],
)

# The same encoder as Hugging Face's repositories have theirs: what learns from texts goes by these files.
store(
    "encoder", [node("Gather", ["table", "input_ids"], ["last_hidden_state"])], [("input_ids", T.INT64, ["N", "M"])],
    [("last_hidden_state", T.FLOAT, ["N", "M", 2])], [table],
    files=[("tokenizer.json", json.dumps(tokenizer)), ("config.json", json.dumps({"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 2}))],
)

# A decoder whose next token hangs on the last one alone, though it keeps caches as all do: letters follow in order up to the end of the
# text behind z, figures behind an é; a ! follows itself, or less likely a ?. Its tokens are bytes.
last = 258
table = np.zeros((last, last), np.float32)
token = lambda byte: 2 + (ord(byte) if isinstance(byte, str) else byte)
chains = ["abcdefghijklmnopqrstuvwxyz", "0é123456789"]
for chain in chains:
    tokens = [token(byte) for byte in chain.encode()] + [1]
    table[tokens[:-1], tokens[1:]] = 12
table[token("!"), [token("!"), token("?")]] = [1.5, 1]
byte_tokenizer = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [{**added, "id": added["id"] - 1} for added in tokenizer["added_tokens"]],
    "normalizer": None,
    "pre_tokenizer": None,
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [special[0], {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}},
    },
    "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]},
    "model": {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
        "fuse_unk": False, "byte_fallback": True, "ignore_merges": False, "merges": [],
        "vocab": {"<s>": 0, "</s>": 1, **{f"<0x{byte:02X}>": 2 + byte for byte in range(256)}},
    },
}
template = "{% for m in messages %}{{ m.content }}{% endfor %}"
cache = lambda name, length: [(f"{name}.0.{kind}", T.FLOAT, ["N", 1, length, 1]) for kind in ("key", "value")]
store(
    "letters",
    [
        node("Gather", ["table", "input_ids"], ["logits"]), node("Cast", ["input_ids"], ["ids"], to=T.FLOAT), node("Unsqueeze", ["ids", "axes"], ["new"]),
        *[node("Concat", [f"past_key_values.0.{kind}", "new"], [f"present.0.{kind}"], axis=2) for kind in ("key", "value")],
    ],
    [("input_ids", T.INT64, ["N", "M"]), *cache("past_key_values", "P")], [("logits", T.FLOAT, ["N", "M", last]), *cache("present", "Q")],
    [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1, 3], np.int64), "axes")],
    config={"task": "text-generation"},
    files=[
        ("tokenizer.json", json.dumps(byte_tokenizer)),
        ("tokenizer_config.json", json.dumps({"bos_token": "<s>", "eos_token": "</s>", "chat_template": template, "add_bos_token": True})),
        ("config.json", json.dumps({"max_position_embeddings": 512, "eos_token_id": 1})),
    ],
)

# A cross-encoder: its logit for a pair of texts, neither of which has a word twice, is how many they share, less one.
both = {
    **tokenizer,
    "truncation": {**tokenizer["truncation"], "max_length": 12},
    "post_processor": {
        **tokenizer["post_processor"],
        "pair": [
            special[0], {"Sequence": {"id": "A", "type_id": 0}}, special[1],
            {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "</s>", "type_id": 1}},
        ],
    },
    "model": {**tokenizer["model"], "vocab": {**tokenizer["model"]["vocab"], "down": 5, "right": 6}},
}
number = lambda name, value: numpy_helper.from_array(np.array(value), name)
store(
    "pairs",
    [
        node("Unsqueeze", ["input_ids", "last"], ["across"]),
        node("Unsqueeze", ["input_ids", "middle"], ["down"]),
        node("Equal", ["across", "down"], ["same"]),
        node("Greater", ["across", "marks"], ["is_word"]),
        node("And", ["same", "is_word"], ["of_words"]),
        node("Cast", ["of_words"], ["counted"], to=T.FLOAT),
        node("ReduceSum", ["counted", "both"], ["sum"], keepdims=0),
        node("Cast", ["is_word"], ["words"], to=T.FLOAT),
        node("ReduceSum", ["words", "both"], ["count"], keepdims=0),
        # Each word is its own like once, and one that is shared twice another's.
        node("Sub", ["sum", "count"], ["others"]),
        node("Mul", ["others", "half"], ["shared"]),
        node("Sub", ["shared", "one"], ["score"]),
        node("Unsqueeze", ["score", "middle"], ["logits"]),
    ],
    [("input_ids", T.INT64, ["N", "M"])], [("logits", T.FLOAT, ["N", 1])],
    [
        number("last", [2]), number("middle", [1]), number("both", [1, 2]), number("marks", 2),
        number("one", np.float32(1)), number("half", np.float32(0.5)),
    ],
    config={"task": "text-classification"}, files=[("tokenizer.json", json.dumps(both))],
)

# A language model, with what it is known to say.
story = Path("../shared/testdata/tinystories-260k")
if not story.is_dir():
    sys.exit(f"the model that OpenAI's clients ask is not at {story}: this suite needs it")
(root / "story/1").mkdir(parents=True)
for file in ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json", "generation_config.json"):
    shutil.copy(story / file, root / "story/1" / file)
(root / "story/model.json").write_text(json.dumps({"task": "text-generation"}))
