"""Lays the real models of ../shared/testdata out as a repository: python make_models.py FOLDER"""
import json
import shutil
import sys
from pathlib import Path

source = Path("../shared/testdata")
root = Path(sys.argv[1])
if not source.is_dir():
    sys.exit(f"the real models are not at {source}: this suite needs them")
for path in sorted(source.rglob("*.onnx")):
    name = path.parent.name if path.stem == "model" else path.stem if path.stem != "model_fp16" else f"{path.parent.name}-fp16"
    folder = root / name / "1"
    folder.mkdir(parents=True)
    shutil.copy(path, folder / "model.onnx")
config = {"labels": {"scores": "labels.txt"}}
(root / "mobilenet-v2-int8" / "model.json").write_text(json.dumps(config))
shutil.copy(source / "mobilenet-v2-int8/labels.txt", root / "mobilenet-v2-int8/1/labels.txt")
