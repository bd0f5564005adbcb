"""What every test may use: the paths of the repository, and real processes that always end."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

# A busy machine is no failure. In CI every run tries the same examples, `nox -s fuzz` looks for new ones.
hypothesis.settings.register_profile(
    "specgw",
    hypothesis.settings.get_profile("ci" if "CI" in os.environ else "default"),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("specgw")

ROOT = Path(__file__).parent.parent
PATIENCE = 30.0
"""Seconds until a process that says nothing is taken for broken; nothing waits for this long when all is well."""


class Process:
    """A running command whose output is read line by line."""

    def __init__(self, arguments: list[str], *, cwd: Path, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            arguments, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.output: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def until(self, pattern: str) -> re.Match[str]:
        """Wait for a line that holds the pattern; fails with all of the output when the process ends before or is silent."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no line like {pattern!r} in:\n{''.join(self.output)}")
            if found := re.search(pattern, line):
                return found

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """The exit status, once the process has ended and all of its output is read."""
        status = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def stop(self) -> None:
        """End it in any case."""
        if self._process.poll() is None:
            self._process.kill()
        self.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


Start = Callable[..., Process]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Start `python ARGUMENTS…` in the repository (or `cwd`); everything started ends with the module."""
    running: list[Process] = []

    def begin(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> Process:
        process = Process([sys.executable, *arguments], cwd=cwd, env=env)
        running.append(process)
        return process

    yield begin
    for process in reversed(running):
        process.stop()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the text cases and of the generated pages."""
    parser.addoption("--update-golden", action="store_true", help="rewrite what golden/*.case and wire/*.http expect with what came")
