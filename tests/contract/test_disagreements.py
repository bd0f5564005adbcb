"""Where schemathesis and the gateway disagree and the gateway keeps to the specifications: what was sent, and the rule that decides.

These are the failures that remain when published documents are tested (docs/contract-tests.md, `exceptions.py`). Each case has the
request as schemathesis sends it and its own verdict on that request; the gateway's is the opposite.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from tests.conformance.asking import Gateway, Request
from tests.contract.exceptions import REASONS

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"


@dataclass(frozen=True)
class Disagreement:
    """One of them."""

    reason: str
    """Of `exceptions.py`."""
    name: str
    rule: str
    admitted: bool
    """By the gateway; schemathesis holds the opposite."""
    required: bool = field(default=True, kw_only=True)
    """Of the request body."""
    parameters: list[dict[str, Any]] = field(default_factory=list)
    content: dict[str, Any] | None = None
    path: str = "/x"
    target: str = "/x"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    components: dict[str, Any] = field(default_factory=dict)


ONE = {"type": "object", "properties": {"kind": {"type": "string"}, "one": {"type": "string"}}}
TWO = {"type": "object", "properties": {"kind": {"type": "string"}, "two": {"type": "string"}}}
EITHER = {
    "oneOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/Two"}],
    "discriminator": {"propertyName": "kind"},
}
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}}
URLS = {"type": "object", "required": ["urls"], "properties": {"urls": {"type": "array", "items": {"type": "string"}}}}
NESTED = {"type": "array", "items": {"type": "object"}}

DISAGREEMENTS = [
    Disagreement(
        "discriminator",
        "a discriminator as if it changed the verdict: admitted",
        "OpenAPI 3.1.1, Discriminator Object: 'the behavior of any schema keyword does not change'; oneOf is met by both schemas",
        False,
        content={"application/json": {"schema": EITHER}},
        headers=(("Content-Type", "application/json"),),
        body=b'{"kind": "One"}',
        components={"One": ONE, "Two": TWO},
    ),
    Disagreement(
        "discriminator",
        "a discriminator as if it changed the verdict: refused",
        "JSON Schema 10.2.1.3: oneOf is met by exactly one of the schemas, whichever `kind` says",
        True,
        content={"application/json": {"schema": EITHER}},
        headers=(("Content-Type", "application/json"),),
        body=b'{"kind": "", "two": {}}',
        components={"One": ONE, "Two": TWO},
    ),
    Disagreement(
        "nesting",
        "objects inside of an array of a header, written as Python writes them",
        "OpenAPI 3.1.1, Parameter Object: no style says how they are nested; nothing reads {'a': 1}",
        False,
        [{"name": "H", "in": "header", "schema": NESTED}],
        headers=(("H", "{'a': 1}"),),
    ),
    Disagreement(
        "names-alone",
        "an object of `pipeDelimited`, of which only the names are sent",
        "OpenAPI 3.1.1, Style Examples: `color=R%7C100%7CG%7C200`; names without values are no object",
        False,
        [{"name": "o", "in": "query", "style": "pipeDelimited", "explode": False, "schema": {"type": "object"}}],
        target="/x?o=name&o=description",
    ),
    Disagreement(
        "form-text",
        "a part of a form that is meant to be no string",
        "RFC 7578 section 4.4: a part is text unless it says otherwise; the text {} is a string",
        True,
        content={"multipart/form-data": {"schema": TEXT}},
        headers=(("Content-Type", PARTS),),
        body=b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n{}\r\n--b--\r\n',
    ),
    Disagreement(
        "part-names",
        "a part whose name has a control character",
        "RFC 9110 section 5.5: 'CR, LF, and NUL' and other CTL characters have no place in a field value",
        False,
        content={"multipart/form-data": {"schema": {"type": "object"}}},
        headers=(("Content-Type", PARTS),),
        body=b'--b\r\nContent-Disposition: form-data; name="a\x10"\r\n\r\n1\r\n--b--\r\n',
    ),
    Disagreement(
        "form-text",
        "one string of a form as if it were no array",
        "OpenAPI 3.1.1, Style Values: an exploded array of one item is one `name=value`",
        True,
        content={FORM: {"schema": URLS}},
        headers=(("Content-Type", FORM),),
        body=b"urls=AAA",
    ),
    Disagreement(
        "form-none",
        "an empty array of a form, which nothing is sent of",
        "RFC 6570 section 2.3: a list without members is undefined, and expands to nothing; required is what has to be there",
        False,
        content={FORM: {"schema": URLS}},
        headers=(("Content-Type", FORM),),
        body=b"other=1",
    ),
    Disagreement(
        "authorization",
        "a header parameter named Authorization",
        "OpenAPI 3.1.1, Parameter Object: 'If in is header and the name field is Accept, Content-Type or Authorization, the parameter "
        "definition SHALL be ignored'",
        True,
        [{"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}],
    ),
    Disagreement(
        "no-text",
        "a body of no bytes for text that may be empty",
        "RFC 9110 section 8.6: without content there is nothing whose type could be checked; a required body has to be there",
        False,
        content={"text/plain": {"schema": {"type": "string"}}},
        headers=(("Content-Type", "text/plain"),),
        body=b"",
    ),
    Disagreement(
        "no-body",
        "a form without any field where no body is required",
        "OpenAPI 3.1.1, Request Body Object: `required` 'Determines if the request body is required in the request. Defaults to false'; "
        "RFC 9110 section 8.6: Content-Length 0 is no content, whatever Content-Type says",
        True,
        content={FORM: {"schema": URLS}},
        headers=(("Content-Type", FORM), ("Content-Length", "0")),
        body=b"",
        required=False,
    ),
    Disagreement(
        "cookies",
        "a cookie that the document does not have",
        "OpenAPI 3.1.1, Parameter Object: each parameter is declared by itself; nothing closes the list, and a browser sends every "
        "cookie of the site (RFC 6265 section 5.4)",
        True,
        [{"name": "known", "in": "cookie", "schema": {"type": "string"}}],
        headers=(("Cookie", "known=a; x-schemathesis-unknown-property=42"),),
    ),
    Disagreement(
        "cookie-escapes",
        "a cookie whose percent-escapes are not UTF-8",
        "RFC 6570 section 3.2.8, which `style: form` is: a `%` is written `%25`; escapes that are no UTF-8 are read in several ways",
        False,
        [{"name": "c", "in": "cookie", "schema": {"type": "string"}}],
        headers=(("Cookie", "c=%ff"),),
    ),
    Disagreement(
        "unknown-format",
        "text that is no JSON under a format that nobody has",
        "JSON Schema 2020-12 Validation, section 7.2.3: a format that is not known asserts nothing; OpenAPI 3.1.1, Data Type Format: the "
        "registry has no `json`",
        True,
        content={"application/json": {"schema": {"type": "object", "properties": {"j": {"type": "string", "format": "json"}}}}},
        headers=(("Content-Type", "application/json"),),
        body=b'{"j": "ev}"}',
    ),
    Disagreement(
        "part-names",
        "a part whose name has a backslash",
        "RFC 7578 section 4.2 with RFC 9110 section 5.6.4: in a quoted string it hides what follows, and browsers mean themselves by it; "
        "what two readers could read in two ways is refused",
        False,
        content={"multipart/form-data": {"schema": {"type": "object"}}},
        headers=(("Content-Type", PARTS),),
        body=b'--b\r\nContent-Disposition: form-data; name="\\a"\r\n\r\n1\r\n--b--\r\n',
    ),
    Disagreement(
        "form-text",
        "one part of a form as if it were no array",
        "OpenAPI 3.1.1, Encoding Object: the parts of an array are its items, one of text is an array of one string",
        True,
        content={"multipart/form-data": {"schema": URLS}},
        headers=(("Content-Type", PARTS),),
        body=b'--b\r\nContent-Disposition: form-data; name="urls"\r\n\r\n{}\r\n--b--\r\n',
    ),
    Disagreement(
        "commas",
        "an object whose commas are percent-encoded",
        "OpenAPI 3.2.0, appendix C: values are split by the delimiter before percent-decoding; a name alone is no object",
        False,
        [{"name": "o", "in": "query", "explode": False, "schema": {"type": "object"}}],
        target="/x?o=name%2C%2Cdescription%2C",
    ),
    Disagreement(
        "commas",
        "an object that has a value, and a name of no characters",
        'JSON has the name "" (RFC 8259 section 4), and `label` writes it as nothing before the comma',
        True,
        [{"name": "o", "in": "path", "required": True, "style": "label", "schema": {"type": "object"}}],
        path="/x/{o}",
        target="/x/.,null%2Cnull",
    ),
    Disagreement(
        "label-dots",
        "a dot inside of a value of an exploded label, where dots stand between the properties",
        "RFC 6570 section 3.2.5: '.' is put in front of each; it is unreserved, so that a value cannot hold one that means itself",
        False,
        [{"name": "o", "in": "path", "required": True, "style": "label", "explode": True, "schema": {"type": "object"}}],
        path="/x/{o}",
        target="/x/.description=a.r9",
    ),
    Disagreement(
        "part-style",
        "JSON in a part whose encoding has a style",
        "OpenAPI 3.1.1, Encoding Object: where `style` is said, contentType is ignored; names and values stand between pipes",
        False,
        content={
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"o": {"type": "object"}}},
                "encoding": {"o": {"style": "pipeDelimited", "explode": False}},
            }
        },
        headers=(("Content-Type", PARTS),),
        body=b'--b\r\nContent-Disposition: form-data; name="o"\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--\r\n',
    ),
    Disagreement(
        "pattern",
        "an empty text for a pattern that it has no example of",
        "ECMA-262, which patterns are written in (JSON Schema Validation 6.3.3): four digits have to be there",
        False,
        [{"name": "q", "in": "query", "required": True, "schema": {"type": "string", "pattern": "^(?:{[0-9a-f]{4}}|[0-9a-f]{4})$"}}],
        target="/x?q=",
    ),
]


def test_every_reason_has_its_rule_shown_here() -> None:
    """Three are shown below, or, of what is kept, in tests/unit/mock/test_collection.py."""
    assert {case.reason for case in DISAGREEMENTS} | {"impossible", "own-example", "kept-json"} == REASONS.keys()


@pytest.mark.parametrize("case", DISAGREEMENTS, ids=lambda case: case.name)
def test_the_gateway_keeps_to_the_rule(case: Disagreement) -> None:
    operation: dict[str, Any] = {"parameters": case.parameters, "responses": {"200": {"description": "ok"}}}
    if case.content is not None:
        operation["requestBody"] = {"required": case.required, "content": case.content}
    gateway = Gateway(
        {
            "openapi": "3.1.0",
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "paths": {case.path: {"post": operation}},
            "components": {"schemas": case.components},
        }
    )
    assert (gateway.ask(Request(case.target, "POST", case.headers, case.body)) is None) == case.admitted, case.rule


@pytest.mark.parametrize("body", [b'"a"', b"1", b"null"])
def test_what_a_document_makes_impossible_is_refused(body: bytes) -> None:
    """schemathesis makes no request for such an operation, and reports the schema; nothing is valid there (JSON Schema 10.2.1.1)."""
    schema = {"allOf": [{"type": "string"}, {"type": "integer"}]}
    operation = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "ok"}},
    }
    gateway = Gateway(
        {
            "openapi": "3.1.0",
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "paths": {"/x": {"post": operation}},
        }
    )
    assert gateway.ask(Request("/x", "POST", (("Content-Type", "application/json"),), body)) is not None


def test_an_example_that_breaks_its_schema_is_answered_and_told(tmp_path: Path) -> None:
    """A card whose `cvc` is a number where the schema has text: schemathesis reports the answer, `specgw check` the line."""
    source = {"unevaluatedProperties": False, "anyOf": [{"type": "object", "properties": {"cvc": {"type": "string"}}}]}
    schema = {"type": "object", "properties": {"source": source}}
    example = {"source": {"cvc": 123}}
    content = {"application/json": {"schema": schema, "examples": {"card": {"value": example}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": {"description": "ok", "content": content}}}}},
    }
    (tmp_path / "x.json").write_text(json.dumps(document, indent=1))
    build = compile_documents(Inputs((tmp_path,), base=tmp_path), environ={})
    assert [finding.code for finding in build.findings if "example" in finding.code] == ["example-invalid"]
    assert build.plan is not None
    (response,) = build.plan.sandbox.responses.values()
    assert json.loads(response.content[0].examples[0].body) == example
