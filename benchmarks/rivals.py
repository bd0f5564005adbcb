"""The gateways that are compared: what each is told to do, and how it is started. All of them get one core.

A gateway that is not installed is left out, and the table says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import GATEWAY_CORE, LOAD_CORE, free_port, wait_for
from specgw import __version__

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
  server {{ listen 127.0.0.1:PORT; location / {{ client_max_body_size 1m; return 200 '{ANSWER}'; }} }} }}
"""

NGINX = """
worker_processes 1; daemon off; pid PID; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000;
  upstream people { server 127.0.0.1:UPSTREAM; keepalive 1024; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:PORT; location / { proxy_pass http://people; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
"""

HAPROXY = """
global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend people
  bind 127.0.0.1:PORT
  default_backend service
backend service
  server one 127.0.0.1:UPSTREAM
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
    circuit_breakers: {thresholds: [{max_connections: 8192, max_pending_requests: 8192, max_requests: 8192}]}
"""

TRAEFIK = """
entryPoints: {web: {address: "127.0.0.1:PORT"}}
providers: {file: {filename: routes.yaml}}
global: {checkNewVersion: false, sendAnonymousUsage: false}
log: {level: ERROR}
"""
TRAEFIK_ROUTES = """
http:
  routers: {people: {rule: "PathPrefix(`/`)", service: people}}
  services: {people: {loadBalancer: {servers: [{url: "http://127.0.0.1:UPSTREAM"}]}}}
"""

CADDY = """
{
  admin off
  auto_https off
  persist_config off
}
http://127.0.0.1:PORT {
  reverse_proxy 127.0.0.1:UPSTREAM {
    transport http {
      keepalive_idle_conns_per_host 1024
    }
  }
}
"""

ENFORCING = "gateway: {}\n"
FORWARDING = "gateway: {telemetry: {accessLog: 'off'}, defaults: {validate: {request: 'off'}}}\n"


@dataclass(frozen=True)
class Gateway:
    """One gateway under test: how the table calls it, what it does, its version, port and process."""

    name: str
    does: str
    version: str
    port: int
    pid: int


@dataclass
class Bench:
    """A folder, the service, and the gateways that are started in front of it; `close` ends them all."""

    folder: Path
    upstream: int = 0
    absent: list[str] = field(default_factory=list)
    """Gateways that are not installed."""
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: list[str], port: int, core: str | None = GATEWAY_CORE, package: Path | None = None) -> int:
        """Start a program on a core and wait until it listens; its process id."""
        environment = os.environ if package is None else {**os.environ, "PYTHONPATH": str(package)}
        output = (self.folder / f"{name}.log").open("wb")
        pinned = ["taskset", "-c", core, *command] if core is not None else command
        process = subprocess.Popen(pinned, stdout=output, stderr=subprocess.STDOUT, cwd=self.folder, env=environment)
        self._started.append(process)
        wait_for(port, self.folder / f"{name}.log")
        return process.pid

    def write(self, name: str, text: str, port: int = 0) -> None:
        """Write a configuration, with the ports filled in."""
        filled = text.replace("UPSTREAM", str(self.upstream)).replace("PORT", str(port)).replace("PID", f"{self.folder}/{name}.pid")
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(filled)

    def service(self) -> None:
        """The service behind all of them: nginx, which answers at once."""
        self.upstream = free_port()
        self.write("service.conf", SERVICE, self.upstream)
        self.start("service", [program("nginx") or "nginx", "-p", str(self.folder), "-c", "service.conf"], self.upstream, LOAD_CORE)

    def specgw(
        self,
        does: str,
        configuration: str,
        name: str = "specgw",
        *options: str,
        core: str | None = GATEWAY_CORE,
        package: Path | None = None,
    ) -> Gateway:
        """Start this project's own, with the document and a gateway.yaml; `package` is a folder to import it from."""
        folder = f"specgw-{len(self._started)}"
        self.write(f"{folder}/people.yaml", DOCUMENT)
        self.write(f"{folder}/gateway.yaml", configuration)
        port = free_port()
        command = [sys.executable, "-m", "specgw", "serve", folder, "--port", str(port), "--admin", "off", *options]
        return Gateway(name, does, __version__, port, self.start(folder, command, port, core, package))

    def others(self) -> Iterator[Gateway]:
        """Every other gateway that is installed, each forwarding to the service."""
        yield from self._configured("nginx", "nginx.conf", NGINX, ["-p", str(self.folder), "-c", "nginx.conf"], "-v")
        yield from self._configured("HAProxy", "haproxy.cfg", HAPROXY, ["-f", "haproxy.cfg", "-db"], "-v")
        arguments = ["-c", "envoy.yaml", "--concurrency", "1", "--log-level", "error", "--use-dynamic-base-id"]
        yield from self._configured("Envoy", "envoy.yaml", ENVOY, arguments, "--version")
        self.write("routes.yaml", TRAEFIK_ROUTES)
        yield from self._configured("Traefik", "traefik.yaml", TRAEFIK, ["--configFile=traefik.yaml"], "version")
        yield from self._configured("Caddy", "Caddyfile", CADDY, ["run", "--config", "Caddyfile"], "version")
        prism = program("prism")
        if prism is None:
            self.absent.append("Prism")
            return
        self.write("people.yaml", DOCUMENT)
        port = free_port()
        command = [prism, "proxy", "people.yaml", f"http://127.0.0.1:{self.upstream}", "--port", str(port)]
        command += ["--errors", "--verboseLevel", "silent"]
        yield Gateway("Prism", "forwards, validates", said(prism, "--version"), port, self.start("prism", command, port))

    def _configured(self, name: str, file: str, text: str, arguments: list[str], version: str) -> Iterator[Gateway]:
        path = program(name.lower())
        if path is None:
            self.absent.append(name)
            return
        port = free_port()
        self.write(file, text, port)
        yield Gateway(name, "forwards", said(path, version), port, self.start(name.lower(), [path, *arguments], port))

    def close(self) -> None:
        """End everything that was started."""
        for process in reversed(self._started):
            process.send_signal(signal.SIGTERM)
        for process in self._started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A Bench whose service runs; everything ends with the block."""
    made = Bench(folder)
    try:
        made.service()
        yield made
    finally:
        made.close()


def program(name: str) -> str | None:
    """Where a program is: on the path, among the system's own, or beside this Python."""
    return shutil.which(name) or shutil.which(name, path=f"/usr/sbin:{Path(sys.executable).parent}")


def said(path: str, option: str) -> str:
    """The version that a program tells of itself."""
    told = subprocess.run([path, option], capture_output=True, text=True, check=True)
    found = re.search(r"\d+\.\d+(?:\.\d+)?", told.stdout + told.stderr)
    return found[0] if found else "?"
