"""What careful people write today: python bench/peers/fastapi_server.py MODEL.onnx. Prints its port."""

import socket
import sys

import numpy as np
import onnxruntime
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
output_names = [output.name for output in session.get_outputs()]
dtypes = {"FP32": np.float32}
app = FastAPI()


@app.post("/v2/models/{name}/infer")
async def infer(name: str, request: Request) -> Response:
    body = orjson.loads(await request.body())
    feeds = {
        item["name"]: np.asarray(item["data"], dtypes[item["datatype"]]).reshape(item["shape"])
        for item in body["inputs"]
    }
    # On the event loop: the run is far shorter than a hop to another thread.
    values = session.run(output_names, feeds)
    outputs = [
        {"name": output, "datatype": "FP32", "shape": value.shape, "data": value.ravel()}
        for output, value in zip(output_names, values)
    ]
    answer = {"model_name": name, "model_version": "1", "outputs": outputs}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False)
    print(f"port {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])
