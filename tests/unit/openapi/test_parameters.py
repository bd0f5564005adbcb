from __future__ import annotations

from pathlib import Path

import pytest

from specgw.openapi.parameters import STYLES
from tests.unit.openapi.documents import Reading, reading


def listed(folder: Path, *parameters: str, path: str = "/a", components: str = "") -> Reading:
    items = "".join(f"    - {parameter}\n" for parameter in parameters)
    return reading(
        folder, f"paths:\n  {path}:\n   get:\n    responses: {{default: {{description: ''}}}}\n    parameters:\n{items}{components}"
    )


@pytest.mark.parametrize(
    ("location", "style", "explode"),
    [("path", "simple", False), ("query", "form", True), ("header", "simple", False), ("cookie", "form", True)],
)
def test_defaults(tmp_path: Path, location: str, style: str, explode: bool) -> None:
    outcome = listed(tmp_path, f"{{name: n, in: {location}, required: true, schema: {{}}}}", path="/{n}")
    parameter = next(parameter for parameter in outcome.operation.parameters if parameter.name == "n")
    assert (parameter.style, parameter.explode, parameter.required) == (style, explode, True)


_STYLED = [(location, style) for location, styles in STYLES.items() for style in styles if style != "cookie" and location != "querystring"]


@pytest.mark.parametrize(("location", "style"), _STYLED)
def test_every_style_of_every_location(tmp_path: Path, location: str, style: str) -> None:
    outcome = listed(
        tmp_path, f"{{name: n, in: {location}, required: true, style: {style}, schema: {{}}}}", path="/{n}" if location == "path" else "/a"
    )
    (parameter,) = outcome.operation.parameters
    assert (parameter.style, parameter.explode) == (style, style == "form")
    assert outcome.found == []


def test_what_is_stated_is_kept(tmp_path: Path) -> None:
    text = "{name: n, in: query, explode: false, allowReserved: true, allowEmptyValue: true, deprecated: true, schema: {type: string}}"
    (parameter,) = listed(tmp_path, text).operation.parameters
    assert (parameter.explode, parameter.allow_reserved, parameter.allow_empty, parameter.deprecated, parameter.required) == (
        False,
        True,
        True,
        True,
        False,
    )
    assert parameter.schema is not None
    assert parameter.schema.pointer == "/paths/~1a/get/parameters/0/schema"
    assert parameter.content is None


def test_content(tmp_path: Path) -> None:
    outcome = listed(tmp_path, "{name: n, in: query, content: {application/json: {schema: {type: object}}}}")
    (parameter,) = outcome.operation.parameters
    assert parameter.content is not None
    assert parameter.content.media_range == "application/json"
    assert parameter.schema is None
    assert outcome.found == []


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_that_openapi_says_otherwise(tmp_path: Path, name: str) -> None:
    outcome = listed(tmp_path, f"{{name: {name}, in: header, schema: {{}}}}")
    assert outcome.operation.parameters == ()
    assert outcome.only.code == "ignored-header"


def test_such_names_elsewhere_mean_nothing_special(tmp_path: Path) -> None:
    assert len(listed(tmp_path, "{name: Accept, in: query, schema: {}}").operation.parameters) == 1


@pytest.mark.parametrize(
    ("parameter", "code", "pointer", "kept"),
    [
        ("{in: query, schema: {}}", "missing-field", "", False),
        ("{name: n, schema: {}}", "missing-field", "", False),
        ("{name: '', in: query, schema: {}}", "wrong-value", "/name", False),
        ("{name: n, in: body, schema: {}}", "wrong-value", "/in", False),
        ("{name: n, in: Query, schema: {}}", "read-as-meant", "/in", True),
        ("text", "wrong-type", "", False),
        ("{name: n, in: query}", "untyped-parameter", "", True),
        ("{name: n, in: query, schema: {}, content: {a/b: {}}}", "ambiguous-parameter", "/content", True),
        ("{name: n, in: query, content: {}}", "ambiguous-parameter", "/content", True),
        ("{name: n, in: query, content: {a/b: {}, c/d: {}}}", "ambiguous-parameter", "/content", True),
        ("{name: n, in: query, content: {a/b: {}}, explode: true}", "no-effect", "/explode", True),
        ("{name: n, in: query, style: simple, schema: {}}", "invalid-style", "/style", True),
        ("{name: n, in: header, style: form, schema: {}}", "invalid-style", "/style", True),
        ("{name: n, in: cookie, allowReserved: true, schema: {}}", "no-effect", "/allowReserved", True),
        ("{name: n, in: header, allowEmptyValue: true, schema: {}}", "no-effect", "/allowEmptyValue", True),
    ],
)
def test_faults(tmp_path: Path, parameter: str, code: str, pointer: str, kept: bool) -> None:
    outcome = listed(tmp_path, parameter)
    assert (outcome.only.code, outcome.only.pointer) == (code, f"/paths/~1a/get/parameters/0{pointer}")
    assert len(outcome.operation.parameters) == kept


