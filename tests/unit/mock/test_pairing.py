from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.http import Headers
from specgw.mock.pairing import Pairings
from tests.unit.mock.conftest import exchange, planned

RESPONSES = {"200": {"description": "", "content": {"application/json": {"examples": {name: {"value": name} for name in "abc"}}}}}


def pairings(folder: Path, **operation: Any) -> Pairings:
    plan = planned(folder, {"/a": {"post": {"operationId": "a", "responses": RESPONSES, **operation}}}, openapi="3.2.0")
    return Pairings(plan.sandbox.operations["a"].pairings, plan.routes[0])


def parameter(location: str, schema: Any, examples: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {name: {"value": value} for name, value in examples.items()}
    return {"name": "p", "in": location, "schema": schema, "examples": said, **more}


def named(headers: Headers | None = None, query: bytes | None = None, body: bytes | None = None) -> Any:
    return exchange("POST", headers=headers, query=query, body=body)


@pytest.mark.parametrize(
    ("query", "names"),
    [(b"p=1", ("a",)), (b"p=1.0", ("a",)), (b"p=2", ("b",)), (b"p=3", ()), (b"", ()), (None, ()), (b"p=1&p=2", ()), (b"p=%ff", ())],
)
def test_a_parameter_is_compared_as_a_value(tmp_path: Path, query: bytes | None, names: tuple[str, ...]) -> None:
    found = pairings(tmp_path, parameters=[parameter("query", {"type": "number"}, {"a": 1, "b": 2, "other": 3})])
    assert found.names(named(query=query)) == names


def test_what_says_most_is_asked_first_and_everything_has_to_be_there(tmp_path: Path) -> None:
    fields = [parameter("header", {"type": "string"}, {"a": "x", "b": "x"}), parameter("query", {"type": "string"}, {"b": "y"})]
    found = pairings(tmp_path, parameters=fields)
    assert found.names(named([(b"p", b"x")], b"p=y")) == ("b", "a")
    assert found.names(named([(b"p", b"x")])) == ("a",)
    assert found.names(named(query=b"p=y")) == ()


def test_the_whole_query_is_a_parameter_too(tmp_path: Path) -> None:
    whole = {
        "name": "p",
        "in": "querystring",
        "content": {"application/json": {"schema": {"type": "object"}, "examples": {"a": {"value": {"x": 1}}}}},
    }
    found = pairings(tmp_path, parameters=[whole])
    assert bool(found)
    assert found.names(named(query=b"%7B%22x%22:1%7D")) == ("a",)
    assert found.names(named(query=b"%7B%22x%22:2%7D")) == ()


@pytest.mark.parametrize(
    ("kind", "schema", "example", "same", "other"),
    [
        ("application/json", {"type": "object"}, {"x": 1, "y": [2]}, b'{"y": [2.0], "x": 1}', b'{"x": 1}'),
        ("application/json", {"type": "object"}, '{"x": 1}', b'{"x":1}', b'{"x":2}'),
        ("application/json", None, {"x": 1}, b'{ "x":1 }', b"{"),
        ("application/json", {}, "text", b'"text"', b"text"),
        ("text/plain", {"type": "string"}, "hello", b"hello", b"hello\n"),
        ("application/octet-stream", {"type": "string", "format": "binary"}, "hello", b"hello", b""),
        ("application/x-www-form-urlencoded", {"type": "object"}, "x=1&y=2", b"y=2&x=1", b"x=1"),
        ("application/xml", {"type": "object"}, '<a b="1"><c/></a>', b"<a b='1'> <c></c></a>", b"<a"),
        ("application/x-ndjson", {"type": "array"}, [1, {"x": 2}], b'1\n{"x":2}\n', b"1\n"),
    ],
)
def test_a_body_is_compared_by_what_it_says(tmp_path: Path, kind: str, schema: Any, example: Any, same: bytes, other: bytes) -> None:
    entry = {"examples": {"a": {"value": example}}} | ({} if schema is None else {"schema": schema})
    found = pairings(tmp_path, requestBody={"content": {kind: entry}})
    field = (b"content-type", kind.encode())
    assert found.names(named([field], body=same)) == ("a",)
    assert found.names(named([field], body=other)) == ()
    assert found.names(named(body=same)) == ()
    assert found.names(named([(b"content-type", b"image/png")], body=same)) == ()


def test_nothing_shared_means_nothing_is_asked(tmp_path: Path) -> None:
    assert not pairings(tmp_path, parameters=[parameter("query", {"type": "string"}, {"other": "x", "default": "y"})])
