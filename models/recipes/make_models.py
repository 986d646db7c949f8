"""Makes the sample models from scikit-learn's own data: python models/recipes/make_models.py

Needs: scikit-learn==1.9.1 skl2onnx==1.20.0 onnx==1.23.2
"""
import json
from pathlib import Path

from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

models = Path(__file__).parent.parent


def store(name, model, columns):
    onnx = to_onnx(
        model,
        initial_types=[("X", FloatTensorType([None, columns]))],
        final_types=None,
        options={"zipmap": False},
        target_opset={"": 17, "ai.onnx.ml": 3},
    )
    onnx.graph.name = name
    folder = models / name / "1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(onnx.SerializeToString(deterministic=True))
    return folder


iris = load_iris()
folder = store("iris", make_pipeline(StandardScaler(), LogisticRegression()).fit(iris.data, iris.target), 4)
config = {
    "architectures": ["TensorgateForTabularClassification"],
    "columns": ["sepal_length", "sepal_width", "petal_length", "petal_width"],
    "id2label": {str(number): str(name) for number, name in enumerate(iris.target_names)},
}
(folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")

digits = load_digits()
network = MLPClassifier((32,), max_iter=300, random_state=0)
store("digits", make_pipeline(StandardScaler(), network).fit(digits.data, digits.target), 64)