@pytest.mark.parametrize("parameter", ["{name: n, in: , schema: {}}", "{name: null, in: query, schema: {}}"])
def test_a_parameter_without_a_value_for_what_it_needs_is_not_dropped_with_a_warning(tmp_path: Path, parameter: str) -> None:
    assert "missing-field" in [code for code, _ in listed(tmp_path, parameter).found]


def test_a_path_parameter_is_required_whether_it_says_so_or_not(tmp_path: Path) -> None:
    for stated in ("", "required: false, "):
        outcome = listed(tmp_path, f"{{name: n, in: path, {stated}schema: {{}}}}", path="/{n}")
        assert outcome.only.code == "optional-path-parameter"
        assert outcome.operation.parameters[0].required


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("{name: n, in: query, schema: {}}", "{name: n, in: query, schema: {}}", "read-as-meant"),
        ("{name: X-Id, in: header, schema: {}}", "{name: x-id, in: header, schema: {}, description: d, x-a: 1}", "read-as-meant"),
        ("{name: n, in: query, schema: {}}", "{name: n, in: query, schema: {type: string}}", "repeated-parameter"),
        ("{name: n, in: query, schema: {}}", "{name: n, in: cookie, schema: {}}", None),
        ("{name: n, in: query, schema: {}}", "{name: N, in: query, schema: {}}", None),
    ],
)
def test_repeated_parameters(tmp_path: Path, first: str, second: str, code: str | None) -> None:
    outcome = listed(tmp_path, first, second)
    assert [found for found, _ in outcome.found] == [code] * (code is not None)
    assert len(outcome.operation.parameters) == 2 - (code is not None)


def test_a_shared_parameter_is_read_once(tmp_path: Path) -> None:
    text = """
paths:
  /a: {get: {parameters: [$ref: '#/components/parameters/Bad'], responses: {default: {description: ''}}}}
  /b: {get: {parameters: [$ref: '#/components/parameters/Bad'], responses: {default: {description: ''}}}}
components:
  parameters:
    Bad: {name: limit, in: query}
"""
    outcome = reading(tmp_path, text)
    assert outcome.only.code == "untyped-parameter"
    first, second = outcome.operations
    assert first.parameters[0] is second.parameters[0]


def test_response_headers(tmp_path: Path) -> None:
    text = """
paths:
  /a:
    get:
      responses:
        200:
          description: ''
          headers:
            x-rate: {required: true, schema: {type: integer}}
            Content-Type: {schema: {type: string}}
            Link: {$ref: '#/components/headers/Link'}
            Bad: {name: x, in: header, schema: {}}
components: {headers: {Link: {content: {text/plain: {}}}}}
"""
    outcome = reading(tmp_path, text)
    headers = outcome.operation.responses[0].headers
    assert [(header.name, header.location, header.style, header.required) for header in headers] == [
        ("x-rate", "header", "simple", True),
        ("Link", "header", "simple", False),
        ("Bad", "header", "simple", False),
    ]
    assert [code for code, _ in outcome.found] == ["unknown-field", "unknown-field"]


def test_what_came_with_3_2(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        "paths:\n  /a:\n   get:\n    responses: {default: {description: ''}}\n    parameters:\n"
        "    - {name: c, in: cookie, style: cookie, schema: {}}\n"
        "    - {name: q, in: querystring, content: {application/json: {schema: {}}}}\n",
        head="openapi: 3.2.0\ninfo: {title: Test, version: '1'}\n",
    )
    cookie, whole = outcome.operation.parameters
    assert (cookie.style, cookie.explode, whole.location) == ("cookie", True, "querystring")
    assert outcome.found == []


def test_the_whole_query_is_described_with_content(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        "paths:\n  /a:\n   get:\n    responses: {default: {description: ''}}\n    parameters:\n"
        "    - {name: q, in: querystring, schema: {}}\n",
        head="openapi: 3.2.0\ninfo: {title: Test, version: '1'}\n",
    )
    assert outcome.only.code == "missing-field"
