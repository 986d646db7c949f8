"""Rows for models that came without samples."""
import json

import numpy as np

ONE_BY_ONE = 48
TOGETHER = (3, 13)
"""Rows in the samples that have more than one, so that two sizes of a batch are tried beside one."""


def draw_rows(features, seed, thresholds, with_missing=False, scale_of=()):
    """Samples of float32 rows: on the thresholds of trees and between them, or as the scalers of a pipeline say that the features lie."""
    random = np.random.default_rng(seed)
    count = ONE_BY_ONE + sum(TOGETHER)
    centre, spread = scale(features, scale_of)
    rows = centre + spread * random.standard_normal((count, features))
    for feature, values in thresholds.items():
        rows[:, feature] = random.choice(np.concatenate([between(values), values]), count)
    if with_missing:
        rows[random.random(rows.shape) < 0.1] = np.nan
    ends = np.cumsum([1] * ONE_BY_ONE + list(TOGETHER))[:-1]
    return np.split(rows.astype(np.float32), ends)


def between(values):
    """Numbers on each side of every threshold."""
    values = np.unique(np.asarray(values, dtype=np.float64))
    edge = max(1.0, float(values[-1] - values[0]))
    middle = (values[:-1] + values[1:]) / 2
    # Two that differ by less than a float32 can tell have nothing between them.
    middle = middle[np.diff(values) > 1e-5 * np.maximum(1, np.abs(middle))]
    return np.concatenate([[values[0] - edge], middle, [values[-1] + edge]])


def scale(features, parts):
    for part in parts:
        centre, spread = getattr(part, "mean_", None), getattr(part, "scale_", None)
        if np.shape(centre) == (features,) == np.shape(spread):
            return np.asarray(centre), np.asarray(spread)
        low, high = getattr(part, "data_min_", None), getattr(part, "data_max_", None)
        if np.shape(low) == (features,):
            return (low + high) / 2, (high - low) / 4
    return np.zeros(features), np.ones(features)


def thresholds_of_sklearn(model):
    """Of forests and trees; nothing of pipelines, whose trees see the features otherwise than they came."""
    found = {}
    for tree in np.ravel(getattr(model, "estimators_", model)):
        inner = getattr(tree, "tree_", None)
        if inner is not None and hasattr(inner, "threshold"):
            collect(found, inner.feature, inner.threshold)
    for predictor in sum(getattr(model, "_predictors", []), []):
        splits = predictor.nodes[predictor.nodes["is_leaf"] == 0]
        collect(found, splits["feature_idx"], splits["num_threshold"])
    return found


def thresholds_of_xgboost(booster):
    """The tree as JSON has names of features, where they have some, and f0, f1, … where not."""
    names = {name: place for place, name in enumerate(booster.feature_names or [])}
    found = {}
    for tree in booster.get_dump(dump_format="json"):
        for node in walk(json.loads(tree), "children"):
            if "split" in node and isinstance(node.get("split_condition"), (int, float)):
                collect(found, [names.get(node["split"], None) if names else int(node["split"][1:])], [node["split_condition"]])
    return found


def thresholds_of_lightgbm(booster):
    found = {}
    for tree in booster.dump_model()["tree_info"]:
        for node in walk(tree["tree_structure"], "left_child", "right_child"):
            if isinstance(node.get("threshold"), (int, float)):
                collect(found, [node["split_feature"]], [node["threshold"]])
    return found


def walk(node, *branches):
    yield node
    for branch in branches:
        children = node.get(branch, [])
        for child in children if isinstance(children, list) else [children]:
            yield from walk(child, *branches)


def collect(found, features, thresholds):
    for feature, threshold in zip(features, thresholds):
        if feature is not None and feature >= 0 and np.isfinite(threshold):
            found.setdefault(int(feature), []).append(float(threshold))
