"""`specgw serve` as people start it: from documents, from a built folder, with settings from the environment."""

from __future__ import annotations

import json
import shutil
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.scenarios.process import environment, free_port, running, service, specgw

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: SERVER}]
paths:
  /notes/{id}:
    get:
      operationId: getNote
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      responses: {"200": {description: One note.}}
"""
ANY = ("--port", "0", "--admin", "off")


def document(folder: Path, server: str, name: str = "notes.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(DOCUMENT.replace("SERVER", server), encoding="utf-8")
    return path


def test_documents_are_served_and_nothing_else(tmp_path: Path) -> None:
    with service({"id": 7}) as url:
        document(tmp_path, url)
        with running("serve", "notes.yaml", *ANY, cwd=tmp_path) as gateway:
            base = gateway.address()
            answer = httpx.get(f"{base}/notes/7?x=%20y")
            assert (answer.status_code, answer.json()) == (200, {"id": 7})
            assert answer.headers["X-Request-Line"] == "GET /notes/7?x=%20y HTTP/1.1"
            assert httpx.get(f"{base}/notes/0").status_code == 400
            assert httpx.post(f"{base}/notes/7").status_code == 405
            assert httpx.get(f"{base}/other").status_code == 404
            assert httpx.get(f"{base}/healthz").status_code == 200
            assert httpx.get(f"{base}/metrics").status_code == 404
            assert gateway.stop() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_without_a_traceback(tmp_path: Path, number: signal.Signals, code: int) -> None:
    document(tmp_path, "http://127.0.0.1:9")
    with running("serve", "notes.yaml", *ANY, cwd=tmp_path) as gateway:
        gateway.address()
        assert gateway.stop(number) == code
        assert "Traceback" not in "\n".join(gateway.said)


def test_a_built_folder_needs_no_documents(tmp_path: Path) -> None:
    with service({"id": 7}) as url:
        document(tmp_path / "specs", url)
        built = specgw("build", "specs", "-o", "generated", cwd=tmp_path)
        assert built.returncode == 0, built.stderr
        shutil.rmtree(tmp_path / "specs")
        with running("serve", "generated/", *ANY, cwd=tmp_path) as gateway:
            base = gateway.address()
            assert httpx.get(f"{base}/notes/7").json() == {"id": 7}
            assert httpx.get(f"{base}/notes/x").status_code == 400


@pytest.mark.parametrize("source", ["notes.yaml", "generated"])
def test_upstream_stands_for_every_upstream(tmp_path: Path, source: str) -> None:
    document(tmp_path, "https://api.example.com/v1")
    assert specgw("build", "notes.yaml", "-o", "generated", cwd=tmp_path).returncode == 0
    with (
        service({"id": 7}) as url,
        running("serve", source, *ANY, "--upstream", f"{url}/base", cwd=tmp_path) as gateway,
    ):
        answer = httpx.get(f"{gateway.address()}/notes/7?a=b")
        assert answer.headers["X-Request-Line"] == "GET /base/notes/7?a=b HTTP/1.1"


def test_documents_with_an_error_are_not_served(tmp_path: Path) -> None:
    document(tmp_path, "http://127.0.0.1:9").write_text("openapi: 3.1.0\npaths: [\n", encoding="utf-8")
    ended = specgw("serve", "notes.yaml", *ANY, cwd=tmp_path)
    assert ended.returncode == 1
    assert "error[syntax]" in ended.stderr
    assert "--> notes.yaml:" in ended.stderr
    assert ended.stdout == ""


def test_warnings_are_shown_and_strict_makes_them_errors(tmp_path: Path) -> None:
    path = document(tmp_path, "/relative")
    with running("serve", path, *ANY, cwd=tmp_path) as gateway:
        gateway.expect(r"^warning\[")
        gateway.expect(r"^1 warning in 1 document, 1 route$")
        assert httpx.get(f"{gateway.address()}/notes/7").status_code == 503
    ended = specgw("serve", path, *ANY, "--strict", cwd=tmp_path)
    assert ended.returncode == 1
    assert "error[" in ended.stderr


def test_strict_is_refused_for_what_was_built(tmp_path: Path) -> None:
    document(tmp_path, "http://127.0.0.1:9")
    specgw("build", "notes.yaml", "-o", "generated", cwd=tmp_path)
    ended = specgw("serve", "generated", "--strict", cwd=tmp_path)
    assert ended.returncode == 2
    assert "specgw build --strict" in ended.stderr


def test_a_taken_port_is_said_clearly(tmp_path: Path) -> None:
    document(tmp_path, "http://127.0.0.1:9")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for options in (("--port", str(port), "--admin", "off"), ("--port", "0", "--admin", f"127.0.0.1:{port}")):
            ended = specgw("serve", "notes.yaml", *options, cwd=tmp_path)
            assert ended.returncode == 2
            assert f"127.0.0.1:{port}" in ended.stderr
            assert "Traceback" not in ended.stderr


def test_a_taken_default_admin_port_is_a_warning(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        document(tmp_path, "http://127.0.0.1:9")
        (tmp_path / "gateway.yaml").write_text(f"gateway:\n  admin: {{port: {port}}}\n", encoding="utf-8")
        with running("serve", ".", "--port", "0", cwd=tmp_path) as gateway:
            moved = gateway.expect(r"^warning: .* is on (http://\S+) instead")[1]
            assert not moved.endswith(f":{port}")
            gateway.address()
            assert httpx.get(f"{moved}/metrics").status_code == 200


def test_gateway_config_says_what_is_served_and_where(tmp_path: Path) -> None:
    with service({"id": 7}) as url:
        document(tmp_path / "elsewhere", "http://127.0.0.1:9")
        (tmp_path / "deploy").mkdir()
        port = free_port()
        (tmp_path / "deploy" / "gateway.yaml").write_text(
            f"gateway:\n"
            f"  specs: [../elsewhere/notes.yaml]\n"
            f"  listen: {{port: {port}}}\n"
            f"  admin: {{port: {free_port()}}}\n"
            f"  upstreams: {{notes: {{targets: [{{url: '${{NOTES_URL}}'}}]}}}}\n"
            f"  defaults: {{upstream: notes}}\n",
            encoding="utf-8",
        )
        environ = environment(GATEWAY_CONFIG="deploy/gateway.yaml", NOTES_URL=url)
        with running("serve", cwd=tmp_path, environ=environ) as gateway:
            base = gateway.address()
            assert base == f"http://127.0.0.1:{port}"
            assert httpx.get(f"{base}/notes/7").json() == {"id": 7}


def test_a_reference_without_a_value_is_told_at_the_start(tmp_path: Path) -> None:
    document(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "gateway.yaml").write_text(
        "gateway:\n  upstreams: {notes: {targets: [{url: '${NOTES_URL}'}]}}\n  defaults: {upstream: notes}\n", encoding="utf-8"
    )
    ended = specgw("serve", ".", *ANY, cwd=tmp_path)
    assert ended.returncode == 2
    assert "NOTES_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_profile_is_merged_over_gateway_yaml_and_dev_shows_metrics(tmp_path: Path) -> None:
    with service({"id": 7}) as url:
        document(tmp_path, "http://127.0.0.1:9")
        (tmp_path / "gateway.yaml").write_text("gateway:\n  defaults: {mount: /api}\n", encoding="utf-8")
        (tmp_path / "gateway.dev.yaml").write_text(
            f"gateway:\n  upstreams: {{notes: {{targets: [{{url: '{url}'}}]}}}}\n  defaults: {{upstream: notes}}\n", encoding="utf-8"
        )
        with running("serve", ".", *ANY, cwd=tmp_path, environ=environment(ACTIVE_PROFILES="dev")) as gateway:
            base = gateway.address()
            assert httpx.get(f"{base}/api/notes/7").json() == {"id": 7}
            assert "specgw_" in httpx.get(f"{base}/metrics").text


def test_the_access_log_is_json_on_standard_output(tmp_path: Path) -> None:
    with service({"id": 7}) as url:
        document(tmp_path, url)
        with running("serve", "notes.yaml", *ANY, cwd=tmp_path) as gateway:
            httpx.get(f"{gateway.address()}/notes/7")
            line = json.loads(gateway.expect(r"^\{.*getNote.*$")[0])
            assert (line["method"], line["path"], line["status"]) == ("GET", "/notes/7", 200)


def test_the_server_imports_nothing_of_the_compiler(tmp_path: Path) -> None:
    """Neither for documents: a child process compiles them. What is imported at all decides how soon it serves."""
    document(tmp_path, "http://127.0.0.1:9")
    environ = environment(PYTHONPROFILEIMPORTTIME="1")
    with running("serve", "notes.yaml", *ANY, cwd=tmp_path, environ=environ) as gateway:
        gateway.address()
        gateway.stop()
    imported = {line.rpartition("|")[2].strip() for line in gateway.said if line.startswith("import time:")}
    assert "specgw.dataplane.listener" in imported
    assert imported.isdisjoint({"pydantic", "yaml", "rich", "specgw.openapi", "specgw.xgateway", "specgw.compiler.compile"})
