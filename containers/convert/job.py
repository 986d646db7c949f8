"""What the container of a deployment does: python job.py FAMILY_SCRIPT

It has no credentials. TENSORGATE_CONVERSION is a signed URL of a plan: by what URLs the source is read, and by what each file may be written. What the
script said goes to a URL of its own, so that this ends with 0 whenever it could tell."""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

MOST_SECONDS = 50 * 60
KEPT_CHARACTERS = 16_000
TRIES = 5


def main(script):
    # What reads the source is not told of it; that it could find it out gains it nothing but its own files.
    plan_url = os.environ.pop("TENSORGATE_CONVERSION")
    plan = json.loads(asked(lambda: urllib.request.Request(plan_url)))
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "in"), Path(name, "out")
        out.mkdir()
        for file, url in plan["inputs"].items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            asked(lambda url=url: urllib.request.Request(url), path)
        ended = convert(script, plan, folder, out)
        if ended["status"] == 0:
            for file, url in plan["outputs"].items():
                path = out / file
                if path.is_file() and not path.is_symlink():
                    put(url, path)
        path = Path(name, "ended.json")
        path.write_text(json.dumps(ended), encoding="utf-8")
        put(plan["ended"], path)


def convert(script, plan, folder, out):
    samples = ["--samples", str(folder / plan["samples"])] if "samples" in plan else []
    words = [sys.executable, str(script), str(folder / plan["source"]), str(out), "--seed", str(plan["seed"]), *samples]
    try:
        run = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=MOST_SECONDS, check=False)
        status, said = run.returncode, run.stderr
    except subprocess.TimeoutExpired as error:
        status, said = -9, (error.stderr or b"") + f"\nit took longer than {MOST_SECONDS} seconds".encode()
    return {"status": status, "said": said.decode("utf-8", "replace")[-KEPT_CHARACTERS:]}


def put(url, path):
    def request():
        # As a file, and with its length: it may be larger than memory, and S3 takes no chunks.
        headers = {"Content-Length": str(path.stat().st_size), "Content-Type": "application/octet-stream"}
        return urllib.request.Request(url, data=open(path, "rb"), headers=headers, method="PUT")

    asked(request)


def asked(request, path=None):
    """The answer, in a file or as bytes; what may pass is tried again."""
    for left in reversed(range(TRIES)):
        try:
            with urllib.request.urlopen(request(), timeout=60) as answer:
                if path is None:
                    return answer.read()
                with open(path, "wb") as file:
                    while piece := answer.read(1024 * 1024):
                        file.write(piece)
                return None
        except OSError as error:
            passes = not isinstance(error, urllib.error.HTTPError) or error.code >= 500
            if left == 0 or not passes:
                raise
            time.sleep(1)
    return None


main(Path(sys.argv[1]))
