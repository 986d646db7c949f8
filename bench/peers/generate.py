"""Generates text in Python: ENGINE MODEL JOB, as bench/processes/generate.ts does; prints the same lines.

ENGINE is `binding` (onnxruntime, caches as values that stay native), `genai` (onnxruntime-genai) or `llama` (llama-cpp-python).
"""

import json
import sys
import time


def open_binding(path: str, job: dict):
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job["threads"]
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    pasts = [each for each in session.get_inputs() if each.name.startswith("past_")]
    takes_positions = any(each.name == "position_ids" for each in session.get_inputs())
    presents = [each.name.replace("past_key_values", "present") for each in pasts]

    def tokens(prompt: list, count: int):
        caches = [
            onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros([1, each.shape[1], 0, each.shape[3]], numpy.float32))
            for each in pasts
        ]
        if job["inPlace"]:
            length = len(prompt) + count
            caches = [
                onnxruntime.OrtValue.ortvalue_from_numpy(
                    numpy.zeros([1, each.shape[1], length, each.shape[3]], numpy.float32)
                )
                for each in pasts
            ]
        fed, length = prompt, 0
        for _ in range(count):
            binding = session.io_binding()
            binding.bind_cpu_input("input_ids", numpy.array([fed], numpy.int64))
            binding.bind_cpu_input("attention_mask", numpy.ones([1, length + len(fed)], numpy.int64))
            if takes_positions:
                binding.bind_cpu_input("position_ids", numpy.arange(length, length + len(fed))[None])
            for each, cache in zip(pasts, caches):
                binding.bind_ortvalue_input(each.name, cache)
            binding.bind_output("logits", "cpu")
            for name, cache in zip(presents, caches):
                if job["inPlace"]:
                    binding.bind_ortvalue_output(name, cache)
                else:
                    binding.bind_output(name, "cpu")
            session.run_with_iobinding(binding)
            logits, *found = binding.get_outputs()
            if not job["inPlace"]:
                caches = found
            length += len(fed)
            fed = [int(logits.numpy()[0, -1].argmax())]
            yield fed[0]

    return tokens


def open_genai(path: str, job: dict):
    import os

    import onnxruntime_genai

    folder = os.path.dirname(path)
    config = onnxruntime_genai.Config(folder)
    threads = {"model": {"decoder": {"session_options": {"intra_op_num_threads": job["threads"]}}}}
    config.overlay(json.dumps(threads))
    model = onnxruntime_genai.Model(config)

    def tokens(prompt: list, count: int):
        params = onnxruntime_genai.GeneratorParams(model)
        params.set_search_options(max_length=len(prompt) + count, do_sample=False)
        generator = onnxruntime_genai.Generator(model, params)
        generator.append_tokens(prompt)
        for _ in range(count):
            generator.generate_next_token()
            yield generator.get_next_tokens()[0]

    return tokens


def open_llama(path: str, job: dict):
    import llama_cpp

    model = llama_cpp.Llama(
        path, n_ctx=1024, n_threads=job["threads"], n_threads_batch=job["threads"], verbose=False, n_batch=512
    )

    def tokens(prompt: list, count: int):
        model.reset()
        for place, token in enumerate(model.generate(prompt, temp=0, reset=True)):
            yield token
            if place + 1 == count:
                return

    return tokens


def main() -> None:
    engine, path, text = sys.argv[1:]
    job = json.loads(text)
    generate = {"binding": open_binding, "genai": open_genai, "llama": open_llama}[engine](path, job)

    def prompt(number: int) -> list:
        return [3 + (number * 977 + index * 31) % 30_000 for index in range(job["promptTokens"])]

    list(generate(prompt(0), 2))
    print("ready", flush=True)
    for number, _ in enumerate(sys.stdin, 1):
        started = time.perf_counter()
        times = []
        for _token in generate(prompt(number), job["newTokens"]):
            times.append(time.perf_counter())
        per_second = (len(times) - 1) / (times[-1] - times[0])
        with_prompts = len(times) / (times[-1] - started)
        found = {"perSecond": per_second, "withPrompts": with_prompts, "firstMs": (times[0] - started) * 1000}
        print(json.dumps(found), flush=True)


main()
