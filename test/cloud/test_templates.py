"""The synthesized templates, as cfn-lint sees them."""
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("folder", ["cdk.out", "cdk.out/prod", "cdk.out/containers"])
def test_cfn_lint(folder):
    templates = [str(path) for path in Path(folder).glob("*.template.json")]
    assert len(templates) == 2
    # W3005: a DependsOn that a reference makes needless, which the CDK writes.
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--ignore-checks", "W3005", "--", *templates]
    result = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stdout
