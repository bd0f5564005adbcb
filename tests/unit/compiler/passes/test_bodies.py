from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest

from specgw.plan.model import Content, Route, Shape
from tests.conformance.asking import compiled


def route(build: Any, content: str, *, warnings: int = 0) -> Route:
    made = build(
        "paths:\n  /a:\n    post:\n      responses: {default: {description: ok}}\n      requestBody:\n        content:\n"
        + indent(content, " " * 10)
        + "\ncomponents:\n  schemas:\n    Object: {type: object, required: [a], properties: {a: {type: string}, n: {type: integer}}}\n"
    )
    assert made.plan is not None, list(made.findings)
    assert len(made.findings) == warnings, list(made.findings)
    return made.plan.routes[0]  # type: ignore[no-any-return]


def only(build: Any, content: str, *, warnings: int = 0) -> Content:
    found = route(build, content, warnings=warnings)
    assert found.body is not None
    [entry] = found.body.content
    return entry


OBJECT = "{schema: {$ref: '#/components/schemas/Object'}}"


@pytest.mark.parametrize(
    ("media_range", "kind"),
    [
        ("application/json", "json"),
        ("application/json; charset=utf-8", "json"),
        ("application/vnd.api+json", "json"),
        ("application/x-www-form-urlencoded", "urlencoded"),
        ("multipart/form-data", "multipart"),
    ],
)
def test_objects_are_checked_in_json_and_forms(build: Any, media_range: str, kind: str) -> None:
    entry = only(build, f"{media_range}: {OBJECT}")
    assert (entry.media_range, entry.kind) == (media_range, kind)
    assert entry.schema is not None
    assert entry.shape.properties == ({} if kind == "json" else {"a": Shape(types=("string",)), "n": Shape(types=("integer",))})


@pytest.mark.parametrize("media_range", ["application/pdf", "text/csv", "application/x-ndjson", "multipart/mixed"])
def test_what_has_another_form_is_passed_on_marked_and_found(build: Any, media_range: str) -> None:
    found = route(build, f"{media_range}: {OBJECT}", warnings=1)
    assert found.body is not None
    assert found.body.content == (Content(media_range=media_range),)
    assert found.unenforced == (f"request body ({media_range}) is not checked against its schema",)


@pytest.mark.parametrize("media_range", ["text/plain", "text/csv", "text/event-stream", "text/*"])
def test_text_is_checked_where_a_string_is_meant(build: Any, media_range: str) -> None:
    entry = only(build, f"{media_range}: {{schema: {{type: string, maxLength: 3}}}}")
    assert (entry.kind, entry.shape.types) == ("text", ("string",))


def test_plain_text_may_be_a_number(build: Any) -> None:
    entry = only(build, "text/plain: {schema: {type: [integer, boolean], minimum: 3}}")
    assert (entry.kind, entry.shape.types) == ("text", ("boolean", "integer"))
    assert only(build, "text/csv: {schema: {type: integer}}", warnings=1).schema is None


@pytest.mark.parametrize("media_range", ["application/octet-stream", "image/png", "*/*", "application/xml"])
@pytest.mark.parametrize("schema", ["{type: string, format: binary}", "{type: string, contentMediaType: image/png}", "{}", "true"])
def test_files_are_passed_on_without_a_word(build: Any, media_range: str, schema: str) -> None:
    found = route(build, f"'{media_range}': {{schema: {schema}}}")
    assert found.body is not None
    assert found.body.content[0].kind == "opaque"
    assert found.unenforced == ()


def test_under_a_range_json_is_checked_and_the_rest_is_marked(build: Any) -> None:
    found = route(build, f"'*/*': {OBJECT}", warnings=1)
    assert found.body is not None
    [entry] = found.body.content
    assert (entry.kind, entry.schema is not None) == ("opaque", True)
    assert found.unenforced == ("request body (*/*) other than JSON is not checked against its schema",)


def test_encodings_of_an_urlencoded_form(build: Any) -> None:
    entry = only(
        build,
        "application/x-www-form-urlencoded:\n  schema: {$ref: '#/components/schemas/Object'}\n"
        "  encoding: {a: {style: pipeDelimited}, n: {contentType: application/json}}",
    )
    a, n = (entry.encoding[name] for name in "an")
    assert (a.style, a.explode, a.styled) == ("pipeDelimited", False, True)
    assert (n.content_types, n.styled) == (("application/json",), False)


