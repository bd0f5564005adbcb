"""schemathesis, run for real against a small service: its verdicts, its reports, and what is not in them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specgw.contract.credentials import identities
from specgw.contract.run import Choices, run
from specgw.contract.subject import Subject
from tests.scenarios.process import service

NOTE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def subject(schema: dict[str, Any] = NOTE) -> Subject:
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "note", "security": [{"k": []}], "responses": {"200": {"description": "ok", "content": content}}}
    schemes = {"k": {"type": "apiKey", "in": "header", "name": "X-Pass"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Notes", "version": "1"},
        "paths": {"/note": {"get": operation}},
        "components": {"securitySchemes": schemes},
    }
    return Subject("openapi.json", document, {})


QUICK = Choices(phases=("fuzzing",), skipped_checks=("ignored_auth", "negative_data_rejection"), examples=2, seed=1)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with service({"id": 1}) as address:
        yield address


def test_clean(url: str) -> None:
    assert run(subject(), url, [], QUICK, output=subprocess.DEVNULL) == 0


def test_an_answer_that_breaks_its_schema_is_found_and_reported(url: str, tmp_path: Path) -> None:
    junit, har = tmp_path / "report.xml", tmp_path / "traffic.har"
    choices = Choices(phases=QUICK.phases, skipped_checks=QUICK.skipped_checks, examples=2, seed=1, junit=junit, har=har)
    said = tmp_path / "said.txt"
    broken = subject({**NOTE, "required": ["id", "text"]})
    with said.open("w") as output:
        assert run(broken, url, identities({"k": ["a-secret-pass"]}, broken.document), choices, output=output) == 1
    assert "'text' is a required property" in said.read_text() or '"text" is a required property' in said.read_text()
    assert "GET /note" in junit.read_text()
    assert "/note" in har.read_text()
    for text in (said, junit, har):
        assert "a-secret-pass" not in text.read_text()


def test_a_token_that_nobody_asks_for_is_found(url: str, tmp_path: Path) -> None:
    """Of `oauth2` schemathesis does not know where the credentials stand: without being told it would not look."""
    open_to_all = subject()
    operation = open_to_all.document["paths"]["/note"]["get"]
    operation["security"] = [{"login": ["read"]}]
    open_to_all.document["components"]["securitySchemes"] = {"login": {"type": "oauth2", "flows": {}}}
    choices = Choices(phases=("fuzzing",), skipped_checks=("negative_data_rejection",), examples=2, seed=1)
    said = tmp_path / "said.txt"
    with said.open("w") as output:
        assert run(open_to_all, url, identities({"login": ["t"]}, open_to_all.document), choices, output=output) == 1
    assert "API accepts requests without authentication" in said.read_text()


@pytest.mark.parametrize(("gateway", "code"), [(True, 0), (False, 1)])
def test_a_path_that_a_gateway_has_to_refuse_is_no_failure(gateway: bool, code: int) -> None:
    """A text with a backslash: a service that refuses it though its schema allows it does not keep to its document."""
    operation = {
        "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string", "enum": ["a\\b"]}}],
        "responses": {"400": {"description": "refused"}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "Notes", "version": "1"}, "paths": {"/notes/{name}": {"get": operation}}}
    with service({}, status=400) as refusing:
        choices = Choices(phases=("fuzzing",), skipped_checks=("negative_data_rejection",), examples=2, seed=1)
        assert run(Subject("openapi.json", document, {}, gateway=gateway), refusing, [], choices, output=subprocess.DEVNULL) == code


def test_nothing_to_test_is_no_verdict(url: str) -> None:
    choices = Choices(phases=("fuzzing",), operations=("absent",))
    assert run(subject(), url, [], choices, output=subprocess.DEVNULL) == 2


def test_a_service_that_says_nothing_has_no_verdict(tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    with socket.create_server(("127.0.0.1", 0)) as listener, said.open("w") as output:
        ended = threading.Thread(target=_hang_up, args=(listener,))
        ended.start()
        try:
            assert run(subject(), f"http://127.0.0.1:{listener.getsockname()[1]}", [], QUICK, output=output) == 2
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            ended.join()
    assert "no verdict: no answer came that could be judged" in said.read_text()


def _hang_up(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()


def test_choices_become_arguments() -> None:
    filters: dict[str, Any] = {"skipped_checks": ("ignored_auth",), "operations": ("a", "b"), "left_out": ("c",)}
    chosen = Choices(phases=("examples", "fuzzing"), **filters, seconds=3, rate="9/s", junit=Path("/x"))
    assert chosen.arguments() == [
        "--phases", "examples,fuzzing", "--exclude-checks", "ignored_auth", "--include-operation-id", "a", "--include-operation-id", "b",
        "--exclude-operation-id", "c", "--workers", "1", "--max-time", "3", "--rate-limit", "9/s", "--report-junit-path", "/x",
    ]  # fmt: skip


def test_a_service_that_was_too_busy_nearly_always_is_no_success(tmp_path: Path) -> None:
    """429 is declared, so that no check fails; that it came every time is what fails the run."""
    busy = subject()
    busy.document["paths"]["/note"]["get"]["responses"]["429"] = {"description": "busy"}
    del busy.document["paths"]["/note"]["get"]["security"]
    said = tmp_path / "said.txt"
    with service({}, status=429) as refusing, said.open("w") as output:
        checks = ("negative_data_rejection", "unsupported_method")
        assert run(busy, refusing, [], Choices(phases=("fuzzing",), skipped_checks=checks, examples=5, seed=1), output=output) == 1
    assert "429" in said.read_text()
    assert "GET /note" in said.read_text()
