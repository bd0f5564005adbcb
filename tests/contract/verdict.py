"""One run of `specgw test` against the sandbox of a document, taken apart: what was asked, how long it took, what was found."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.system import sandbox
from tests.scenarios.process import ROOT, command, environment

KEEPING = "gateway: {defaults: {mock: {state: crud}}}\n"
"""What is created can be read, changed and deleted by whoever created it, so that every check of schemathesis has something to look at."""

_FOUND = re.compile(r"^\d+\. Test Case ID: \S+\n", re.MULTILINE)
_CODE = re.compile(r"^- ([A-Z]{2}\d+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that schemathesis holds to be wrong."""

    operation: str
    """`GET /users`, or `Stateful tests` where several operations were asked one after the other."""
    code: str
    """schemathesis' own, such as ST202; `error` where it could not test."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of one run."""

    code: int
    operations: int
    cases: int
    filtered: int
    seconds: float
    failures: tuple[Failure, ...]
    said: str = field(repr=False)


def outcome(document: Path, *, seed: int, examples: int | None) -> Run:
    """All checks and all phases of schemathesis, against a sandbox that keeps what is created, as its two identities."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gateway.yaml").write_text(KEEPING)
        environ = environment(GATEWAY_CONFIG=str(folder / "gateway.yaml"))
        junit = folder / "report.xml"
        asked = ["--sandbox", "--seed", str(seed), "--junit", str(junit)] + ([] if examples is None else ["--examples", str(examples)])
        with sandbox(document.absolute(), environ=environ) as url:
            began = time.monotonic()
            words = command("test", document.absolute(), "--url", url, *asked)
            ended = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
            seconds = time.monotonic() - began
        said = ended.stdout + ended.stderr
        failures = (*(failures_of(junit.read_text(encoding="utf-8")) if junit.exists() else ()), *closed_to_all(said))
    return Run(
        code=ended.returncode,
        operations=_number(r"Selected: (\d+)/", said),
        cases=_number(r"(\d+) generated", said),
        filtered=_number(r"Filtered: (\d+)", said),
        seconds=seconds,
        failures=failures,
        said=said,
    )


def failures_of(report: str) -> list[Failure]:
    """The failures and errors in a JUnit report, one for each code of each case."""
    found: list[Failure] = []
    for case in ElementTree.fromstring(report).iter("testcase"):
        operation = str(case.get("name"))
        for failure in case.iter("failure"):
            for text in _FOUND.split(failure.text or "")[1:]:
                found += [Failure(operation, code, text.strip()) for code in _CODE.findall(text)]
        found += [Failure(operation, "error", (error.text or "").strip()) for error in case.iter("error")]
    return found


def closed_to_all(said: str) -> list[Failure]:
    """The operations that let nobody in, which fail the run without being failures of their own."""
    _, _, warned = said.partition("Authentication failed:")
    labels = re.findall(r"^  - (\S+ /\S*)$", warned.partition("💡")[0], re.MULTILINE)
    return [Failure(label, "missing_auth", "it lets nobody in") for label in labels]


def _number(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    return int(found[1]) if found else 0