def test_encodings_of_a_multipart_form(build: Any) -> None:
    entry = only(
        build,
        "multipart/form-data:\n  schema: {$ref: '#/components/schemas/Object'}\n"
        "  encoding: {a: {contentType: 'image/png, image/*', "
        "headers: {X-Size: {schema: {type: integer}}, Content-Type: {schema: {}}}}}",
    )
    assert entry.encoding["a"].content_types == ("image/png", "image/*")
    assert not entry.encoding["a"].styled
    assert [header.name for header in entry.encoding["a"].headers] == ["X-Size"]


@pytest.mark.parametrize(
    ("version", "media_range", "encoding", "styled", "said"),
    [
        ("3.0.4", "multipart/form-data", "{a: {explode: false}}", [("a", False)], ["'explode' has no effect on parts"]),
        ("3.1.1", "multipart/form-data", "{a: {explode: false}}", [("a", True)], []),
        ("3.0.4", "application/x-www-form-urlencoded", "{a: {explode: false}}", [("a", True)], []),
        ("3.1.1", "application/x-www-form-urlencoded", "{a: {headers: {X-A: {schema: {}}}}}", [("a", False)], ["have no 'headers'"]),
        ("3.1.1", "multipart/form-data", "{b: {contentType: image/png}}", [], ["has no property 'b'"]),
    ],
)
def test_what_of_an_encoding_has_an_effect(version: str, media_range: str, encoding: str, styled: Any, said: list[str]) -> None:
    made = compiled(
        f"openapi: {version}\ninfo: {{title: a, version: '1'}}\nservers: [{{url: 'http://127.0.0.1:9'}}]\n"
        "paths: {/a: {post: {responses: {default: {description: ok}}, requestBody: {content: {"
        f"{media_range}: {{schema: {{type: object, properties: {{a: {{type: integer}}}}}}, encoding: {encoding}}}}}}}}}}}}}"
    )
    assert made.plan is not None
    body = made.plan.routes[0].body
    assert body is not None
    assert [(name, one.styled) for name, one in body.content[0].encoding.items()] == styled
    messages = [finding.message for finding in made.findings]
    assert len(messages) == len(said)
    assert all(words in message for words, message in zip(said, messages, strict=True))


@pytest.mark.parametrize("media_range", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(
    ("schema", "types", "read"),
    [
        ("{type: object}", "application/json", True),
        ("{type: object}", "application/xml", False),
        ("{type: object}", "'application/json, text/xml'", False),
        ("{type: array, items: {type: object}}", "application/xml", False),
        ("{type: array, items: {type: string}}", "application/xml", True),
        ("{type: integer}", "text/plain", True),
        ("{type: string}", "image/png", True),
        ("{}", "application/xml", True),
    ],
)
def test_a_form_with_a_property_that_nobody_reads_is_passed_on(build: Any, media_range: str, schema: str, types: str, read: bool) -> None:
    said = f"{media_range}: {{schema: {{type: object, properties: {{p: {schema}}}}}, encoding: {{p: {{contentType: {types}}}}}}}"
    found = route(build, said, warnings=int(not read))
    assert found.body is not None
    assert (found.body.content[0].schema is not None, found.unenforced == ()) == (read, read)


def test_a_style_that_forms_do_not_have_is_an_error(build: Any, found: Any) -> None:
    made = build(
        "paths:\n  /a:\n    post:\n      responses: {default: {description: ok}}\n      requestBody:\n        content:\n"
        "          application/x-www-form-urlencoded:\n            schema: {type: object}\n"
        "            encoding:\n              a: {style: simple}\n"
    )
    assert found(made) == [("invalid-style", "users.yaml", 13)]


def test_what_a_schema_loses_is_said_of_the_body(build: Any) -> None:
    found = route(build, "application/json: {schema: {type: string, pattern: '(?P<a>x)(?P=a)('}}", warnings=1)
    [words] = found.unenforced
    assert words.startswith("request body (application/json): `pattern`")
