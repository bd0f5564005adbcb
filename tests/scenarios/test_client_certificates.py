"""`mutualTLS` with real handshakes: with this gateway, and with nginx before it that says what it was shown."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from specgw.policies.certificate import Shown
from tests.scenarios.process import PATIENCE, environment, free_port, running, service
from tests.unit.tls.authority import Authority, Issued

AUTHORITY, CLIENTS, OTHERS = Authority("Servers"), Authority("Machines"), Authority("Others")
PRESS = CLIENTS.issue(address=False, client=True, subject="CN=press,O=Print")
FOLDER = CLIENTS.issue(address=False, client=True, subject="CN=folder,O=Print")
STRANGER = OTHERS.issue(address=False, client=True, subject="CN=press,O=Print")
DOCUMENT = """\
openapi: 3.1.0
info: {{title: Machines, version: "1"}}
servers: [{{url: "{server}"}}]
security: [{{machine: []}}]
components:
  securitySchemes:
    machine: {{type: mutualTLS, x-gateway: {{ca: clients.pem, subjects: ["CN=press,O=Print"]}}}}
paths:
  /jobs: {{get: {{responses: {{"200": {{description: ok}}}}}}}}
  /status: {{get: {{security: [], responses: {{"200": {{description: ok}}}}}}}}
"""
NGINX = """\
daemon off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_client_certificate clients.pem;
    ssl_verify_client optional;
    location / {{
      proxy_pass {gateway};
      proxy_set_header Client-Cert $ssl_client_escaped_cert;
    }}
  }}
}}
"""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def gateway(folder: Path, stack: ExitStack, listen: str) -> str:
    AUTHORITY.issue("localhost").write(folder, "server")
    CLIENTS.write(folder / "clients.pem")
    server = stack.enter_context(service([]))
    (folder / "api.yaml").write_text(DOCUMENT.format(server=server))
    (folder / "gateway.yaml").write_text(f"gateway: {{{listen}}}\n")
    process = stack.enter_context(running("serve", ".", "--port", "0", "--admin", "off", cwd=folder, environ=environment()))
    return process.expect(r"serves .*? on (https?://[^ ,]+)")[1]


def asked(url: str, folder: Path, shown: Issued | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
    """One request on a connection of its own."""
    context = AUTHORITY.client(None if shown is None else shown.write(folder, "client"))
    with httpx.Client(verify=context, timeout=PATIENCE) as client:
        return client.get(url, headers=headers)


def test_handshakes_with_the_gateway(tmp_path: Path, stack: ExitStack) -> None:
    url = gateway(tmp_path, stack, "listen: {tls: {cert: server.pem, key: server.key}}")
    assert asked(f"{url}/jobs", tmp_path, PRESS).status_code == 200
    for shown in (None, FOLDER):
        refused = asked(f"{url}/jobs", tmp_path, shown)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'ClientCertificate realm="machines"')
    # Nobody is asked for one where the document asks for none; what a client says of itself counts for nothing.
    assert asked(f"{url}/status", tmp_path).status_code == 200
    assert asked(f"{url}/jobs", tmp_path, headers={"Client-Cert": Shown(PRESS.der).field.decode()}).status_code == 401
    with pytest.raises((httpx.NetworkError, httpx.RemoteProtocolError, ssl.SSLError)):
        asked(f"{url}/status", tmp_path, STRANGER)


def test_nginx_before_the_gateway(tmp_path: Path, stack: ExitStack) -> None:
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail("this test needs nginx: on Debian 'apt-get install nginx-light' (nox -s tests does it as root)")
    inner = gateway(tmp_path, stack, "trustedProxies: [127.0.0.1]")
    port = free_port()
    (tmp_path / "nginx.conf").write_text(NGINX.format(port=port, gateway=inner))
    nginx = subprocess.Popen([program, "-p", str(tmp_path), "-c", "nginx.conf"], stderr=subprocess.DEVNULL)
    stack.callback(nginx.wait)
    stack.callback(nginx.terminate)
    end = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert nginx.poll() is None, "nginx ended by itself"
        assert time.monotonic() < end
    url = f"https://localhost:{port}"
    assert asked(f"{url}/jobs", tmp_path, PRESS).status_code == 200
    assert asked(f"{url}/jobs", tmp_path, FOLDER).status_code == 401
    # nginx writes the field whatever the client says, and empty where nothing was shown.
    forged = Shown(PRESS.der).field.decode()
    assert asked(f"{url}/jobs", tmp_path, headers={"Client-Cert": forged}).status_code == 401
    assert asked(f"{url}/status", tmp_path).status_code == 200
    # As RFC 9440 writes it, from the trusted proxy that this test is.
    assert httpx.get(f"{inner}/jobs", headers={"Client-Cert": forged}, timeout=PATIENCE).status_code == 200
    assert httpx.get(f"{inner}/jobs", headers={"Client-Cert": Shown(STRANGER.der).field.decode()}, timeout=PATIENCE).status_code == 401
