from __future__ import annotations

from typing import Any

import pytest

from specgw.mock.generation import Generator
from specgw.mock.refusals import in_words
from specgw.policies.validation.validators import Validators

TEXT: dict[str, Any] = {"type": "string"}
PROBLEM = {"type": {**TEXT, "format": "uri-reference"}, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}
MADE = {"type": "/grove", "title": "Ember orchard", "status": 200, "detail": "Everything works as expected so far."}


def told(value: Any, code: int, /, **properties: Any) -> Any:
    schema = {"type": "object", "properties": properties, "$defs": {"status": {"type": "integer", "enum": [1, 2]}}}
    schemas = {"x:/s": {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x:/s", **schema}}
    return in_words(value, code, "x:/s", Generator(schemas, Validators(schemas)))


def test_a_problem_says_its_status_in_words() -> None:
    found = told(MADE, 409, **PROBLEM)
    detail = "This does not fit what is there already."
    assert found == {"type": "about:blank", "title": "Conflict", "status": 409, "detail": detail}
    assert told(MADE, 502, **PROBLEM)["detail"] == "The service cannot answer this at present."
    assert told(MADE, 418, **PROBLEM)["detail"] == "The request is not what this operation takes."


@pytest.mark.parametrize("status", [200, 302])
def test_what_is_no_error_stays(status: int) -> None:
    assert told(MADE, status, **PROBLEM) == MADE


def test_what_the_schema_shows_stays() -> None:
    title, detail, status = {**TEXT, "examples": ["Ember orchard"]}, {**TEXT, "maxLength": 3}, {"$ref": "#/$defs/status"}
    shown = {**PROBLEM, "title": title, "detail": detail, "status": status}
    found = told({**MADE, "status": 1, "detail": "abc"}, 404, **shown)
    assert found == {**MADE, "type": "about:blank", "status": 1, "detail": "abc"}


def test_an_error_inside_is_told_too() -> None:
    found = told({"error": {"message": "Updated after the last review.", "code": "A"}}, 429, error={"type": "object"})
    assert found == {"error": {"message": "There were too many requests: wait before the next one.", "code": "A"}}
    assert told(["a"], 400) == ["a"]
