"""Lays the real models of ../shared/testdata out as a repository: python make_models.py FOLDER"""
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

source = Path("../shared/testdata")
root = Path(sys.argv[1])
if not source.is_dir():
    sys.exit(f"the real models are not at {source}: this suite needs them")
for path in sorted(source.rglob("*.onnx")):
    name = path.parent.name if path.stem == "model" else path.stem if path.stem != "model_fp16" else f"{path.parent.name}-fp16"
    folder = root / name / "1"
    folder.mkdir(parents=True)
    shutil.copy(path, folder / "model.onnx")
tasks = {
    "mobilenet-v2-int8": {"task": "image-classification", "labels": {"scores": "labels.txt"}},
    "mnist": {"task": {"name": "image-classification", "preprocess": [{"decodeImage": {}}, {"pictureTensor": {"scale": 1}}], "postprocess": [{"topK": {"k": 1}}]}},
    "iris-tensor": {"task": {"name": "tabular-classification", "preprocess": [{"columns": {"inputs": {"X": ["sl", "sw", "pl", "pw"]}}}]}},
    "iris-columns": {"task": "tabular-classification"},
    "ultraface-rfb-320": {
        "task": {
            "name": "object-detection",
            "preprocess": [{"decodeImage": {}}, {"pictureTensor": {"scale": 1, "mean": [127], "std": [128]}}],
            "postprocess": [{"boxes": {"background": 0, "threshold": 0.7, "overlap": 0.3}}],
        },
        "labels": {"scores": "labels.txt"},
    },
    "super-resolution": {"task": "image-to-image"},
    "magika": {
        "task": {
            "name": "text-classification",
            "preprocess": [{"bytes": {"first": 1024, "last": 1024, "padding": 256, "stripWithin": 4096, "atLeast": 8}}],
            "postprocess": [{"topK": {"k": 1}}],
        },
        "labels": {"target_label": "labels.txt"},
    },
    "silero-vad": {"task": "voice-activity-detection"},
    "iris-zipmap": {"task": "tabular-classification"},
    "petal-width-forest": {"task": "tabular-regression"},
    "banking77-tfidf": {"task": "text-classification"},
    "all-minilm-l6-v2-int8": {"task": "feature-extraction"},
    "tinystories-260k": {"task": "text-generation"},
    "tinystories-260k-fp16": {"task": "text-generation"},
}
for name, config in tasks.items():
    (root / name / "model.json").write_text(json.dumps(config))
shutil.copy(source / "all-minilm-l6-v2-int8/tokenizer.json", root / "all-minilm-l6-v2-int8/1/tokenizer.json")
for name in ("tinystories-260k", "tinystories-260k-fp16"):
    for file in ("tokenizer.json", "tokenizer_config.json", "config.json", "generation_config.json"):
        shutil.copy(source / "tinystories-260k" / file, root / name / "1" / file)
(root / "ultraface-rfb-320/1/labels.txt").write_text("nothing\nface\n")
names = json.loads((source / "magika/config.min.json").read_text())["target_labels_space"]
(root / "magika/1/labels.txt").write_text("\n".join(names) + "\n")
shutil.copy(source / "mobilenet-v2-int8/labels.txt", root / "mobilenet-v2-int8/1/labels.txt")

tokenizer = (source / "all-minilm-l6-v2-int8/tokenizer.json").read_text()
vocabulary = json.loads(tokenizer)["model"]["vocab"]

# The same encoder, whose sentences are compared.
shutil.copytree(root / "all-minilm-l6-v2-int8", root / "minilm-similarity")
(root / "minilm-similarity/model.json").write_text(json.dumps({"task": "sentence-similarity"}))

# Names words: the classes of a token are a row of a table.
classes = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
table = np.zeros((len(vocabulary), len(classes)), np.float32)
table[:, 0] = 8
for token, name in {"angela": "B-PER", "##hi": "I-PER", "new": "B-LOC", "york": "I-LOC", "zurich": "B-LOC"}.items():
    table[vocabulary[token]] = [8 if each == name else 0 for each in classes]
graph = helper.make_graph(
    [helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
    "names",
    [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "tokens"])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "tokens", len(classes)])],
    [numpy_helper.from_array(table, "table")],
)
names = root / "names" / "1"
names.mkdir(parents=True)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), names / "model.onnx")
(names / "tokenizer.json").write_text(tokenizer)
(names / "labels.txt").write_text("\n".join(classes) + "\n")
(root / "names/model.json").write_text(json.dumps({"task": "token-classification", "labels": {"logits": "labels.txt"}}))

