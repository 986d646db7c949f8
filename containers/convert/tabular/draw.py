"""Rows for models that came without samples."""
import json

import numpy as np

ONE_BY_ONE = 48
TOGETHER = (3, 13)
"""Rows in the samples that have more than one, so that two sizes of a batch are tried beside one."""


def draw_rows(features, seed, thresholds=None, on_edges=False, with_missing=False, scale_of=()):
    """
    Samples of float32 rows: about the thresholds of trees, or as the scalers of a pipeline say that the features lie. `on_edges`: on the thresholds
    too, where those are float32 themselves.
    """
    random = np.random.default_rng(seed)
    count = ONE_BY_ONE + sum(TOGETHER)
    centre, spread = scale(features, scale_of)
    rows = centre + spread * random.standard_normal((count, features))
    for feature, values in {**thresholds_of_sklearn(scale_of), **(thresholds or {})}.items():
        rows[:, feature] = random.choice(np.concatenate([between(values), values if on_edges else []]), count)
    if with_missing:
        rows[random.random(rows.shape) < 0.1] = np.nan
    ends = np.cumsum([1] * ONE_BY_ONE + list(TOGETHER))[:-1]
    return np.split(rows.astype(np.float32), ends)


def between(values):
    """Numbers on each side of every threshold, and none near one: which side of it a number is on must not hang on its last bit."""
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


def thresholds_of_sklearn(parts):
    """Of forests and trees that see the features as they came."""
    if len(parts) != 1:
        return {}
    found = {}
    for tree in np.ravel(getattr(parts[0], "estimators_", parts[0])):
        inner = getattr(tree, "tree_", None)
        if inner is not None and hasattr(inner, "threshold"):
            collect(found, inner.feature, inner.threshold)
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
        if feature is not None and feature >= 0:
            found.setdefault(int(feature), []).append(float(threshold))
