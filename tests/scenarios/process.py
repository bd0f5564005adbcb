"""The real command as a process of its own, read line by line, and a small service for it to stand before."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which something that has to happen is given up: far more than it takes on a busy machine."""

_OWN = ("GATEWAY_CONFIG", "ACTIVE_PROFILES", "REDIS_URL", "NO_COLOR", "USERS_URL", "PRODUCTS_URL")


def environment(**more: str) -> dict[str, str]:
    """This environment without what specgw reads, and with the checkout importable from any folder."""
    kept = {name: value for name, value in os.environ.items() if name not in _OWN}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


def specgw(*arguments: str | Path, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environ or environment(), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
    )


def command(*arguments: str | Path, module: str = "specgw") -> list[str]:
    """How the command, or another module, is started."""
    # The libraries of the sample services warn of each other.
    strict = ("-W", "error") if module == "specgw" else ()
    return [sys.executable, *strict, "-m", module, *map(str, arguments)]


class Running:
    """A command that goes on until it is told to stop; what it prints on either stream is kept."""

    def __init__(
        self,
        *arguments: str | Path,
        cwd: Path,
        environ: Mapping[str, str] | None = None,
        module: str = "specgw",
        preexec: Callable[[], None] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            command(*arguments, module=module),
            cwd=cwd,
            env=environ or environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=preexec,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def expect(self, pattern: str) -> re.Match[str]:
        """The next line in which the pattern is found; fails when the process ends or is silent for too long."""
        until = time.monotonic() + PATIENCE
        while (line := self._next(until)) is not None:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line with {pattern!r} in:\n" + "\n".join(self.said))

    def address(self) -> str:
        """The public address, once requests are accepted."""
        return self.expect(r"serves .*? on (http://[^ ,]+)")[1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the process alone, and return its exit code; its last words are in `said`."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Wait for the end by itself."""
        code = self.process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while self._next(until) is not None:
            pass
        return code

    def kill(self) -> None:
        """Leave nothing behind, whatever happened."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _next(self, until: float) -> str | None:
        try:
            line = self._lines.get(timeout=max(until - time.monotonic(), 0.01))
        except queue.Empty:
            return None
        if line is not None:
            self.said.append(line)
        return line

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


@contextlib.contextmanager
def running(
    *arguments: str | Path, cwd: Path, environ: Mapping[str, str] | None = None, preexec: Callable[[], None] | None = None
) -> Iterator[Running]:
    """A command in the background for as long as the block lasts; `preexec` is called in the process before it begins."""
    started = Running(*arguments, cwd=cwd, environ=environ, preexec=preexec)
    try:
        yield started
    finally:
        started.kill()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # with the usual five, several clients at once wait a second, which is all that a gateway gives a service
    daemon_threads = True  # a connection that the gateway keeps for later must not hold up the end
    block_on_close = False


@contextlib.contextmanager
def service(answer: Mapping[str, object] | Sequence[object], status: int = 200, fields: Mapping[str, str] | None = None) -> Iterator[str]:
    """A service that answers every request with this JSON, this status, these fields and the request line in `X-Request-Line`; its URL."""
    body = json.dumps(answer).encode()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an acknowledgement

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Request-Line", self.requestline)
            for name, value in (fields or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with _Server(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
    return number
