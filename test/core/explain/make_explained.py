"""What the packages lime and shap say of iris and of texts, which ours is compared with: python test/core/explain/make_explained.py

Needs: lime==0.2.0.1 shap==0.51.0 scikit-learn onnxruntime, and ../shared/testdata.
"""
import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
import shap
from lime.lime_tabular import LimeTabularExplainer
from lime.lime_text import LimeTextExplainer
from sklearn.datasets import load_iris

here = Path(__file__).parent
root = here.parents[2]
texts = [
    "How do I locate my new card?",
    "My top up was reverted and the money is gone",
    "Which exchange rate applies when I travel abroad",
]


def columns():
    data = load_iris().data.astype(np.float32)
    session = onnxruntime.InferenceSession(root / "models/iris/1/model.onnx")

    def predict(rows):
        return session.run(["probabilities"], {"X": np.asarray(rows, np.float32)})[0].astype(float)

    baseline, rows = data[::10], data[[0, 25, 60, 77, 90, 120, 133, 149]]
    values = shap.KernelExplainer(predict, baseline).shap_values(rows, silent=True)
    tabular = LimeTabularExplainer(baseline, discretize_continuous=False, random_state=1)
    explained = []
    for row, shares in zip(rows, np.array(values), strict=True):
        target = int(predict([row]).argmax())
        found = tabular.explain_instance(row.astype(float), predict, labels=[target], num_features=4, num_samples=20_000)
        weights = dict(found.as_map()[target])
        explained.append({
            "row": plain(row),
            "target": target,
            "shap": plain(shares[:, target]),
            "lime": plain([weights[column] for column in range(4)]),
        })
    return {"baseline": [plain(row) for row in baseline], "rows": explained}


def words():
    session = onnxruntime.InferenceSession(root.parent / "shared/testdata/banking77-tfidf/banking77-tfidf.onnx")

    def predict(some):
        inputs = np.array([[text] for text in some], dtype=object)
        return session.run(["probabilities"], {"text": inputs})[0].astype(float)

    explained = []
    for text in texts:
        target = int(predict([text]).argmax())
        found = LimeTextExplainer(random_state=1).explain_instance(text, predict, labels=[target], num_features=100, num_samples=20_000)
        weights = dict(found.as_list(target))
        own = [word for word in re.split(r"\W+", text) if word]

        def without(masks, own=own):
            return predict([" ".join(word for word, kept in zip(own, mask, strict=True) if kept) for mask in masks])

        explainer = shap.KernelExplainer(without, np.zeros((1, len(own))))
        shares = explainer.shap_values(np.ones((1, len(own))), silent=True, nsamples=4000, l1_reg=False)
        explained.append({
            "text": text,
            "target": target,
            "lime": plain([weights[word] for word in own]),
            "shap": plain(np.array(shares)[0, :, target]),
        })
    return explained


def plain(numbers):
    return [float(f"{number:.6g}") for number in numbers]


(here / "explained.json").write_text(json.dumps({"iris": columns(), "texts": words()}, indent=2) + "\n")
