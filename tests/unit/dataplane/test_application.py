"""The ASGI application of the built-in pages."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from typing import Any

import pytest

from specgw import problems
from specgw.dataplane import application as application_module
from specgw.dataplane.application import LARGEST_BODY, Application, Page
from specgw.http import Request
from specgw.policies.base import Answer, Reply
from specgw.problems import Problem

KEPT = Page(200, "text/css", b"p {}", ((b"x-more", b"1"),), cache=b"no-cache", etag=b'"one"')

PACKED = Page(200, "text/css", gzip.compress(b"p {}", mtime=0), etag=b'W/"one"', packed=True)


def ask(method: str, path: str, *headers: tuple[bytes, bytes]) -> tuple[int, dict[bytes, bytes], bytes]:
    application = Application({"/page": lambda: Page(200, "text/plain", b"hello"), "/kept": lambda: KEPT, "/packed": lambda: PACKED})
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        raise AssertionError("no page reads a body")

    asyncio.run(application({"type": "http", "method": method, "path": path, "headers": headers}, receive, send))
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


def test_a_page_that_may_be_kept_has_a_tag() -> None:
    status, headers, body = ask("GET", "/kept")
    assert (status, body) == (200, b"p {}")
    assert (headers[b"cache-control"], headers[b"etag"], headers[b"x-more"]) == (b"no-cache", b'"one"', b"1")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (b'"one"', 304),
        (b'W/"one"', 304),
        (b'"two", "one"', 304),
        (b"*", 304),
        (b'"two"', 200),
        (b'"on', 200),
        (b"", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_gets_no_body(method: str, condition: bytes, status: int) -> None:
    answered, headers, body = ask(method, "/kept", (b"if-none-match", condition))
    assert answered == status
    assert headers[b"etag"] == b'"one"'
    assert (b"content-length" in headers) == (status == 200)
    assert body == (b"p {}" if (method, status) == ("GET", 200) else b"")
    assert ask("GET", "/page", (b"if-none-match", b"*"))[0] == 200, "a page without a tag is always sent"


def test_everything_else_is_a_problem() -> None:
    status, headers, body = ask("GET", "/other")
    assert (status, headers[b"content-type"]) == (404, b"application/problem+json")
    status, headers, body = ask("POST", "/page")
    assert (status, headers[b"allow"]) == (405, b"GET, HEAD")
    assert b"method-not-allowed" in body


def test_the_listener_learns_the_paths() -> None:
    assert Application({"/page": lambda: Page(200, "text/plain", b"")}).paths == {b"/page"}


@pytest.mark.parametrize(
    ("accepted", "coded"),
    [
        (b"gzip", True),
        (b"br, GZIP;q=0.5", True),
        (b"x-gzip", True),
        (b"*", True),
        (b"*;q=0, gzip", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.000, *", False),
        (b"br", False),
        (b"identity", False),
        (b"gzip;q=broken", False),
        (b"", False),
        (None, False),
    ],
)
def test_what_is_kept_packed_is_sent_as_the_client_takes_it(accepted: bytes | None, coded: bool) -> None:
    """RFC 9110 section 12.5.3."""
    status, headers, body = ask("GET", "/packed", *(() if accepted is None else ((b"accept-encoding", accepted),)))
    assert (status, headers[b"vary"], headers.get(b"content-encoding")) == (200, b"Accept-Encoding", b"gzip" if coded else None)
    assert int(headers[b"content-length"]) == len(body)
    assert (gzip.decompress(body) if coded else body) == b"p {}"
    status, headers, body = ask("GET", "/packed", (b"if-none-match", b'W/"one"'))
    assert (status, headers[b"vary"], body) == (304, b"Accept-Encoding", b"")


def test_what_is_published_changes_all_at_once_and_the_paths_with_it() -> None:
    application = Application({"/page": lambda: KEPT}, folder="/portal/", waiting=lambda: KEPT)
    paths = application.paths
    assert paths == {b"/page", b"/portal", b"/portal/"}
    application.publish({"/portal/a": lambda: KEPT, "/b": lambda: KEPT})
    assert paths == {b"/page", b"/portal", b"/portal/", b"/portal/a", b"/b"}, "whoever has them sees the change"
    application.publish({})
    assert paths == {b"/page"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_until_something_is_published_there_is_one_answer_below_the_folder(method: str) -> None:
    application = Application({}, folder="/portal/", waiting=lambda: Page(503, "text/plain", b"soon"))
    made = application._answer(method, "/portal/keys")
    assert isinstance(made, Page)
    assert made.status == 503


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/portal/a", 410),
        ("HEAD", "/portal/a/b", 410),
        ("POST", "/portal/a", 404),
        ("GET", "/portal/plain", 404),
        ("GET", "/other", 404),
        ("GET", "/portal/there", 200),
    ],
)
def test_what_is_missing_below_the_folder_is_said_by_who_published_it(method: str, path: str, status: int) -> None:
    application = Application({}, folder="/portal/")
    gone = Page(410, "text/html", b"gone")
    application.publish(
        {"/portal/there": lambda: Page(200, "text/plain", b"")}, missing=lambda path: None if path.endswith("plain") else gone
    )
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        raise AssertionError("no page reads a body")

    asyncio.run(application({"type": "http", "method": method, "path": path, "headers": ()}, receive, send))
    assert sent[0]["status"] == status


def act(
    method: str = "POST",
    *pieces: bytes,
    path: str = "/portal/act",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    answer: Answer | None = None,
    gone: bool = False,
    **scope: Any,
) -> tuple[list[Request], int, dict[bytes, bytes], bytes]:
    """What an act gets of a request in pieces, and what a client gets of its answer."""
    asked: list[Request] = []
    sent: list[Mapping[str, Any]] = []
    left = list(pieces) or [b""]

    async def answering(request: Request) -> Answer:
        asked.append(request)
        return answer or Reply(201, ((b"content-type", b"application/json"),), b"{}")

    async def receive() -> Mapping[str, Any]:
        if gone:
            return {"type": "http.disconnect"}
        if not left:
            await asyncio.Event().wait()
        piece = left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(left) or piece == b"..."}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    application = Application({}, folder="/portal/", request_id=lambda: "1d")
    application.publish({"/portal/": lambda: KEPT}, acts=lambda path: answering if path == "/portal/act" else None)
    asyncio.run(application({"type": "http", "method": method, "path": path, "headers": headers, **scope}, receive, send))
    return asked, sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_an_act_gets_the_whole_request_and_nobody_keeps_its_answer() -> None:
    more: dict[str, Any] = {"query_string": b"x=1", "client": ("::ffff:10.0.0.1", 5), "scheme": "https"}
    asked, status, fields, body = act("PUT", b"on", b"e", headers=((b"a", b"1"),), **more)
    wanted = Request(
        method="PUT", path="/portal/act", query=b"x=1", headers=[(b"a", b"1")], body=b"one", peer="10.0.0.1", secure=True, id="1d"
    )
    assert asked == [wanted]
    assert (status, body) == (201, b"{}")
    assert fields == {
        b"cache-control": b"no-store",
        b"x-content-type-options": b"nosniff",
        b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
        b"referrer-policy": b"no-referrer",
        b"cross-origin-resource-policy": b"same-origin",
        b"x-request-id": b"1d",
        b"content-type": b"application/json",
        b"content-length": b"2",
    }


def test_an_answer_to_head_has_no_body_and_204_no_length() -> None:
    assert act("HEAD")[2:] == (act("GET")[2], b"")
    _, status, fields, body = act(answer=Reply(204))
    assert (status, b"content-length" in fields, body) == (204, False, b"")


def test_a_problem_of_an_act_names_the_request() -> None:
    _, status, fields, body = act(answer=Problem(problems.NO_SUCH_KEY, "none"))
    assert (status, fields[b"content-type"]) == (404, b"application/problem+json")
    assert b'"requestId":"1d"' in body


@pytest.mark.parametrize(
    ("pieces", "headers"),
    [((b"x" * (LARGEST_BODY + 1),), ()), ((b"x" * LARGEST_BODY, b"x"), ()), ((b"",), ((b"content-length", b"%d" % (LARGEST_BODY + 1)),))],
)
def test_large_bodies_reach_no_act(pieces: tuple[bytes, ...], headers: tuple[tuple[bytes, bytes], ...]) -> None:
    asked, status, _, body = act("POST", *pieces, headers=headers)
    assert (asked, status, b"payload-too-large" in body) == ([], 413, True)
    assert act("POST", b"x" * LARGEST_BODY)[1] == 201


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application_module, "BODY_TIME", 0.0)
    asked, status, _, body = act("POST", b"...")
    assert (asked, status, b"request-timeout" in body) == ([], 408, True)


def test_who_is_gone_has_sent_what_there_is() -> None:
    assert act(gone=True)[0][0].body == b""


def test_where_nothing_acts_a_page_stands() -> None:
    asked, status, _, body = act("GET", path="/portal/")
    assert (asked, status, body) == ([], 200, b"p {}")
