"""What grows: memory, descriptors and tasks over many requests, memory with idle connections, and latency beside slow clients."""

from __future__ import annotations

import contextlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Figures, Work, free_port, measure, wait_for
from benchmarks.rivals import ANSWER, SERVICE, Bench, program

DOCUMENT = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: "http://127.0.0.1:UPSTREAM"}]
paths:
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
      responses: {"200": {description: OK}}
  /large: {get: {responses: {"200": {description: OK}}}}
  /things: {post: {requestBody: {content: {"*/*": {}}}, responses: {"200": {description: OK}}}}
"""
EDGE = "gateway: {telemetry: {accessLog: access.log}, limits: {connections: 8000, connectionsPerIp: 8000}}\n"
GET = b"GET /things/7 HTTP/1.1\r\nHost: x\r\nUser-Agent: soak/1.0\r\nAccept: application/json\r\n\r\n"
NORMAL = Work("GET", "/things/7")
CONNECTIONS = 32
# nginx takes no longer text than 4 KiB at once.
LARGE = f"set $a '{'x' * 2000}'; set $b '{'$a' * 20}'; return 200 '{'$b' * 10}';"
ATTACKS = {
    "-H": ("slow heads", "/things/7"),
    "-B": ("slow bodies", "/things"),
    "-R": ("ranges", "/things/7"),
    "-X": ("slow reading", "/large"),
}
"""The modes of slowhttptest."""


@dataclass(frozen=True)
class Served:
    """A gateway process, and where it listens."""

    pid: int
    port: int
    admin: int

    def rss(self) -> float:
        """Resident memory in KiB."""
        return float(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())[1])  # type: ignore[index]  # proc(5)

    def descriptors(self) -> int:
        """Open file descriptors."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def figure(self, name: str) -> float:
        """One of its metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics") as answer:
            found = re.search(rf"^{name} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found is not None else 0.0

    def settle(self) -> None:
        """Until the connections of clients are gone, and the service has let go of its own."""
        while self.figure("specgw_connections") or self.figure('specgw_upstream_connections{state="busy",upstream="things"}'):
            time.sleep(0.1)
        time.sleep(1.0)


@contextlib.contextmanager
def served(folder: Path, *options: str) -> Iterator[Served]:
    """A gateway before nginx."""
    bench = Bench(folder)
    bench.upstream = free_port()
    bench.write("service.conf", SERVICE.replace("location / {", f"location /large {{ {LARGE} }} location / {{"), bench.upstream)
    bench.start("service", [program("nginx") or "nginx", "-p", str(folder), "-c", "service.conf"], bench.upstream, None)
    bench.write("specs/things.yaml", DOCUMENT)
    bench.write("specs/gateway.yaml", EDGE)
    port, admin = free_port(), free_port()
    command = [sys.executable, "-m", "specgw", "serve", "specs", "--port", str(port), "--admin", f"127.0.0.1:{admin}", *options]
    try:
        pid = bench.start("specgw", command, port, None)
        wait_for(admin, folder / "specgw.log")
        gateway = Served(pid, port, admin)
        gateway.figure("specgw_connections")  # answered once all workers serve
        yield gateway
    finally:
        bench.close()


def requests(folder: Path, number: int, warm_up: int) -> dict[str, float]:
    """Growth of memory over so many requests after a warm-up, and whether descriptors and tasks are what they were."""
    with served(folder) as gateway:
        base = gateway.descriptors(), gateway.figure("specgw_tasks")
        done = _ask(gateway, warm_up)
        gateway.settle()
        warm, tasks = gateway.rss(), gateway.figure("specgw_tasks")
        done = _ask(gateway, number)
        gateway.settle()
        grown = gateway.rss() - warm
        # What it keeps for later are connections to the service: they end, too, when the service ends them.
        idle = gateway.figure('specgw_upstream_connections{state="idle",upstream="things"}')
        return {
            "requests": done,
            "KiB grown": grown,
            "KiB per million": grown / done * 1e6,
            "descriptors more": gateway.descriptors() - base[0] - idle,
            "tasks more": gateway.figure("specgw_tasks") - max(base[1], tasks),
        }


def _ask(gateway: Served, number: int) -> int:
    total = 0
    while total < number:
        figures = measure("specgw", gateway.pid, gateway.port, NORMAL, CONNECTIONS, 2 if number < 100_000 else 10, core=None)
        total += int(figures.rate * (2 if number < 100_000 else 10))
    return total


def idle(folder: Path, number: int) -> float:
    """KiB of memory for each idle connection that has been used once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with served(folder) as gateway, contextlib.ExitStack() as stack:
            for _ in range(number // 4):
                _use(stack, gateway.port)
            before = gateway.rss()
            for _ in range(number):
                _use(stack, gateway.port)
            return (gateway.rss() - before) / number
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _use(stack: contextlib.ExitStack, port: int) -> None:
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    connection.sendall(GET)
    answer = b""
    while not answer.endswith(ANSWER.encode()):
        answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200 ")


def slow(folder: Path, mode: str, pairs: int, connections: int, seconds: int) -> list[tuple[Figures, Figures]]:
    """Latency of normal requests before and while slowhttptest holds connections; every request has to be answered."""
    _, path = ATTACKS[mode]
    measured = []
    with served(folder) as gateway:
        measure("specgw", gateway.pid, gateway.port, NORMAL, CONNECTIONS, 1, core=None)
        for _ in range(pairs):
            before = measure("specgw", gateway.pid, gateway.port, NORMAL, CONNECTIONS, seconds, core=None)
            command = ["slowhttptest", mode, "-c", str(connections), "-r", "250", "-i", "2", "-l", str(seconds + 20), "-p", "5"]
            command += ["-u", f"http://127.0.0.1:{gateway.port}{path}"]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as attacker:
                try:
                    until = time.monotonic() + 10
                    while mode != "-R" and gateway.figure("specgw_connections") < connections and time.monotonic() < until:
                        time.sleep(0.1)
                    during = measure("specgw", gateway.pid, gateway.port, NORMAL, CONNECTIONS, seconds, core=None)
                finally:
                    attacker.terminate()
            gateway.settle()
            measured.append((before, during))
    return measured


def ratio(pairs: list[tuple[Figures, Figures]]) -> float:
    """How much longer the slowest hundredth takes: the median of paired runs."""
    return statistics.median(during.p99 / before.p99 for before, during in pairs)


def workers(folder: Path, rounds: int, seconds: int) -> float:
    """CPU of a request with two workers, in that with one: the median of paired rounds.

    The same load for both, and every core for everybody, as whoever asks for two workers has it. Two processes that share one
    core would cost more than one does, whatever they are: each finds the caches full of the other.
    """
    figures: list[float] = []
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    with served(folder / "one") as one, served(folder / "two", "--workers", "2") as two:
        for turn in range(rounds):
            costs = {
                gateway: measure("specgw", gateway.pid, gateway.port, NORMAL, CONNECTIONS * 2, seconds, core=None).cpu
                # What the machine does meanwhile falls to either of them as often.
                for gateway in ((one, two) if turn % 2 else (two, one))
            }
            figures.append(costs[two] / costs[one])
    return statistics.median(figures)