# A classifier by the mean of each colour, as repositories of such models are.
pictures = root / "hugging-face-colours" / "1"
(pictures / "onnx").mkdir(parents=True)
graph = helper.make_graph(
    [
        helper.make_node("Conv", ["pixel_values", "ones"], ["patches"], strides=[16, 16]),
        helper.make_node("GlobalAveragePool", ["patches"], ["means"]),
        helper.make_node("Flatten", ["means"], ["logits"]),
    ],
    "colours",
    [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", "channels", "height", "width"])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])],
    [numpy_helper.from_array(np.einsum("ij,hw->ijhw", np.eye(3), np.full((16, 16), 1 / 256)).astype(np.float32), "ones")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, pictures / "onnx/model.onnx")
names = {str(at): name for at, name in enumerate(["red", "green", "blue"])}
(pictures / "config.json").write_text(json.dumps({"architectures": ["ViTForImageClassification"], "id2label": names}))
processor = {
    "image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 96}, "resample": 3,
    "do_center_crop": True, "crop_size": {"height": 64, "width": 64}, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4],
}
(pictures / "preprocessor_config.json").write_text(json.dumps(processor))

# A repository whose config.json is broken, and one for which there is no task.
for name, config in {"broken": '{"architectures": [', "masked": '{"architectures": ["BertForMaskedLM"]}'}.items():
    folder = root / f"hugging-face-{name}" / "1"
    shutil.copytree(pictures, folder)
    (folder / "config.json").write_text(config)

# Faces where the picture keeps its proportions.
within = root / "ultraface-within"
shutil.copytree(root / "ultraface-rfb-320", within)
config = json.loads((within / "model.json").read_text())
config["task"]["preprocess"][1]["pictureTensor"] |= {"fit": "letterbox", "padding": 127}
(within / "model.json").write_text(json.dumps(config))

# Repositories as Hugging Face has them, without a model.json, and with what is of no use here.
for name in ("all-minilm-l6-v2-int8", "tinystories-260k"):
    folder = root / f"hugging-face-{name}" / "1"
    (folder / "onnx").mkdir(parents=True)
    shutil.copy(source / name / "model.onnx", folder / "onnx/model.onnx")
    for file in source.joinpath(name).glob("*.json"):
        if file.name != "expected.json":
            shutil.copy(file, folder)
    (folder / "onnx/model_q4.onnx").write_text("another form of the model")
    (folder / "pytorch_model.bin").write_text("its weights for another runtime")
    (folder / "README.md").write_text("# A model")
pooling = root / "hugging-face-all-minilm-l6-v2-int8/1/1_Pooling/config.json"
pooling.parent.mkdir()
pooling.write_text(json.dumps({"word_embedding_dimension": 384, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}))
(pooling.parent.parent / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 256, "do_lower_case": False}))
kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
modules = [{"idx": at, "path": path, "type": f"sentence_transformers.models.{kind}"} for at, (path, kind) in enumerate(kinds)]
(pooling.parent.parent / "modules.json").write_text(json.dumps(modules))

# The same model with its state on the server.
sequences = root / "silero-vad-sequences"
shutil.copytree(root / "silero-vad", sequences)
state = {"sequence": {"state": [{"input": "state", "output": "stateN"}]}}
(sequences / "model.json").write_text(json.dumps(state))

# Measures in millimetres, and an ensemble that classifies flowers by them: the classifier was trained on centimetres.
tensor = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4])
graph = helper.make_graph(
    [helper.make_node("Mul", ["millimetres", "tenth"], ["centimetres"])],
    "scaler",
    [tensor("millimetres")],
    [tensor("centimetres")],
    [helper.make_tensor("tenth", TensorProto.FLOAT, [], [0.1])],
)
scaler = root / "millimetres" / "1"
scaler.mkdir(parents=True)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, scaler / "model.onnx")
steps = [
    {"model": "iris-tensor", "inputs": {"X": "cm"}, "outputs": {"label": "label", "probabilities": "probabilities"}},
    {"model": "millimetres", "inputs": {"millimetres": "mm"}, "outputs": {"centimetres": "cm"}},
]
(root / "flowers").mkdir()
(root / "flowers" / "model.json").write_text(json.dumps({"inputs": ["mm"], "outputs": ["label", "probabilities"], "steps": steps}))
