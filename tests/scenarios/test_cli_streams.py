"""What the commands print, on a terminal, in a pipe, and to a reader that leaves."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.process import command, environment, specgw

HEAD = 'openapi: 3.1.0\ninfo: {title: Things, version: "1"}\nservers: [{url: "http://127.0.0.1:9"}]\npaths:\n'
OPERATION = "  /{}:\n    get:\n      x-gateway: {{timout: 1s}}\n      responses: {{'200': {{description: Fine.}}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.yaml").write_text(HEAD + OPERATION.format("things"), encoding="utf-8")
    many = "".join(OPERATION.format(f"things{number}").replace("timout: 1s", "maxDepth: 5") for number in range(2000))
    (tmp_path / "many.yaml").write_text(HEAD + many, encoding="utf-8")
    return tmp_path


def on_a_terminal(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; exit code and everything shown."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command(*arguments), cwd=folder, env=environment(TERM="xterm", **environ), stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    shown = b""
    try:
        while chunk := os.read(leader, 1 << 16):
            shown += chunk
    except OSError:  # Linux: the other side of the terminal is gone.
        pass
    os.close(leader)
    return process.wait(), shown.decode()


def test_a_terminal_gets_colour(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "check", "bad.yaml")
    assert code == 1
    assert "\x1b[1;31merror[" in shown


def test_unless_it_is_not_wanted(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "check", "bad.yaml", NO_COLOR="1")
    assert code == 1
    assert "did you mean 'timeout'?" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "arguments", [("check", "bad.yaml"), ("routes", "many.yaml"), ("build", "bad.yaml", "-o", "generated"), ("serve", "bad.yaml")]
)
def test_a_pipe_gets_plain_text(folder: Path, arguments: tuple[str, ...]) -> None:
    done = specgw(*arguments, cwd=folder, environ=environment(TERM="xterm"))
    assert done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_table_on_a_terminal_keeps_within_its_width(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "routes", "many.yaml", COLUMNS="60", NO_COLOR="1")
    assert code == 0
    assert max(map(len, shown.split("\r\n"))) <= 60


@pytest.mark.parametrize("options", [(), ("--format", "json")])
def test_a_reader_that_leaves_early_is_no_error(folder: Path, options: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        command("routes", "many.yaml", *options), cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0
