"""Documents on other machines: a real HTTP server on loopback, asked through a whole compile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.openapi import remote

ITEM = b"Item:\n  type: object\n  required: [id]\n  properties:\n    id: {type: integer}\n    owner: {$ref: 'people/owner.yaml#/Owner'}\n"
OWNER = b"Owner: {type: string, minLength: 2}\n"


@dataclass
class Web:
    """What the server has, and what it was asked for."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def has(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, headers, body)


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            status, headers, body = made.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what it needs."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield made
        server.shutdown()


def compiled(folder: Path, reference: str, *hosts: str) -> Build:
    file = folder / "api.yaml"
    file.write_text(
        f"""\
openapi: 3.1.0
info: {{title: Shop, version: "1"}}
servers: [{{url: "https://shop.example"}}]
paths:
  /items:
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: "{reference}"}}}}}}}}
      responses: {{"200": {{description: OK}}}}
    put:
      requestBody: {{content: {{application/json: {{schema: {{$ref: "{reference}"}}}}}}}}
      responses: {{"200": {{description: OK}}}}
"""
    )
    return compile_documents(Inputs((file,), base=folder, remote=hosts))


def told(build: Build) -> list[tuple[str, str]]:
    return [(finding.file, finding.message) for finding in build.findings.settle()]


def test_a_host_that_nobody_named_is_not_asked(tmp_path: Path, web: Web) -> None:
    reference = f"http://{web.host}/items.yaml#/Item"
    build = compiled(tmp_path, reference, "shop.example", f"127.0.0.1:{web.port + 1}")
    assert [finding.code for finding in build.findings.settle()] == ["remote-reference"] * 2
    assert build.findings.settle()[0].hint == f"save the document beside this one and refer to the file, or say --allow-remote {web.host}"
    assert (build.plan, web.asked) == (None, [])


@pytest.mark.parametrize("by_port", [True, False])
def test_what_a_named_host_has_is_fetched_once_and_its_references_are_followed_there(tmp_path: Path, web: Web, by_port: bool) -> None:
    web.has("/v1/items.yaml", ITEM)
    web.has("/v1/people/owner.yaml", OWNER)
    build = compiled(tmp_path, f"http://{web.host}/v1/items.yaml#/Item", web.host if by_port else "127.0.0.1")
    assert told(build) == []
    assert build.plan is not None
    assert len(build.plan.routes) == 2
    assert "'minLength': 2" in str(build.plan.schemas)
    assert web.asked == ["/v1/items.yaml", "/v1/people/owner.yaml"]
    assert [path.name for path in build.files] == ["api.yaml"], "only files of this machine can be watched"


def test_findings_show_lines_of_what_was_fetched(tmp_path: Path, web: Web) -> None:
    web.has("/items.yaml", b"Item:\n  type: string\n  minLenght: 2\n")
    url = f"http://{web.host}/items.yaml"
    build = compiled(tmp_path, f"{url}#/Item", web.host)
    (finding,) = build.findings.settle()
    assert (finding.file, finding.line, finding.code) == (url, 3, "unknown-keyword")
    assert build.excerpt(url, 3) == "  minLenght: 2"


def test_redirects_lead_to_named_hosts_only(tmp_path: Path, web: Web) -> None:
    web.has("/moved.yaml", status=302, Location="/items.yaml")
    web.has("/items.yaml", b"Item: {type: string}\n")
    assert told(compiled(tmp_path, f"http://{web.host}/moved.yaml#/Item", web.host)) == []
    web.has("/away.yaml", status=302, Location=f"http://localhost:{web.port}/items.yaml")
    asked = len(web.asked)
    url = f"http://{web.host}/away.yaml"
    reason = f"it is redirected to localhost:{web.port}, which --allow-remote does not name"
    assert told(compiled(tmp_path, f"{url}#/Item", web.host)) == [("api.yaml", f"'{url}' cannot be fetched: {reason}")] * 2
    assert web.asked[asked:] == ["/away.yaml"]
    web.has("/round.yaml", status=302, Location="/round.yaml")
    assert "more than 5 redirects" in told(compiled(tmp_path, f"http://{web.host}/round.yaml#/Item", web.host))[0][1]


def test_what_cannot_be_had_is_said_at_the_reference(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "the answer has the status 404" in told(compiled(tmp_path, f"http://{web.host}/none.yaml#/Item", web.host))[0][1]
    web.has("/large.yaml", b"#" * 100)
    monkeypatch.setattr(remote, "MAX_BYTES", 10)
    assert "it is larger than" in told(compiled(tmp_path, f"http://{web.host}/large.yaml#/Item", web.host))[0][1]
    assert "cannot be fetched: ConnectError" in told(compiled(tmp_path, "http://127.0.0.1:1/a.yaml#/Item", "127.0.0.1"))[0][1]
    monkeypatch.setattr(remote, "MAX_FETCHES", 0)
    assert "more than 0 documents" in told(compiled(tmp_path, f"http://{web.host}/large.yaml#/Item", web.host))[0][1]


@pytest.mark.parametrize("reference", ["file:///etc/hostname", "ftp://127.0.0.1/a"])
def test_a_document_of_another_machine_leads_to_no_file_of_this_one(tmp_path: Path, web: Web, reference: str) -> None:
    web.has("/items.yaml", f"Item: {{$ref: '{reference}#/a'}}\n".encode())
    build = compiled(tmp_path, f"http://{web.host}/items.yaml#/Item", web.host)
    assert {finding.code for finding in build.findings.settle()} == {"reference-outside"}


def test_two_readings_of_one_url_are_none() -> None:
    asking = remote.Remote(("shop.example",))
    assert asking.allows("https://shop.example/a")
    assert asking.allows("http://SHOP.example:8080/a")
    assert not asking.allows("https://shop.example.evil.example/a")
    assert not asking.allows("https://shop.example@evil.example/a")
    assert not asking.allows("https://[bad/a")
    assert not remote.Remote().allows("https://shop.example/a")
    with pytest.raises(remote.Unfetched):
        asking.get("https://evil.example\\@shop.example/a")
