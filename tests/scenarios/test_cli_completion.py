"""Completion in the shells themselves: the script is sourced, the beginning of a word is typed, Tab is pressed."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
PATIENCE = 30.0

INTERACTIVE = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(specgw --completion bash)"; echo rea""dy'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -Uz compinit; compinit -u -D; eval "$(specgw --completion zsh)"; echo rea""dy'),
}


def environ(home: Path) -> dict[str, str]:
    return {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(home), "TERM": "xterm", "PS1": "$ ", "LC_ALL": "C.UTF-8"}


def program(shell: str) -> str:
    found = shutil.which(shell)
    assert found is not None, f"needs {shell}: on Debian 'apt-get install {shell}'"
    return found


def until(master: int, wanted: str) -> str:
    """What the shell prints up to a text, control sequences left out."""
    seen, end = "", time.monotonic() + PATIENCE
    while wanted not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x08.", "", seen):
        assert time.monotonic() < end, f"{wanted!r} was not shown: {seen!r}"
        if select.select([master], [], [], 0.5)[0]:
            seen += os.read(master, 65536).decode(errors="replace")
    return seen


@pytest.mark.parametrize("shell", sorted(INTERACTIVE))
def test_tab_completes_a_command(shell: str, tmp_path: Path) -> None:
    program(shell)
    command, setup = INTERACTIVE[shell]
    master, slave = pty.openpty()
    child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environ(tmp_path), cwd=tmp_path, start_new_session=True)
    os.close(slave)
    try:
        os.write(master, f"{setup}\n".encode())
        until(master, "ready")
        os.write(master, b"specgw expl\t")
        assert "specgw explain" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", until(master, "explain"))
    finally:
        child.kill()
        child.wait()
        os.close(master)


def test_fish_completes_commands_and_options(tmp_path: Path) -> None:
    script = 'specgw --completion fish | source; complete -C "specgw expl"; complete -C "specgw serve --adm"'
    done = subprocess.run([program("fish"), "-N", "-c", script], env=environ(tmp_path), cwd=tmp_path, capture_output=True, text=True)
    words = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert words == ["explain", "--admin"], done.stderr
