from __future__ import annotations

import pytest

from specgw.plan.model import Content, Parameter, Shape
from specgw.policies.validation.bodies import Bodies
from specgw.policies.validation.querystring import querystring
from specgw.policies.validation.validators import Validators

SCHEMA = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
BODIES = Bodies(Validators({"x:/a": SCHEMA}), formats=True, max_depth=8)
FORM = Content(
    media_range="application/x-www-form-urlencoded",
    kind="urlencoded",
    schema="x:/a#",
    shape=Shape(types=("object",), properties={"a": Shape(types=("integer",))}),
)
JSON = Content(media_range="application/json", kind="json", schema="x:/a#")


def found(content: Content | None, query: bytes | None, *, required: bool = False) -> list[tuple[str, str | None, str, str]] | None:
    wrong = querystring(Parameter(name="q", location="querystring", style="form", required=required, content=content), BODIES)(query)
    return None if wrong is None else [(violation.location, violation.name, violation.keyword, violation.pointer) for violation in wrong]


@pytest.mark.parametrize(("content", "query"), [(FORM, b"a=1&b=2"), (JSON, b"%7B%22a%22:1%7D"), (JSON, b'{"a":1}'), (None, b"%zz")])
def test_right(content: Content | None, query: bytes) -> None:
    assert found(content, query) is None


@pytest.mark.parametrize(
    ("content", "query", "keyword", "pointer"),
    [
        (FORM, b"a=x", "type", "/a"),
        (FORM, b"b=1", "required", ""),
        (JSON, b"%7B%7D", "required", ""),
        (JSON, b"a=1", "syntax", ""),
        (JSON, b"%7", "encoding", ""),
        (JSON, b"\xff", "encoding", ""),
    ],
)
def test_wrong(content: Content, query: bytes, keyword: str, pointer: str) -> None:
    assert found(content, query) == [("query", "q", keyword, pointer)]


@pytest.mark.parametrize("query", [None, b""])
def test_absent(query: bytes | None) -> None:
    assert found(JSON, query) is None
    assert found(JSON, query, required=True) == [("query", "q", "required", "")]
