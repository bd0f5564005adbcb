from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import pytest

from specgw.mock.answers import Answers, Refusals, drawn, in_field, spoiled
from specgw.mock.generation import Generator
from specgw.mock.responder import Responder
from specgw.plan.sandbox import Faults, Latency
from specgw.policies.base import Reply
from specgw.policies.validation.validators import Validators
from specgw.problems import INVALID_REQUEST, NOT_ACCEPTABLE, UNAUTHENTICATED, UNSUPPORTED_MEDIA_TYPE, Problem, Violation
from tests.unit.mock.conftest import exchange, planned

EXAMPLES = {"a": {"value": 1}, "b": {"value": 2}}
RESPONSES = {
    "200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}, "examples": EXAMPLES}}},
    "422": {"description": "", "content": {"application/json": {"example": "bad"}}},
}
PARAMETERS = [{"name": "q", "in": "query", "schema": {"type": "string"}, "examples": {"b": {"value": "two words"}}}]


def answers(folder: Path, *, mock: dict[str, Any] | None = None, responses: Any = None, sleeps: list[float] | None = None) -> Answers:
    operation = {"operationId": "a", "parameters": PARAMETERS, "responses": responses or RESPONSES, "x-gateway": {"mock": mock or {}}}
    plan = planned(folder, {"/a": {"get": operation}})
    sandbox = plan.sandbox

    async def sleep(seconds: float) -> None:
        assert sleeps is not None
        sleeps.append(seconds)

    responder = Responder(sandbox.operations["a"], sandbox.responses, Generator(sandbox.schemas, Validators(sandbox.schemas)), name="a")
    return Answers(sandbox.operations["a"], responder, plan.routes[0], random=Random(1), sleep=sleep)


def test_a_body_is_waited_for(tmp_path: Path) -> None:
    asked = exchange("POST", headers=[(b"content-length", b"2")])
    assert answers(tmp_path).request(asked) is None
    assert asked.holds_body


def test_the_example_that_the_request_stands_for_is_given(tmp_path: Path) -> None:
    policy = answers(tmp_path)
    for query, body in ((b"q=two+words", b"2"), (b"q=two%20words", b"2"), (b"q=x", b"1"), (b"q=%ff", b"1"), (None, b"1")):
        reply = policy.request(exchange(query=query))
        assert isinstance(reply, Reply)
        assert reply.body == body


def test_an_answer_that_only_accept_decides_is_prepared_once(tmp_path: Path) -> None:
    content = {"application/json": {"example": 1}, "text/plain": {"example": "one"}}
    paths = {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": content}}}}}
    plan = planned(tmp_path, paths)
    sandbox = plan.sandbox
    responder = Responder(sandbox.operations["a"], sandbox.responses, Generator(sandbox.schemas, Validators(sandbox.schemas)), name="a")
    policy = Answers(sandbox.operations["a"], responder, plan.routes[0], random=Random(1))

    def asked(*headers: tuple[bytes, bytes]) -> Any:
        return policy.request(exchange(headers=[(b"host", b"a"), *headers]))

    text, wanted = (b"accept", b"text/plain"), (b"accept", b"application/json")
    for _ in range(2):
        assert [asked().body, asked(text).body, asked(wanted).body] == [b"1", b"one", b"1"]
        assert asked(text, wanted).body == b"1"  # equal weights: the first that is declared
        assert asked((b"accept", b"image/png")).kind is NOT_ACCEPTABLE
        assert asked((b"prefer", b"code=200"), text).headers[-1] == (b"Preference-Applied", b"code=200")
    assert asked(text) is asked(text)


def test_preferences_are_applied_and_said(tmp_path: Path) -> None:
    sleeps: list[float] = []
    outcome = answers(tmp_path, sleeps=sleeps).request(exchange(headers=[(b"prefer", b"example=b"), (b"prefer", b"delay=20")]))
    assert not isinstance(outcome, Reply | Problem)
    assert outcome is not None

    async def awaited() -> Any:
        return await outcome

    reply = asyncio.run(awaited())
    assert reply.body == b"2"
    assert reply.headers[-1] == (b"Preference-Applied", b"example=b, delay=20")
    assert sleeps == [0.02]


def test_dynamic_answers_depend_on_the_request_alone(tmp_path: Path) -> None:
    policy = answers(tmp_path)
    found = []
    for query in (b"q=1", b"q=2", b"q=1"):
        reply = policy.request(exchange(query=query, headers=[(b"prefer", b"dynamic=true")]))
        assert isinstance(reply, Reply)
        found.append(reply.body)
    assert found[0] == found[2]


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (Problem(INVALID_REQUEST, "x"), 422),
        (Problem(UNAUTHENTICATED, "x"), None),
        (Problem(UNSUPPORTED_MEDIA_TYPE, "x"), None),
    ],
)
def test_refusals_are_the_documents_where_it_has_them(tmp_path: Path, problem: Problem, status: int | None) -> None:
    answer = answers(tmp_path).refusal(exchange(), problem)
    assert answer is problem if status is None else answer.status == status


