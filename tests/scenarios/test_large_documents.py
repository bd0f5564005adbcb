"""Documents as large as real ones: as many routes as operations, served from documents and from what was built."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.scenarios.process import PATIENCE, ROOT, Running, command, environment, running, service, specgw

Record = Callable[[str, object], None]

SPECS = ROOT.parent / "shared" / "specs"
ANY = ("--port", "0", "--admin", "off")
MIB = 1 << 20
MOST_MEMORY = 250 * MIB
RESOURCES = 200
WORDS = ["every", "path", "the", "documents", "declare", "is", "served", "everything", "else", "refused", "before", "a", "service"]


@dataclass(frozen=True)
class Real:
    """A published document, and how some requests to it are answered: by the service (200), or by the gateway."""

    file: str
    answers: dict[str, int]


REAL = (
    Real("museum.yaml", {"/museum-hours": 401, "/nothing": 404}),
    Real("petstore3.yaml", {"/store/order/7": 200, "/store/order/seven": 400, "/pet/7": 401}),
    Real("readme/3.1-train-travel.json", {"/stations": 401, "/nothing": 404}),
    Real("openai.yaml", {"/models": 401, "/nothing": 404}),
    Real("github.yaml", {"/meta": 200, "/users?per_page=ten": 400, "/repos/a/b/issues/12": 200, "/nothing/at/all": 404}),
    Real("box.json", {"/authorize?response_type=code&client_id=x": 200, "/authorize": 400, "/users/me": 401}),
)


def prose(start: int, count: int) -> str:
    """So many words, other ones for another start."""
    return " ".join(WORDS[(start * 7 + index * (start % 5 + 1)) % len(WORDS)] for index in range(count))


def resource(number: int) -> tuple[str, str]:
    """Paths with four operations, and the schema that they use."""
    properties = "".join(
        f"        field{index}:\n"
        f"          type: {('string', 'integer', 'boolean')[index % 3]}\n"
        f"          description: {prose(number + index, 45)}\n"
        for index in range(30)
    )
    text = prose(number, 90)
    reference = f'$ref: "#/components/schemas/Thing{number}"'
    answer = f"responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{{reference}}}}}}}}}}}"
    body = f"requestBody: {{required: true, content: {{application/json: {{schema: {{{reference}}}}}}}}}"
    paths = f"""\
  /things{number}:
    get:
      operationId: list{number}
      description: {text}
      parameters:
        - {{name: page, in: query, schema: {{type: integer, minimum: 1}}}}
      {answer}
    post:
      operationId: add{number}
      description: {text}
      {body}
      {answer}
  /things{number}/{{id}}:
    parameters:
      - {{name: id, in: path, required: true, schema: {{type: integer}}}}
    get:
      operationId: get{number}
      description: {text}
      {answer}
    put:
      operationId: replace{number}
      description: {text}
      {body}
      {answer}
"""
    schema = f"""\
    Thing{number}:
      type: object
      required: [name]
      description: {text}
      properties:
        name: {{type: string, minLength: 1}}
        next: {{$ref: "#/components/schemas/Thing{(number + 1) % RESOURCES}"}}
{properties}"""
    return paths, schema


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document of about 3 MB with 800 operations."""
    path = tmp_path_factory.mktemp("large") / "large.yaml"
    parts = [resource(number) for number in range(RESOURCES)]
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: Large, version: '1'}\nservers: [{url: 'http://127.0.0.1:9'}]\npaths:\n"
        + "".join(paths for paths, _ in parts)
        + "components:\n  schemas:\n"
        + "".join(schema for _, schema in parts),
        encoding="utf-8",
    )
    assert 2.5 * MIB < path.stat().st_size < 4 * MIB
    return path


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with service({}) as url:
        yield url


