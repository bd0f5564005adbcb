"""What a client is told where there is no exchange."""

from __future__ import annotations

import json

import pytest

from specgw import problems
from specgw.dataplane.refusal import message, unreadable
from specgw.http1 import FramingError
from specgw.problems import Kind, Problem


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, problems.MALFORMED_REQUEST),
        (414, problems.URI_TOO_LONG),
        (417, problems.EXPECTATION_FAILED),
        (431, problems.HEADERS_TOO_LARGE),
        (501, problems.NOT_IMPLEMENTED),
        (505, problems.VERSION_NOT_SUPPORTED),
    ],
)
def test_each_break_of_the_rules_has_its_problem(status: int, kind: Kind) -> None:
    problem = unreadable(FramingError("what is wrong", status))
    assert (problem.kind, problem.status, problem.detail) == (kind, status, "what is wrong")


@pytest.mark.parametrize(("request_", "content"), [(b"HEAD / HTTP/9.9", False), (b"\r\nHEAD ", False), (b"HEADS /", True), (b"", True)])
def test_an_answer_to_head_has_no_content(request_: bytes, content: bool) -> None:
    answer = message(Problem(problems.MALFORMED_REQUEST, "why"), "id-1", b"today", request_)
    assert answer.endswith(b"\r\n\r\n") is not content
    assert b"\r\nContent-Length: 0\r\n" not in answer


def test_the_answer_is_whole_and_the_last_one() -> None:
    head, body = message(Problem(problems.OVERLOADED, "too many connections"), "id-1", b"today").split(b"\r\n\r\n")
    status_line, *lines = head.split(b"\r\n")
    assert status_line == b"HTTP/1.1 503 Service Unavailable"
    fields = dict(line.split(b": ") for line in lines)
    assert fields[b"Content-Length"] == b"%d" % len(body)
    assert (fields[b"Connection"], fields[b"Date"], fields[b"X-Request-Id"]) == (b"close", b"today", b"id-1")
    assert json.loads(body)["requestId"] == "id-1"
