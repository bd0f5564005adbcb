from __future__ import annotations

from typing import Any

import pytest

from specgw.http import parse_media_type
from specgw.policies.validation.bodies import Bodies, Covered
from tests.unit.policies.validation.contracts import Contract

PERSON = {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer"}}, "required": ["name"]}


def cover(content_type: str, media_range: str, kind: Any, schema: Any) -> Covered:
    contract = Contract()
    content = contract.content(media_range, kind, schema)
    media = parse_media_type(content_type)
    assert media is not None
    bodies = Bodies(contract.schemas.validators(), formats=True, max_depth=4)
    bodies.prepare(content)
    return bodies.cover(media, content)


def wrong(covered: Covered, body: bytes) -> list[tuple[str, str]]:
    assert covered.check is not None
    return [(violation.pointer, violation.keyword) for violation in covered.check(body) or ()]


def test_json() -> None:
    covered = cover("application/json", "application/json", "json", PERSON)
    assert wrong(covered, b'{"name": "Ada", "age": 36}') == []
    assert sorted(wrong(covered, b'{"name": "", "age": "x"}')) == [("/age", "type"), ("/name", "minLength")]
    assert wrong(covered, b'{"name": "Ada", "name": "Eve"}') == [("", "syntax")]
    assert wrong(covered, b'{"name": "Ada", "x": [[[[]]]]}') == [("", "syntax")]
    assert wrong(covered, b'{"name": ') == [("", "syntax")]


@pytest.mark.parametrize(
    ("charset", "refused"), [("utf-8", False), ("UTF-8", False), ("us-ascii", False), ("utf-16", True), ("iso-8859-1", True), ("x", True)]
)
def test_json_is_utf_8(charset: str, refused: bool) -> None:
    covered = cover(f"application/json; charset={charset}", "application/json", "json", PERSON)
    assert (covered.refusal is not None, covered.check is None) == (refused, refused)


def test_json_of_requests_is_read_even_where_every_value_would_do() -> None:
    content = Contract().content("application/json", "opaque", None)
    media = parse_media_type("application/json")
    assert media is not None
    read = Bodies(Contract().schemas.validators(), formats=True, max_depth=4, reads_all=True)
    assert wrong(read.cover(media, content), b'{"a": [1, "x"]}') == []
    for text in (b'{"a": 1, "a": 2}', b"[[[[[1]]]]]", b"{", b"NaN"):
        assert wrong(read.cover(media, content), text) == [("", "syntax")]
    in_utf_7 = parse_media_type("application/json; charset=utf-7")
    assert in_utf_7 is not None
    assert read.cover(in_utf_7, content).refusal is not None
    octets = parse_media_type("application/octet-stream")
    assert octets is not None
    assert read.cover(octets, Contract().content("*/*", "opaque", None)).check is None
    assert Bodies(Contract().schemas.validators(), formats=True, max_depth=4).cover(media, content).check is None


def test_text_is_decoded_and_typed() -> None:
    covered = cover("text/plain", "text/*", "text", {"type": "string", "maxLength": 2})
    assert wrong(covered, "éé".encode()) == []
    assert wrong(covered, b"abc") == [("", "maxLength")]
    assert wrong(covered, b"\xff") == [("", "encoding")]
    latin = cover("text/plain; charset=ISO-8859-1", "text/plain", "text", {"type": "string", "maxLength": 2})
    assert wrong(latin, b"\xe9\xff") == []
    number = cover("text/plain", "text/plain", "text", {"type": "integer", "minimum": 5})
    assert wrong(number, b"7") == []
    assert wrong(number, b"3") == [("", "minimum")]


@pytest.mark.parametrize("charset", ["klingon", "rot13", "base64", "idna", "utf-7", "a" * 300])
def test_charsets_of_text_that_are_not_read(charset: str) -> None:
    assert cover(f"text/plain; charset={charset}", "text/plain", "text", {"maxLength": 1}).refusal is not None


@pytest.mark.parametrize(
    ("content_type", "media_range", "kind", "schema"),
    [
        ("application/json", "application/json", "json", None),
        ("application/octet-stream", "application/octet-stream", "opaque", {"type": "string"}),
        ("image/png", "*/*", "opaque", {"type": "object"}),
        ("application/json", "*/*", "opaque", {"type": "string"}),
        ("multipart/mixed; boundary=x", "multipart/mixed", "multipart", {"type": "object"}),
    ],
)
def test_what_is_not_read(content_type: str, media_range: str, kind: Any, schema: Any) -> None:
    covered = cover(content_type, media_range, kind, schema)
    assert (covered.check, covered.refusal) == (None, None)


def test_json_under_a_wide_range_is_checked() -> None:
    assert wrong(cover("application/json", "*/*", "opaque", PERSON), b"{}") == [("", "required")]
    assert wrong(cover("application/vnd.x+json", "application/*", "opaque", PERSON), b"{}") == [("", "required")]


def test_forms() -> None:
    covered = cover("application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "urlencoded", PERSON)
    assert wrong(covered, b"name=Ada&age=36") == []
    assert wrong(covered, b"age=x") == [("", "required"), ("/age", "type")]
    assert cover("application/x-www-form-urlencoded; charset=latin1", "*/*", "urlencoded", PERSON).refusal is not None
    parts = cover("multipart/form-data; boundary=x", "multipart/form-data", "multipart", PERSON)
    assert wrong(parts, b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAda\r\n--x--\r\n') == []
    assert wrong(parts, b'--x\r\nContent-Disposition: form-data; name="age"\r\n\r\n36\r\n--x--\r\n') == [("", "required")]
    assert wrong(cover("multipart/form-data", "multipart/form-data", "multipart", PERSON), b"") == [("", "syntax")]


def test_a_reference_that_leads_nowhere_shows_before_the_first_request() -> None:
    contract = Contract()
    content = contract.content("application/json", "json", PERSON)
    validators = Contract().schemas.validators()
    with pytest.raises(ValueError, match="does not exist"):
        Bodies(validators, formats=True, max_depth=4).prepare(content)
