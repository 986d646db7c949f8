"""Triton's perf_analyzer measures the server, over HTTP and gRPC, and what it counts is what the server counts."""
import os
import re
import subprocess

import pytest

program = os.environ.get("PERF_ANALYZER")


@pytest.mark.skipif(not program, reason="perf_analyzer runs on Debian and the like, on x64")
@pytest.mark.parametrize("protocol", ["http", "grpc", "stream"])
def test_measures(url, grpc_address, protocol):
    address = ["-i", "http", "-u", url] if protocol == "http" else ["-i", "grpc", "-u", grpc_address]
    how = [*address, *(["--streaming"] if protocol == "stream" else [])]
    window = ["--measurement-mode", "count_windows", "--measurement-request-count", "200", "-s", "1000", "-r", "3"]
    environment = {**os.environ, "LD_LIBRARY_PATH": os.environ["PERF_ANALYZER_LIBRARIES"]}
    words = [program, "-m", "simple", *how, *window, "--concurrency-range", "4"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr

    def count(what):
        return int(re.search(rf"{what}: (\d+)", done.stdout)[1])

    client, server = count("Request count"), count("Successful request count")
    assert server == count("Inference count") >= count("Execution count") > 0
    # Its windows begin and end while requests are under way: four in each of the three at most, at both ends.
    assert abs(client - server) <= 24 and client >= 600
