"""LitServe with its batching: python litserve_server.py MODEL PORT ROWS THREADS"""

import sys

import litserve
import numpy as np
from end_with_bench import end_with_bench
from onnx_model import OnnxModel


class Api(litserve.LitAPI):
    def __init__(self, path: str, **options):
        super().__init__(**options)
        self.path = path

    def setup(self, device: str) -> None:
        # Several workers with a thread each do better than one with several.
        self.model = OnnxModel(self.path, 1)

    def decode_request(self, request: dict) -> np.ndarray:
        return np.asarray(request["x"], self.model.dtype)

    def batch(self, inputs: list) -> np.ndarray:
        return np.concatenate(inputs)

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self.model.run(x)

    def unbatch(self, output: np.ndarray) -> list:
        return list(output)

    def encode_response(self, output: np.ndarray) -> dict:
        return {"y": output.tolist()}


if __name__ == "__main__":
    end_with_bench()
    path, port, rows, workers = sys.argv[1], *map(int, sys.argv[2:])
    api = Api(path, max_batch_size=rows, batch_timeout=0.005)
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=workers)
    server.run(host="127.0.0.1", port=port, log_level="warning", generate_client_file=False)
