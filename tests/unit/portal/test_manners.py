from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.manners import manner


@pytest.mark.parametrize(
    ("parameter", "kind", "words"),
    [
        ({"in": "query"}, "string", ""),
        ({"in": "query"}, "array of string", "Once for each value: p=a&p=b."),
        ({"in": "query", "explode": False}, "array", "Values with a comma between them: p=a,b."),
        ({"in": "query", "style": "spaceDelimited", "explode": False}, "array", "Values with a space between them: p=a%20b."),
        ({"in": "query", "style": "pipeDelimited", "explode": False}, "array", "Values with a bar between them: p=a%7Cb."),
        ({"in": "query"}, "object", "Each member is a parameter of its own: member=value."),
        ({"in": "query", "explode": False}, "object", "Members and values with commas between them: p=member,value."),
        ({"in": "query", "style": "deepObject"}, "object", "One parameter for each member: p[member]=value."),
        ({"in": "query", "allowReserved": True}, "string", "Reserved characters such as / and : may stand as they are."),
        ({"in": "header"}, "array", "Values with a comma between them: a,b."),
        ({"in": "header", "explode": True}, "object", "Members with commas between them: member=value."),
        ({"in": "path"}, "object", "Members and values with commas between them: member,value."),
        ({"in": "path", "style": "matrix"}, "string", "Behind a semicolon: ;p=value."),
        ({"in": "path", "style": "matrix", "explode": True}, "array", "Behind a semicolon: ;p=a;p=b."),
        ({"in": "path", "style": "matrix"}, "array", "Behind a semicolon: ;p=a,b."),
        ({"in": "path", "style": "matrix", "explode": True}, "object", "Behind semicolons: ;member=value;other=value."),
        ({"in": "path", "style": "matrix"}, "object", "Behind a semicolon: ;p=member,value."),
        ({"in": "path", "style": "label"}, "string", "Behind a dot: .value."),
        ({"in": "path", "style": "label", "explode": True}, "array", "Behind a dot: .a.b."),
        ({"in": "path", "style": "label"}, "array", "Behind a dot: .a,b."),
        ({"in": "path", "style": "label", "explode": True}, "object", "Behind a dot: .member=value.other=value."),
        ({"in": "path", "style": "label"}, "object", "Behind a dot: .member,value."),
        ({"in": "cookie"}, "array", "Once for each value: p=a&p=b."),
        ({"in": "cookie", "style": "cookie"}, "array", "Once for each value: p=a; p=b."),
        ({"in": "cookie", "explode": False}, "array", "Values with a comma between them: p=a,b."),
    ],
)
def test_styles_in_words(parameter: dict[str, Any], kind: str, words: str) -> None:
    """OpenAPI 3.1 section "Style Examples"."""
    assert manner({"name": "p", **parameter}, kind) == words


def test_names_are_short_and_can_be_seen() -> None:
    assert manner({"name": "a\u202e" + "x" * 500, "in": "query"}, "array").startswith("Once for each value: a\\u202exxx")
    assert len(manner({"name": "x" * 5000, "in": "query"}, "array")) < 200
