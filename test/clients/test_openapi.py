import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator


def read(url, path):
    with urllib.request.urlopen(f"http://{url}{path}") as response:
        return response.read().decode()


def test_the_document_is_valid_and_has_each_model(url):
    document = json.loads(read(url, "/openapi.json"))
    OpenAPIV31SpecValidator(document).validate()
    assert "/v2/models/classifier/infer" in document["paths"]


def test_the_page_needs_no_internet(url):
    page = read(url, "/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links and not [link for link in links if re.match(r"(https?:)?//", link)]
    for link in links:
        if not link.startswith(("data:", "#")):
            urllib.request.urlopen(f"http://{url}/{link.removeprefix('./')}").read()


def test_fuzz(url):
    """Requests made from the document: none may fail in the server, and each answer must be as documented."""
    command = [
        str(Path(sys.executable).absolute().parent / "schemathesis"), "--config-file", "../test/python/schemathesis.toml", "run", f"http://{url}/openapi.json", "--url", f"http://{url}",
        "--max-examples", "20", "--phases", "examples,coverage,fuzzing", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--exclude-path-regex", "repository|slow|story|v1/jobs/|/(cancel|checkpoints)$", "--suppress-health-check", "all", "--seed", "1", "--generation-database", "none",
    ]
    result = subprocess.run(command, capture_output=True, text=True, timeout=900, cwd=".cache", env={**os.environ, "NO_COLOR": "1"})
    assert result.returncode == 0, result.stdout[-6000:]
