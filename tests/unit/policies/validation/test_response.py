from __future__ import annotations

import gzip
from typing import Any

import pytest

from specgw.http import Headers
from specgw.policies.base import Exchange
from specgw.policies.validation.response import build_response
from specgw.problems import Problem
from tests.unit.policies.validation.contracts import Contract, answer, brief, exchange

PERSON = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 5}}, "required": ["name"], "additionalProperties": False}
JSON: Headers = [(b"content-type", b"application/json")]


def contract(mode: str = "enforce", method: str = "GET") -> Contract:
    made = Contract(method, response=mode)
    made.responds("200", made.content("application/json", "json", PERSON), made.content("text/event-stream", "text", {"type": "string"}))
    count = made.make_parameter("header", "X-Count", {"type": "integer"}, required=True)
    made.responds("2XX", headers=(count,))
    made.responds("default", made.content("application/problem+json", "json", {"required": ["title"]}))
    return made


def judge(declared: Contract, status: int, headers: Headers, body: bytes | None = None) -> tuple[Problem | None, Exchange]:
    policy = declared.answers()
    made = answer(exchange(declared.route()), status, headers)
    problem = policy.response(made)
    if problem is None and made.holds_response:
        made.response_body = body
        problem = policy.response_body(made)
    return problem, made


def wrong(declared: Contract, status: int, headers: Headers, body: bytes | None = None) -> list[Any]:
    problem, _ = judge(declared, status, headers, body)
    if problem is None:
        return []
    assert problem.status == 502
    return [brief(violation) for violation in problem.violations]


def test_nothing_to_do() -> None:
    for declared in (contract("off"), Contract(response="enforce")):
        assert build_response(declared.route(), declared.schemas.validators()) is None


def test_the_service_is_asked_for_no_coding() -> None:
    made = exchange(contract().route(), headers=[(b"accept-encoding", b"br"), (b"x-kept", b"1")])
    made.lines = [b"Accept-Encoding: br", b"X-Kept: 1"]
    contract().answers().request(made)
    assert made.headers == [(b"x-kept", b"1"), (b"accept-encoding", b"identity")]
    assert made.lines == [b"X-Kept: 1", b"Accept-Encoding: identity"]


def test_content() -> None:
    assert wrong(contract(), 200, JSON, b'{"name": "Ada"}') == []
    assert wrong(contract(), 200, JSON, b'{"name": "Lovelace"}') == [("body", None, "/name", "maxLength")]
    assert wrong(contract(), 200, JSON, b"{}") == [("body", None, "", "required")]
    assert wrong(contract(), 200, JSON, b"oops") == [("body", None, "", "syntax")]
    assert wrong(contract(), 200, JSON, b"") == [("body", None, "", "syntax")]


def test_no_value_reaches_the_client() -> None:
    problem, _ = judge(contract(), 200, JSON, b'{"name": "hunter2-secret"}')
    assert problem is not None
    assert b"hunter2" not in problem.body()


@pytest.mark.parametrize(
    ("headers", "keyword"),
    [
        ([(b"content-type", b"text/html")], "mediaType"),
        ([], "mediaType"),
        ([(b"content-type", b"application/json; charset=utf-16")], "mediaType"),
    ],
)
def test_types_that_are_not_declared(headers: Headers, keyword: str) -> None:
    problem, made = judge(contract(), 200, headers)
    assert problem is not None
    assert not made.holds_response
    assert [brief(violation) for violation in problem.violations] == [("header", "Content-Type", "", keyword)]


def test_an_explicit_status_goes_before_its_range_and_both_before_default() -> None:
    assert wrong(contract(), 201, [(b"x-count", b"5")]) == []
    assert wrong(contract(), 201, []) == [("header", "X-Count", "", "required")]
    assert wrong(contract(), 299, [(b"x-count", b"x")]) == [("header", "X-Count", "", "type")]
    problem: Headers = [(b"content-type", b"application/problem+json")]
    assert wrong(contract(), 404, problem, b'{"title": "x"}') == []
    assert wrong(contract(), 404, problem, b"{}") == [("body", None, "", "required")]


def test_a_status_that_is_not_declared() -> None:
    declared = Contract("GET", response="enforce").responds("204")
    assert wrong(declared, 204, []) == []
    assert wrong(declared, 500, JSON) == [("status", None, "", "status")]
    assert wrong(declared, 103, []) == []


def test_without_a_content_map_nothing_is_said_about_content() -> None:
    problem, made = judge(Contract("GET", response="enforce").responds("200"), 200, [(b"content-type", b"image/png")])
    assert problem is None
    assert not made.holds_response


@pytest.mark.parametrize(
    ("method", "status", "content_type", "reason"),
    [
        ("HEAD", 200, b"application/json", "no content"),
        ("GET", 304, b"application/json", "no content"),
        ("GET", 206, b"application/json", "partial content"),
        ("GET", 200, b"text/event-stream", "a sequence without end"),
        ("GET", 200, b"application/x-ndjson; charset=utf-8", "a sequence without end"),
    ],
)
def test_what_is_exempt_is_marked(method: str, status: int, content_type: bytes, reason: str) -> None:
    declared = Contract(method, response="enforce")
    declared.responds("default", declared.content("application/json", "json", PERSON))
    problem, made = judge(declared, status, [(b"content-type", content_type)])
    assert problem is None
    assert not made.holds_response
    assert made.notes["unvalidated"] == reason


def test_headers_of_exempt_answers_are_checked() -> None:
    declared = contract(method="HEAD")
    declared.responds("default", headers=(declared.make_parameter("header", "ETag", {"type": "string"}, required=True),))
    assert wrong(declared, 304, []) == [("header", "ETag", "", "required")]


def test_headers_are_checked_before_content_is_held() -> None:
    declared = Contract("GET", response="enforce")
    header = declared.make_parameter("header", "X-Count", {"type": "integer"}, required=True)
    declared.responds("200", declared.content("application/json", "json", PERSON), headers=(header,))
    problem, made = judge(declared, 200, JSON)
    assert problem is not None
    assert not made.holds_response
    assert wrong(declared, 200, [*JSON, (b"x-count", b"3")], b"{}") == [("body", None, "", "required")]


def test_coded_content_is_read() -> None:
    coded: Headers = [*JSON, (b"content-encoding", b"gzip")]
    assert wrong(contract(), 200, coded, gzip.compress(b'{"name": "Ada"}')) == []
    assert wrong(contract(), 200, coded, gzip.compress(b"{}")) == [("body", None, "", "required")]
    assert wrong(contract(), 200, coded, b"{}") == [("body", None, "", "encoding")]
    assert wrong(contract(), 200, [*JSON, (b"content-encoding", b"br")], b"{}") == [("body", None, "", "encoding")]


def test_report_takes_notes() -> None:
    problem, made = judge(contract("report"), 200, JSON, b"{}")
    assert problem is None
    assert [violation.keyword for violation in made.violations] == ["required"]
    assert made.notes == {"response_violations": 1}
    problem, made = judge(contract("report"), 201, [])
    assert problem is None
    assert made.notes == {"response_violations": 1}
    declared = Contract("GET", response="report")
    header = declared.make_parameter("header", "X-Count", {"type": "integer"}, required=True)
    declared.responds("200", declared.content("application/json", "json", PERSON), headers=(header,))
    _, made = judge(declared, 200, JSON, b"{}")
    assert made.notes == {"response_violations": 2}


def test_a_body_stage_that_was_not_asked_for_does_nothing() -> None:
    declared = contract()
    made = answer(exchange(declared.route()), 200, JSON, b"{}")
    assert declared.answers().response_body(made) is None
