from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgw.mock.generation import Generator
from specgw.mock.preferences import Preferences, read_accept
from specgw.mock.responder import Asked, Chosen, Responder
from specgw.policies.base import Reply
from specgw.policies.validation.validators import Validators
from specgw.problems import NO_MOCK, NO_SUCH_MOCK, NOT_ACCEPTABLE, Problem
from tests.unit.mock.conftest import planned


def responder(folder: Path, responses: dict[str, Any]) -> Responder:
    for response in responses.values():
        response.setdefault("description", "")
    sandbox = planned(folder, {"/a": {"get": {"operationId": "a", "responses": responses}}}).sandbox
    return Responder(sandbox.operations["a"], sandbox.responses, Generator(sandbox.schemas, Validators(sandbox.schemas)), name="a")


def body(*examples: str, **schema: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"examples": {name: {"value": name} for name in examples}} if examples else {}
    return {"content": {"application/json": {**said, **({"schema": schema} if schema else {})}}}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["404", "202", "200"], 200), (["2XX", "404"], 200), (["default", "404"], 200), (["404", "302"], 302), (["4XX"], 400),
        (["204"], 204),
    ],
)  # fmt: skip
def test_the_lowest_success_is_usual(tmp_path: Path, statuses: list[str], expected: int) -> None:
    chosen = responder(tmp_path, {status: {} for status in statuses}).answer(Asked())
    assert isinstance(chosen, Chosen)
    assert chosen.reply.status == expected


@pytest.mark.parametrize("responses", [{}, {"102": {}}])
def test_where_no_final_response_is_declared_the_answer_is_empty(tmp_path: Path, responses: dict[str, Any]) -> None:
    made = responder(tmp_path, responses)
    chosen = made.answer(Asked())
    assert isinstance(chosen, Chosen)
    assert chosen.reply == Reply(200, (), b"")
    asked = made.answer(Asked(Preferences(code=204)))
    assert isinstance(asked, Problem)
    assert asked.kind is NO_SUCH_MOCK


def test_a_value_that_cannot_be_made_is_no_answer(tmp_path: Path) -> None:
    answer = responder(tmp_path, {"200": body(type="integer", minimum=2, maximum=1)}).answer(Asked())
    assert isinstance(answer, Problem)
    assert answer.kind is NO_MOCK


def test_a_status_is_answered_from_its_number_its_range_or_default(tmp_path: Path) -> None:
    made = responder(tmp_path, {"200": body("a"), "4XX": body("b"), "default": body("c")})
    for code, text in ((200, "a"), (418, "b"), (503, "c")):
        chosen = made.answer(Asked(Preferences(code=code)))
        assert isinstance(chosen, Chosen)
        assert (chosen.reply.status, json.loads(chosen.reply.body)) == (code, text)
        assert chosen.applied == (f"code={code}",)


@pytest.mark.parametrize("preferences", [Preferences(code=500), Preferences(example="x")])
def test_what_is_not_declared_is_not_made_up(tmp_path: Path, preferences: Preferences) -> None:
    answer = responder(tmp_path, {"200": body("a")}).answer(Asked(preferences))
    assert isinstance(answer, Problem)
    assert answer.kind is NO_SUCH_MOCK


def test_nothing_that_is_accepted_is_said(tmp_path: Path) -> None:
    answer = responder(tmp_path, {"200": body("a")}).answer(Asked(accepted=read_accept(b"text/csv")))
    assert isinstance(answer, Problem)
    assert answer.kind is NOT_ACCEPTABLE


def test_dynamic_answers_come_from_the_schema_and_differ_by_seed(tmp_path: Path) -> None:
    made = responder(tmp_path, {"200": body("a", type="string", format="uuid")})
    found = set()
    for seed in ("1", "2", "1"):
        chosen = made.answer(Asked(Preferences(dynamic=True, seed=seed)))
        assert isinstance(chosen, Chosen)
        assert chosen.applied == ("dynamic=true", f"seed={seed}")
        found.add(chosen.reply.body)
    assert len(found) == 2
    assert b'"a"' not in found


def test_examples_go_before_schemas_and_a_name_before_the_first(tmp_path: Path) -> None:
    made = responder(tmp_path, {"200": body("a", "b", type="integer")})
    for asked, text in ((Asked(), b'"a"'), (Asked(Preferences(example="b")), b'"b"'), (Asked(names=("b",)), b'"b"')):
        chosen = made.answer(asked)
        assert isinstance(chosen, Chosen)
        assert chosen.reply.body == text


def test_the_same_answer_is_made_once(tmp_path: Path) -> None:
    made = responder(tmp_path, {"200": body(type="integer")})
    first, second = made.answer(Asked()), made.answer(Asked())
    assert isinstance(first, Chosen)
    assert isinstance(second, Chosen)
    assert first.reply is second.reply


def test_fields_are_text_without_controls(tmp_path: Path) -> None:
    headers = {"X-A": {"example": "a\r\nb"}, "X-B": {"schema": {"type": "array", "items": {"const": 3}, "minItems": 2, "maxItems": 2}}}
    chosen = responder(tmp_path, {"204": {"headers": headers}}).answer(Asked())
    assert isinstance(chosen, Chosen)
    assert chosen.reply.headers == ((b"X-A", b"a  b"), (b"X-B", b"3,3"))


def test_a_refusal_is_the_documents_own_whatever_is_accepted(tmp_path: Path) -> None:
    made = responder(tmp_path, {"200": {}, "422": body("bad")})
    chosen = made.refusal(422, Asked(accepted=read_accept(b"text/csv")))
    assert chosen is not None
    assert chosen.reply.body == b'"bad"'
    assert made.refusal(400, Asked()) is None
    assert made.declares(422)
    assert not made.has_default
