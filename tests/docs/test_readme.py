"""The README's tour, run for real: every `console` block is typed into a shell, and its output compared.

In what a block shows, `…` stands for anything in its line, and alone in a line for any number of lines.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import process

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TOLD = [block for block in BLOCKS if not block.startswith("$ specgw up")]


def pattern(shown: str) -> str:
    """What a block shows, as a regular expression."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r" *\n" for line in shown.splitlines()]
    return "".join(lines)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a checkout: the documents, and the command in its path."""
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "specs", folder / "specs")
    command = folder / "bin" / "specgw"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m specgw "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def environment(place: Path) -> dict[str, str]:
    return process.environment(PATH=f"{place / 'bin'}:{os.environ['PATH']}", COLUMNS="120", LC_ALL="C.UTF-8")


@pytest.fixture(scope="module")
def port(place: Path, environment: dict[str, str]) -> Iterator[int]:
    """The gateway of `specgw up`, on free ports."""
    with up(place, environment) as address:
        yield int(address.rpartition(":")[2])


@contextlib.contextmanager
def up(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """`specgw up` in a folder, on free ports; its address."""
    ports = [f"{option}={process.free_port()}" for option in ("--port", "--users-port", "--products-port")]
    with process.running("up", *ports, cwd=folder, environ=environment) as running:
        yield running.expect(r"specgw is up on (http://\S+)\. Try:")[1]


def test_tour_begins_with_the_command_that_the_reader_was_told() -> None:
    assert ".venv/bin/specgw up" in README
    assert BLOCKS[0].startswith("$ specgw up\n")


def test_tour(port: int, place: Path, environment: dict[str, str]) -> None:
    for block in TOLD:
        for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            here = command.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
            script = f"{{ {here}\n}} 2>&1"
            ran = subprocess.run(["bash", "-c", script], cwd=place, env=environment, capture_output=True, text=True, timeout=60)
            output = ran.stdout.replace("\r\n", "\n")
            output += "" if output.endswith("\n") or not output else "\n"
            assert re.fullmatch(pattern(shown), output), f"{command}\n{output}\n--- the README shows:\n{shown}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_anchors_written_by_hand_are_headings_of_their_page() -> None:
    assert anchors(ROOT / "docs" / "problems.md") >= {"invalid-path", "no-route"}
