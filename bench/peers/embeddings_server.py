"""What careful people write today for embeddings: python bench/peers/embeddings_server.py FOLDER THREADS. Prints its port.

FOLDER has model.onnx and tokenizer.json. Texts of a request are sorted by length and run 32 at a time, padded to the longest of them.
"""

import base64
import socket
import sys

import numpy as np
import onnxruntime
import orjson
import uvicorn
from fastapi import FastAPI, Response
from tokenizers import Tokenizer

folder, threads = sys.argv[1], int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.enable_padding()
rows = 32
app = FastAPI()


def embed(texts: list[str]) -> tuple[np.ndarray, int]:
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors, tokens = np.empty((len(texts), 384), np.float32), 0
    for first in range(0, len(order), rows):
        some = order[first : first + rows]
        encoded = tokenizer.encode_batch([texts[index] for index in some])
        ids = np.array([each.ids for each in encoded], np.int64)
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        (hidden,) = session.run(["last_hidden_state"], {"input_ids": ids, "attention_mask": mask})
        weights = mask[:, :, None].astype(np.float32)
        means = (hidden * weights).sum(1) / weights.sum(1)
        vectors[some] = means / np.linalg.norm(means, axis=1, keepdims=True)
        tokens += int(mask.sum())
    return vectors, tokens


@app.post("/v1/embeddings")
def embeddings(body: dict) -> Response:
    # A function that is not async runs on FastAPI's threads: the event loop stays free.
    vectors, tokens = embed(body["input"])
    data = [
        {"object": "embedding", "index": index, "embedding": base64.b64encode(vector.tobytes()).decode()}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    answer = {"object": "list", "data": data, "model": body["model"], "usage": usage}
    return Response(orjson.dumps(answer), media_type="application/json")


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False)
    print(f"port {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])