def test_default_stands_for_refusals_too(tmp_path: Path) -> None:
    policy = answers(tmp_path, responses={"200": {"description": ""}, "default": {"description": ""}})
    problem = Problem(UNAUTHENTICATED, "x", headers=((b"A", b"b"),))
    assert policy.refusal(exchange(), problem) == Reply(401, ((b"A", b"b"), (b"Sandbox-Problem", in_field(problem))))


def test_an_accept_that_nothing_meets_is_refused_in_the_documents_words_too(tmp_path: Path) -> None:
    nothing = exchange(headers=[(b"accept", b"image/png")])
    assert isinstance(answers(tmp_path).answer(nothing), Problem)
    policy = answers(tmp_path, responses={**RESPONSES, "4XX": {"description": "", "content": {"application/json": {"example": "no"}}}})
    for _ in range(2):
        nothing.notes.clear()
        reply = policy.answer(nothing)
        assert isinstance(reply, Reply)
        assert (reply.status, reply.body, nothing.notes) == (406, b'"no"', {"refused": "not-acceptable"})


def test_a_refusal_in_the_documents_words_says_why_in_a_field() -> None:
    found = [Violation("body", "muß \r\n", "type", pointer="/ä"), Violation("query", "must be there", "required", name="q")]
    told = json.loads(in_field(Problem(INVALID_REQUEST, "x", tuple(found))))
    assert (told["type"], told["status"], told["detail"]) == ("urn:specgw:problem:invalid-request", 400, "x")
    assert told["violations"][0] == {"in": "body", "message": "muß \r\n", "keyword": "type", "pointer": "/ä"}
    assert told["violations"][1]["name"] == "q"
    assert "more" not in told


def test_that_field_is_ascii_and_bounded() -> None:
    found = tuple(Violation("body", "\x1b" * 20, "type", pointer=f"/{number}") for number in range(500))
    field = in_field(Problem(INVALID_REQUEST, "ü" * 5000, found))
    assert len(field) < 3500
    assert field.isascii()
    assert field.decode().isprintable()
    told = json.loads(field)
    assert len(told["violations"]) + told["more"] == 500


def test_a_policy_that_waits_is_turned_as_well(tmp_path: Path) -> None:
    class Slow:
        async def request(self, exchange: object) -> Problem:
            return Problem(INVALID_REQUEST, "x")

    wrapped = Refusals(Slow(), answers(tmp_path))
    assert wrapped.body is None
    assert wrapped.request is not None
    outcome = wrapped.request(exchange())
    assert outcome is not None
    assert not isinstance(outcome, Problem | Reply)

    async def awaited() -> Any:
        return await outcome

    assert asyncio.run(awaited()).status == 422


def test_latency_is_fixed_a_range_or_lognormal() -> None:
    random = Random(7)
    assert drawn(Latency(low=0.1, high=0.1), random) == 0.1
    assert 0.1 <= drawn(Latency(low=0.1, high=0.2), random) <= 0.2
    seconds = [drawn(Latency(median=0.1, p99=0.4), random) for _ in range(5000)]
    cuts = quantiles(seconds, n=100)
    assert cuts[49] == pytest.approx(0.1, rel=0.1)
    assert cuts[98] == pytest.approx(0.4, rel=0.2)


def test_faults_spoil_an_answer() -> None:
    reply = Reply(200, (), b'{"a":1}')
    assert spoiled(reply, Faults(kind="status", status=500)).status == 500
    assert spoiled(reply, Faults(kind="malformed")) == Reply(200, (), b'{"a')
    assert spoiled(reply, Faults(kind="reset")) == Reply(200, (), b'{"a":1}', "reset")
