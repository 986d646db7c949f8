"""Triton, which calls Python for each batch that its dynamic batcher forms: python triton_server.py MODEL PORT ROWS THREADS"""

import os
import sys
import sysconfig
import time

import numpy as np
from end_with_bench import end_with_bench
from onnx_model import OnnxModel
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig
from tritonclient.utils import InferenceServerException

# Of pytriton 0.7.0 the second instance asks the first by a socket as soon as its file is there, which is before anybody listens
# at it: now and then the model does not load.
STARTS = 3


def infer_with(one: OnnxModel):
    @batch
    def infer(**inputs):
        return {one.output: one.run(inputs[one.input])}

    return infer


def serve(models: list[OnnxModel], port: int, rows: int) -> None:
    (model, *_) = models
    places = {"http_address": "127.0.0.1", "http_port": port, "allow_grpc": False, "allow_metrics": False}
    with Triton(config=TritonConfig(**places)) as triton:
        triton.bind(
            model_name=os.environ["MODEL_NAME"],
            infer_func=[infer_with(one) for one in models],
            inputs=[Tensor(name=model.input, dtype=model.dtype, shape=model.input_shape)],
            outputs=[Tensor(name=model.output, dtype=np.float32, shape=model.output_shape)],
            config=ModelConfig(max_batch_size=rows, batcher=DynamicBatcher()),
        )
        triton.run()
        while True:
            time.sleep(60)


if __name__ == "__main__":
    end_with_bench()
    # Triton's own Python takes the library of another, of the system, where this one's is not named.
    os.environ["LD_LIBRARY_PATH"] = sysconfig.get_config_var("LIBDIR")
    path, port, rows, workers = sys.argv[1], *map(int, sys.argv[2:])
    # Several instances with a thread each do better than one with several.
    models = [OnnxModel(path, 1) for _ in range(workers)]
    for start in range(1, STARTS + 1):
        try:
            serve(models, port, rows)
        except InferenceServerException:
            if start == STARTS:
                raise