def most_memory(process: Running) -> int:
    """Bytes that the server process has had in memory at most so far."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{process.process.pid}/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


def served(
    source: Path, upstream: str, folder: Path, record: Record, answers: dict[str, int], more: Callable[[str], None] = lambda base: None
) -> dict[str, Any]:
    """Serve documents or a built folder, check answers, what is asked more, and memory; what /readyz says."""
    begun = time.monotonic()
    with running("serve", source, *ANY, "--upstream", upstream, cwd=folder) as gateway:
        base = gateway.address()
        state: dict[str, Any] = httpx.get(f"{base}/readyz").json()
        record("seconds to the first answer", round(time.monotonic() - begun, 2))
        for target, status in answers.items():
            assert (target, httpx.get(base + target).status_code) == (target, status)
        more(base)
        record("MiB at most", most_memory(gateway) // MIB)
        assert most_memory(gateway) <= MOST_MEMORY
        return state


def posted(base: str, path: str, body: object) -> tuple[int, list[str]]:
    answer = httpx.post(base + path, json=body)
    return answer.status_code, [violation["pointer"] for violation in answer.json().get("violations", ())]


@pytest.mark.slow
@pytest.mark.parametrize("built", [False, True], ids=["documents", "built"])
def test_a_large_document_is_served(large: Path, upstream: str, tmp_path: Path, record_property: Record, built: bool) -> None:
    source = large
    if built:
        source = tmp_path / "generated"
        ended = specgw("build", large, "-o", source, cwd=tmp_path)
        assert (ended.returncode, json.loads((source / "findings.json").read_text(encoding="utf-8"))) == (0, {"findings": []}), ended.stderr
        listing = json.loads(specgw("routes", source, "--format", "json", cwd=tmp_path).stdout)["routes"]
        assert len({route["operationId"] for route in listing}) == len(listing) == 4 * RESOURCES
        assert {route["enforcement"] for route in listing} == {"full"}

    def bodies(base: str) -> None:
        # `next` of thing 198 is a thing 199, whose `next` is a thing 0
        for field, expected in ((1, (200, [])), ("1", (400, ["/next/next/field1"]))):
            assert posted(base, "/things198", {"name": "a", "next": {"name": "b", "next": {"name": "c", "field1": field}}}) == expected

    answers = {"/things0?page=1": 200, "/things199/7": 200, "/things100?page=0": 400, "/things5/five": 400, "/things200": 404}
    assert served(source, upstream, tmp_path, record_property, answers, bodies)["routes"] == 4 * RESOURCES


@pytest.mark.slow
@pytest.mark.parametrize("real", REAL, ids=lambda real: real.file)
def test_a_published_document_is_served(real: Real, upstream: str, tmp_path: Path, record_property: Record) -> None:
    path = SPECS / real.file
    if not path.exists():
        pytest.skip(f"{path} is not there: the published documents lie beside the repository")
    operations = declared(path)
    # Both at a time: each compiles the document.
    checking, listing = (
        subprocess.Popen(command(name, path, "--format", "json"), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE)
        for name in ("check", "routes")
    )
    with checking, listing:
        findings = json.loads(checking.communicate(timeout=PATIENCE)[0])["findings"]
        routes = json.loads(listing.communicate(timeout=PATIENCE)[0])["routes"]
    assert [finding for finding in findings if finding["severity"] == "error"] == []
    assert (checking.returncode, listing.returncode) == (0, 0)
    assert sorted((route["method"], route["path"]) for route in routes) == sorted(operations)
    lines = path.read_text(encoding="utf-8").splitlines()
    for route in routes:
        assert re.search(rf"\b{route['method'].lower()}\b", lines[route["line"] - 1]), route
    reachable = [route for route in routes if route["enforcement"] != "unreachable"]
    assert served(path, upstream, tmp_path, record_property, real.answers)["routes"] == len(reachable)


def declared(path: Path) -> list[tuple[str, str]]:
    """Method and path of every operation, as a reader finds them who knows nothing of specgw.

    What follows `?` in a path of the OpenAI document is a condition, not a part of the path.
    """
    text = path.read_text(encoding="utf-8")
    document = json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    methods = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
    return [
        (method.upper(), template.partition("?")[0]) for template, item in document["paths"].items() for method in item if method in methods
    ]
