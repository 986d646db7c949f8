import os

import pytest


@pytest.fixture(scope="session")
def url():
    """Host, port and base path of the running server."""
    return os.environ["TENSORGATE_URL"]


@pytest.fixture(scope="session")
def grpc_address():
    """Host and port of the running server's gRPC."""
    return os.environ["TENSORGATE_GRPC"]
