"""sentence-transformers with its ONNX back end: python bench/peers/sentence_transformers_loop.py FOLDER THREADS.

Reads texts as a line of JSON, then a number of rounds a line; prints "ready", the vectors of the texts in base64, and the seconds of
each line's rounds. The batch is the default, 32, of texts sorted by length.
"""

import base64
import json
import sys
import time

import onnxruntime
from sentence_transformers import SentenceTransformer

folder, threads = sys.argv[1], int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
settings = {"file_name": "model.onnx", "subfolder": "onnx", "export": False, "provider": "CPUExecutionProvider", "session_options": options}
model = SentenceTransformer(folder, backend="onnx", device="cpu", local_files_only=True, model_kwargs=settings)
texts = json.loads(sys.stdin.readline())
vectors = model.encode(texts, show_progress_bar=False)
print(f"ready {base64.b64encode(vectors.tobytes()).decode()}", flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(int(line)):
        model.encode(texts, show_progress_bar=False)
    print(f"seconds {time.perf_counter() - began}", flush=True)
