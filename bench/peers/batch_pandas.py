"""Records as pandas reads them, CSV or JSON lines, 10,000 at a time, each a run. python batch_pandas.py MODEL INPUT OUTPUT"""

import sys

import numpy as np
import onnxruntime
import pandas

model, source, target = sys.argv[1:]
session = onnxruntime.InferenceSession(model)
with open(target, "w") as out:
    if source.endswith(".csv"):
        frames = pandas.read_csv(source, chunksize=10_000)
    else:
        frames = pandas.read_json(source, lines=True, chunksize=10_000)
    for frame in frames:
        x = np.array(frame["x"].to_list(), np.float32) if "x" in frame else frame.drop(columns="id").to_numpy(np.float32)
        (y,) = session.run(["y"], {"x": x})
        answers = pandas.DataFrame({"id": frame["id"], "y": y.tolist()})
        answers.to_json(out, orient="records", lines=True)
