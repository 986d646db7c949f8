"""Thresholds of trees that compare in double precision, for rows in single."""
import numpy as np


def round_down(onnx, thresholds):
    """
    x <= t holds for the float32 x that are at most the float32 below t, but converters write the nearest: where that is above t, rows on it would go
    the other way. `thresholds`: feature -> its thresholds in double precision.
    """
    nearest = {}
    for feature, values in thresholds.items():
        for value in values:
            nearest.setdefault((feature, float(np.float32(value))), []).append(value)
    for node in onnx.graph.node:
        found = {attribute.name: attribute for attribute in node.attribute}
        if "nodes_values" not in found:
            continue
        modes, features, values = (found[f"nodes_{name}"] for name in ("modes", "featureids", "values"))
        values.floats[:] = [
            float(np.nextafter(np.float32(value), np.float32(-np.inf)))
            if mode == b"BRANCH_LEQ" and all(double < value for double in nearest.get((feature, value), [value]))
            else value
            for mode, feature, value in zip(modes.strings, features.ints, values.floats)
        ]
