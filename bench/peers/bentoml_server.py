"""BentoML with its adaptive batching: python bentoml_server.py MODEL PORT ROWS THREADS"""

import sys
from typing import Annotated

import bentoml
import numpy as np
import uvicorn
from bentoml.validators import DType
from end_with_bench import end_with_bench
from onnx_model import OnnxModel

path, port, rows, threads = sys.argv[1], *map(int, sys.argv[2:])
model = OnnxModel(path, threads)


@bentoml.service(metrics={"enabled": False}, logging={"access": {"enabled": False}})
class Served:
    @bentoml.api(batchable=True, max_batch_size=rows)
    def infer(self, x: Annotated[np.ndarray, DType(np.dtype(model.dtype).name)]) -> np.ndarray:
        return model.run(x)


if __name__ == "__main__":
    end_with_bench()
    # As `bentoml serve` has it with one worker, without the process that watches over that.
    uvicorn.run(Served.to_asgi(), host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_level="warning")
