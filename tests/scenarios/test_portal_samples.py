"""Every code sample of the sample system's portal, taken from its pages and run as it stands."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.process import PATIENCE, ROOT, environment, free_port, running, specgw

LANGUAGES = ("curl", "python", "javascript", "go")
DOCUMENT = json.loads((ROOT / "generated" / "openapi.json").read_text())
# What reads comes first, and what removes last.
ORDER = ("get", "post", "put", "delete")
OPERATIONS = sorted(
    (ORDER.index(method), operation["operationId"], min(status for status in operation["responses"] if status.startswith("2")))
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portal's folder, built anew."""
    folder = tmp_path_factory.mktemp("portal")
    done = specgw("build", ROOT / "specs", "-o", folder / "generated", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "generated" / "portal"


def samples(portal: Path, language: str) -> dict[str, str]:
    """The samples of a language by operation, as somebody would copy them."""
    told = {}
    for _, name, _ in OPERATIONS:
        page = (portal / "operations" / f"{name}.html").read_text()
        found = re.findall(rf'<pre tabindex="0" class="sample {language}"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
        assert len(found) == 1, f"{name} has {len(found)} samples of {language}"
        told[name] = html.unescape(found[0])
    return told


def program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, f"this test needs {name}: on Debian, apt-get install {'golang-go' if name == 'go' else name}"
    return found


def commands(language: str, texts: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """How each sample is run; those of Go are built first, all at once."""
    if language == "curl":
        program("curl")
        return {name: ["/bin/sh", "-c", f"{text} --silent --show-error --include"] for name, text in texts.items()}
    if language == "python":
        runs = {name: [sys.executable, str(folder / f"{name}.py")] for name in texts}
    elif language == "javascript":
        runs = {name: [program("node"), str(folder / f"{name}.mjs")] for name in texts}
    else:
        runs = {name: [str(folder / "bin" / name)] for name in texts}
        (folder / "go.mod").write_text("module samples\n\ngo 1.18\n")
    for name, text in texts.items():
        path = folder / name / "main.go" if language == "go" else Path(runs[name][1])
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n")
    if language == "go":
        cache = {name: str(folder / name.lower()) for name in ("GOCACHE", "GOPATH") if name not in os.environ}
        environ = environment(GOFLAGS="-mod=mod", GOPROXY="off", CGO_ENABLED="0", **cache)
        (folder / "bin").mkdir()
        built = subprocess.run(
            [program("go"), "build", "-o", f"{folder}/bin/", "./..."], cwd=folder, env=environ, capture_output=True, text=True, timeout=110
        )
        assert built.returncode == 0, built.stderr
    return runs


def status(language: str, output: str) -> str:
    """The status of the answer, as the sample prints it; curl's comes with the head."""
    first = output.splitlines()[0]
    return first.split()[1] if language == "curl" else first


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sample_gets_the_documented_status(language: str, portal: Path, tmp_path: Path) -> None:
    runs = commands(language, samples(portal, language), tmp_path)
    ports = ("--port", str(free_port()), "--users-port", str(free_port()), "--products-port", str(free_port()))
    with running("up", *ports, cwd=tmp_path) as up:
        gateway = up.expect(r"^specgw is up on (http://127\.0\.0\.1:\d+)\. Try:$")[1]
        environ = environment(GATEWAY=gateway, API_KEY="DEV_KEY_12345")
        for _, name, documented in OPERATIONS:
            done = subprocess.run(runs[name], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode == 0, f"{name}: {done.stderr}"
            assert status(language, done.stdout) == documented, f"{name}: {done.stdout}"
