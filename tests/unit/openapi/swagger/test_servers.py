from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openapi.swagger.documents import read, upgraded


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("host: a.example\nbasePath: /v1\nschemes: [http, https]", ["https://a.example/v1", "http://a.example/v1"]),
        ("host: a.example:81\nschemes: [http]", ["http://a.example:81"]),
        ("basePath: /v1\nschemes: [http]", ["/v1"]),
        ("host: a.example", ["https://a.example"]),
        ("host: http://a.example/x\nbasePath: v1", ["http://a.example/x/v1"]),
        ("host: ''", None),
        ("schemes: [https]", None),
    ],
)
def test_urls(tmp_path: Path, text: str, urls: list[str] | None) -> None:
    servers = upgraded(tmp_path, text + "\npaths: {}\n").value.get("servers")
    assert (None if servers is None else [server["url"] for server in servers]) == urls


@pytest.mark.parametrize(
    "text", ["schemes: [ws, https]", "schemes: [gopher, https]", "schemes: [3, https]", "basePath: v1\nschemes: [https]", ""]
)
def test_what_is_left_open_is_told(tmp_path: Path, text: str) -> None:
    outcome = read(tmp_path, f"host: a.example\n{text}\npaths: {{}}\n")
    assert [code for code, _ in outcome.found] == ["upgrade-loss"]


def test_schemes_of_an_operation(tmp_path: Path) -> None:
    text = "host: a.example\nschemes: [https]\npaths: {/a: {get: {schemes: [http], responses: {default: {description: ''}}}}}\n"
    assert [server.url for server in read(tmp_path, text).operation.servers] == ["http://a.example"]
