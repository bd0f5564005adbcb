from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openapi.documents import Reading, reading

OPERATION = "get: {responses: {default: {description: ''}}}"


def servers(folder: Path, *elements: str) -> Reading:
    return reading(folder, f"servers: [{', '.join(elements)}]\npaths: {{/a: {{{OPERATION}}}}}\n")


def urls(outcome: Reading) -> list[str]:
    return [server.url for server in outcome.operation.servers]


@pytest.mark.parametrize(
    ("element", "url"),
    [
        ("{url: 'https://example.com/v1'}", "https://example.com/v1"),
        ("{url: /v1}", "/v1"),
        ("{url: ''}", ""),
        ("{url: .}", "."),
        (
            "{url: 'https://{r}.example.com:{p}/{r}', variables: {r: {default: eu, enum: [eu, us]}, p: {default: '8443'}}}",
            "https://eu.example.com:8443/eu",
        ),
        ("{url: '{base}', variables: {base: {default: 'http://[::1]:80'}}}", "http://[::1]:80"),
    ],
)
def test_urls(tmp_path: Path, element: str, url: str) -> None:
    outcome = servers(tmp_path, element)
    assert urls(outcome) == [url]
    assert outcome.found == []


@pytest.mark.parametrize(
    ("element", "codes", "kept"),
    [
        ("{description: x}", ["invalid-server"], False),
        ("text", ["read-as-meant"], True),
        ("{url: 5}", ["unquoted-text"], True),
        ("{url: 'http://{host}/'}", ["invalid-server"], False),
        ("{url: 'http://{host}/', variables: {hots: {default: a}}}", ["invalid-server"], False),
        ("{url: 'http://{host}/', variables: {host: {enum: [a]}}}", ["invalid-server"], False),
        ("{url: 'http://{host}/', variables: {host: {default: [a]}}}", ["unquoted-text", "invalid-server"], False),
        ("{url: 'http://{host}/', variables: {host: text}}", ["wrong-type"], False),
        ("{url: 'http://{host}/', variables: {host: {default: c, enum: [a, b]}}}", ["invalid-server"], True),
        ("{url: 'http://x:{port}/', variables: {port: {default: 80, enum: [80]}}}", ["unquoted-text"], True),
        ("{url: 'http://x/', variables: {spare: {default: a}}}", ["no-effect"], True),
        ("{url: 'localhost:8080'}", ["invalid-server"], False),
        ("{url: 'wss://x/'}", ["invalid-server"], False),
        ("{url: 'http://'}", ["invalid-server"], False),
        ("{url: 'http://x:99999'}", ["invalid-server"], False),
        ("{url: 'http://[x'}", ["invalid-server"], False),
        ("{url: 'http://a b/'}", ["invalid-server"], False),
        ("{url: 'http://x/{'}", ["invalid-server"], False),
        ("{url: 'http://x/?a=b'}", ["invalid-server"], False),
        ("{url: 'http://x/#a'}", ["invalid-server"], False),
    ],
)
def test_faults(tmp_path: Path, element: str, codes: list[str], kept: bool) -> None:
    outcome = servers(tmp_path, element)
    assert sorted(code for code, _ in outcome.found) == sorted(codes)
    assert len(urls(outcome)) == kept


def test_the_nearest_level_replaces(tmp_path: Path) -> None:
    text = """
servers: [{url: /root}]
paths:
  /a:
    servers: [{url: /path}]
    get: {servers: [{url: /one}, {url: /two}], responses: {default: {description: ''}}}
    put: {responses: {default: {description: ''}}}
  /b:
    get: {servers: [], responses: {default: {description: ''}}}
"""
    outcome = reading(tmp_path, text)
    assert [[server.url for server in operation.servers] for operation in outcome.operations] == [["/one", "/two"], ["/path"], ["/root"]]


def test_nothing_said(tmp_path: Path) -> None:
    assert urls(reading(tmp_path, f"paths: {{/a: {{{OPERATION}}}}}\n")) == []


def test_a_root_server_is_reported_once_and_without_operations_too(tmp_path: Path) -> None:
    assert reading(tmp_path, "servers: [{url: 'http://{x}'}]\npaths: {}\n").only.code == "invalid-server"
