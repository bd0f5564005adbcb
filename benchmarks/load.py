"""Load from wrk, and what it costs the process that takes it: CPU per request, rate and latencies."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GATEWAY_CORE, LOAD_CORE = "0", "1"
"""One core carries the gateway, the other one the load generator and the service."""


@dataclass(frozen=True)
class Work:
    """What is asked for: a path, and a Lua script for wrk where it is more than a GET."""

    name: str
    path: str
    script: Path | None = None


@dataclass(frozen=True)
class Figures:
    """What one round measured: CPU in µs per request, requests a second, and latencies in ms."""

    cpu: float
    rate: float
    p50: float
    p99: float


def measure(name: str, pid: int, port: int, work: Work, connections: int, seconds: int, core: str | None = LOAD_CORE) -> Figures:
    """One round of wrk against a port; `pid` is the process whose CPU, with that of its children, is counted.

    Ends the program when a request was not answered with 2xx: figures of refusals would say nothing.
    """
    command = ["taskset", "-c", core] if core is not None else []
    command += ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    command += ["-s", str(work.script)] if work.script else []
    before = cpu_seconds(pid)
    result = subprocess.run([*command, f"http://127.0.0.1:{port}{work.path}"], capture_output=True, text=True, check=True).stdout
    after = cpu_seconds(pid)
    if "Non-2xx" in result or "Socket errors" in result:
        raise SystemExit(f"{name} did not answer every request:\n{result}")
    requests = int(re.search(r"(\d+) requests in", result)[1])  # type: ignore[index]  # wrk always says so
    latency = {percentile: milliseconds(value) for percentile, value in re.findall(r"(50|99)%\s+([0-9.]+[a-z]+)", result)}
    return Figures((after - before) / requests * 1e6, requests / seconds, latency["50"], latency["99"])


def cpu_seconds(pid: int) -> float:
    """User and system time that a process and those below it have used."""
    ticks = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all below it: children are listed by the thread that started them."""
    yield pid
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listing.read_text().split():
                yield from family(int(child))


def milliseconds(text: str) -> float:
    """A duration as wrk writes it."""
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]  # wrk's own format
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}[unit]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, log: Path, seconds: float = 30.0) -> None:
    """Until something accepts connections there; ends the program with what the process said when nothing does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}:\n{log.read_text()[-2000:]}")
