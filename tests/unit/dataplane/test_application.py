"""The ASGI application of the built-in pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from specgw.dataplane.application import Application, Page


def ask(method: str, path: str) -> tuple[int, dict[bytes, bytes], bytes]:
    application = Application({"/page": lambda: Page(200, "text/plain", b"hello")})
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        raise AssertionError("no page reads a body")

    asyncio.run(application({"type": "http", "method": method, "path": path}, receive, send))
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


def test_a_page_is_not_cached_and_not_sniffed() -> None:
    status, headers, body = ask("GET", "/page")
    assert (status, body) == (200, b"hello")
    assert headers == {
        b"content-type": b"text/plain",
        b"content-length": b"5",
        b"cache-control": b"no-store",
        b"x-content-type-options": b"nosniff",
    }


def test_head_has_the_same_fields_and_no_body() -> None:
    status, headers, body = ask("HEAD", "/page")
    assert (status, headers[b"content-length"], body) == (200, b"5", b"")


def test_everything_else_is_a_problem() -> None:
    status, headers, body = ask("GET", "/other")
    assert (status, headers[b"content-type"]) == (404, b"application/problem+json")
    status, headers, body = ask("POST", "/page")
    assert (status, headers[b"allow"]) == (405, b"GET, HEAD")
    assert b"method-not-allowed" in body


def test_the_listener_learns_the_paths() -> None:
    assert Application({"/page": lambda: Page(200, "text/plain", b"")}).paths == {b"/page"}
