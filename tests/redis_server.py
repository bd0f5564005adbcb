"""A redis-server of a test's own: on a free port, nothing kept but where a test asks for it, gone with the test."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

PATIENCE = 30.0


class RedisServer:
    """The program, which can be stopped and started again on its port. `folder` holds what it keeps over a restart."""

    def __init__(self, folder: Path, *, keeps: bool = True) -> None:
        self._folder = folder
        self._keeps = keeps
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and return once it answers."""
        program = shutil.which("redis-server")
        if program is None:
            pytest.fail("this test needs redis-server: on Debian 'apt-get install redis-server' (nox -s tests does it as root)")
        keeping = ("--appendonly", "yes", "--appendfsync", "always") if self._keeps else ("--save", "")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), *keeping]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while self.ask("PING") != b"+PONG":
            assert self._process.poll() is None, "redis-server ended by itself"
            assert time.monotonic() < until, "redis-server does not answer"
            time.sleep(0.01)  # between two questions whether it is there

    def ask(self, *words: str) -> bytes:
        """The first line that it answers to a command; empty where nobody does."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(f"*{len(words)}\r\n".encode() + b"".join(f"${len(word)}\r\n{word}\r\n".encode() for word in words))
                return connection.makefile("rb").readline().rstrip()
        except OSError:
            return b""

    def calls(self, command: str) -> int:
        """How often a command was called since the start."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"*2\r\n$4\r\nINFO\r\n$12\r\ncommandstats\r\n")
            answer = connection.makefile("rb")
            text = answer.read(int(answer.readline()[1:])).decode()
        found = re.search(rf"^cmdstat_{command}:calls=([0-9]+)", text, re.MULTILINE)
        return int(found[1]) if found else 0

    def kill(self) -> None:
        """End it at once, as a power failure does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
