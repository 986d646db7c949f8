import os

import pytest


@pytest.fixture(scope="session")
def url():
    """Host, port and base path of the running server."""
    return os.environ["TENSORGATE_URL"]
