"""The catalogue of problems, and the document that a client gets (RFC 9457)."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from pathlib import Path

import pytest

from specgw import problems
from specgw.problems import CATALOGUE, KINDS, Kind, Problem, Violation

PACKAGE = Path(problems.__file__).parent


def document(problem: Problem, request_id: str | None = None) -> dict[str, object]:
    read: dict[str, object] = json.loads(problem.body(request_id).decode("utf-8"))
    return read


def test_every_kind_stands_in_the_catalogue() -> None:
    assert {name for name, value in vars(problems).items() if isinstance(value, Kind) and value not in KINDS} == set()


def test_every_kind_is_given_by_something() -> None:
    names = {name for name, value in vars(problems).items() if isinstance(value, Kind)}
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "problems.py")
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()


@pytest.mark.parametrize("member", ["slug", "type", "title"])
def test_no_two_kinds_can_be_confused(member: str) -> None:
    values = [getattr(kind, member) for kind in KINDS]
    assert sorted(values) == sorted(set(values))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_kind(kind: Kind) -> None:
    assert CATALOGUE[kind.slug] is kind
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    # RFC 8141 section 2: what may follow `urn:` and a namespace of 2 to 32 characters, without escapes.
    assert re.fullmatch(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[A-Za-z0-9:._-]+", kind.type)
    assert 400 <= HTTPStatus(kind.status) < 600
    assert not kind.title.endswith(".")
    assert kind.meaning.endswith(".")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_the_document_has_the_members_of_rfc_9457(kind: Kind) -> None:
    problem = Problem(kind, "what happened this time")
    assert problem.status == kind.status
    # Section 3.1: type, title and detail are strings, status is the number of the answer itself.
    assert document(problem) == {"type": kind.type, "title": kind.title, "status": kind.status, "detail": "what happened this time"}


def test_extension_members_have_names_that_every_format_can_write() -> None:
    problem = Problem(problems.INVALID_REQUEST, "no", (Violation("query", "an integer", "type", name="page"),))
    added = document(problem, "req-1").keys() - {"type", "title", "status", "detail", "instance"}
    # Section 3.2: three characters or more, letters, digits and "_", a letter first.
    assert [name for name in added if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,}", name)] == []
    assert added == {"requestId", "violations"}


def test_violations_say_where_and_what_and_leave_out_what_does_not_apply() -> None:
    violations = (
        Violation("path", "an integer", "type", name="id"),
        Violation("body", "a required member is missing: name", "required", pointer="/items/0"),
        Violation("body", "not JSON", "syntax"),
    )
    assert document(Problem(problems.INVALID_REQUEST, "no", violations), "id")["violations"] == [
        {"in": "path", "message": "an integer", "keyword": "type", "name": "id"},
        {"in": "body", "message": "a required member is missing: name", "keyword": "required", "pointer": "/items/0"},
        {"in": "body", "message": "not JSON", "keyword": "syntax"},
    ]


@pytest.mark.parametrize("text", ['quo"te', "back\\slash", "line\nbreak", "nul\0", "é 漢 🙂", "\u2028"])
def test_any_text_survives_as_utf_8_json(text: str) -> None:
    violation = Violation("header", text, "pattern", name=text, pointer=text)
    read = document(Problem(problems.INVALID_REQUEST, text, (violation,)), text)
    assert read["detail"] == read["requestId"] == text
    assert read["violations"] == [{"in": "header", "message": text, "keyword": "pattern", "name": text, "pointer": text}]
