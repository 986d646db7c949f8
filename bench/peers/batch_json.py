"""What people write first: JSON lines, 32 at a time. python batch_json.py MODEL INPUT OUTPUT"""

import json
import sys
from itertools import islice

import numpy as np
import onnxruntime

model, source, target = sys.argv[1:]
session = onnxruntime.InferenceSession(model)
with open(source) as lines, open(target, "w") as out:
    while batch := [json.loads(line) for line in islice(lines, 32)]:
        x = np.array([record["x"] for record in batch], np.float32)
        (y,) = session.run(["y"], {"x": x})
        for record, row in zip(batch, y.tolist()):
            out.write(json.dumps({"id": record["id"], "y": row}) + "\n")
