import os

import pytest


@pytest.fixture(scope="session")
def url():
    """Host, port and base path of the running server."""
    return os.environ["TENSORGATE_URL"]


@pytest.fixture(scope="session")
def grpc_address():
    """Host and port of the running server's gRPC; None where it has none."""
    return os.environ.get("TENSORGATE_GRPC")
