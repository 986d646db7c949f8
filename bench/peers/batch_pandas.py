"""A table as pandas reads it, 10,000 rows at a time, each a run. python batch_pandas.py MODEL INPUT OUTPUT"""

import sys

import numpy as np
import onnxruntime
import pandas

model, source, target = sys.argv[1:]
session = onnxruntime.InferenceSession(model)
with open(target, "w") as out:
    for frame in pandas.read_csv(source, chunksize=10_000):
        x = frame.drop(columns="id").to_numpy(np.float32)
        (y,) = session.run(["y"], {"x": x})
        answers = pandas.DataFrame({"id": frame["id"], "y": y.tolist()})
        answers.to_json(out, orient="records", lines=True)
