"""What every family's script shares: its arguments, samples in and out, the report, and how it refuses."""
import argparse
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

REFUSED = 3
"""Exit status of a source that this cannot convert: the last line of stderr says what was expected, what came, and what to do."""


class Refused(Exception):
    """The source cannot be converted, for a reason that its owner can do something about."""


def main(convert):
    """Runs `convert(arguments)`, which gives a Conversion, and writes what the host looks at into the folder OUT."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--samples", type=Path, help="inputs to answer: a line of JSON each, as samples.jsonl has them")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs that are drawn where there are no samples")
    parser.add_argument("--code", type=Path, help="a folder of modules that the source needs")
    arguments = parser.parse_args()
    if arguments.code:
        sys.path.insert(0, str(arguments.code.resolve()))
    try:
        conversion = convert(arguments)
        conversion.write(arguments)
    except (Refused, ModuleNotFoundError) as error:
        reason = str(error)
        if isinstance(error, ModuleNotFoundError):
            reason = (
                f"the source needs the Python module '{error.name}', which is not here: give the folder that has it with --code, "
                "or a Python that has it with --python"
            )
        print(f"refused: {' '.join(reason.split())}", file=sys.stderr)
        sys.exit(REFUSED)


class Conversion:
    """An ONNX model with the inputs that it is to answer, and how the original answers them."""

    def __init__(self, framework, kind, packages, inputs, samples, answer, made_with=None):
        self.framework, self.kind, self.packages = framework, kind, packages
        self.inputs = inputs
        """Input -> its shape as the source has it, None where any size is taken."""
        self.samples = samples
        """A dict of arrays each, by input."""
        self.answer = answer
        """Such a dict -> a dict of arrays by output of the ONNX model, from the original framework."""
        self.made_with = made_with or {}
        """Package -> version that the source says it was made with."""

    def write(self, arguments):
        with open(arguments.out / "samples.jsonl", "w", encoding="utf-8") as file:
            for sample in self.samples:
                line = {"inputs": plain(sample), "outputs": plain(self.answer(sample))}
                file.write(json.dumps(line, allow_nan=False) + "\n")
        report = {
            "reportVersion": 1,
            "framework": self.framework,
            "kind": self.kind,
            "madeWith": self.made_with,
            "versions": {"python": sys.version.split()[0], **{name: version_of(name) for name in self.packages}},
            "inputs": {name: [-1 if size is None else size for size in shape] for name, shape in self.inputs.items()},
            "drawn": arguments.samples is None,
            **({"seed": arguments.seed} if arguments.samples is None else {}),
        }
        (arguments.out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def version_of(package):
    try:
        return version(package)
    except PackageNotFoundError:
        # The build of XGBoost without CUDA is a package of its own, for the same module.
        return version(f"{package}-cpu")


def plain(arrays):
    """Arrays as nested lists; NaN and infinities, which JSON lacks, as texts."""
    return {name: spelled(np.asarray(value).tolist()) for name, value in arrays.items()}


def spelled(value):
    if isinstance(value, list):
        return [spelled(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value.decode("utf-8") if isinstance(value, bytes) else value


def read_samples(path):
    """The inputs of each line of a samples.jsonl, as lists; None where no file was given."""
    if path is None:
        return None
    samples = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            samples.append(json.loads(line)["inputs"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f'{path.name} line {number}: expected {{"inputs": {{"name": values}}}}, got {line[:80]} ({error})') from error
    if not samples:
        raise Refused(f"{path.name} has no samples: expected a line of JSON each")
    return samples


def floats(value):
    """Nested lists as float32, the texts of NaN and infinities among them."""
    return np.array(value, dtype=np.float64).astype(np.float32)
