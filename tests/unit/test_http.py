"""Words of HTTP: media types by the grammar of RFC 9110, fields of one connection, reason phrases."""

from __future__ import annotations

import pytest

from specgw.http import HOP_BY_HOP, METHODS, REASONS, TOKEN, MediaType, Request, own, parse_media_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/html", MediaType("text", "html")),
        ("Text/HTML", MediaType("text", "html")),
        ("  text/html\t", MediaType("text", "html")),
        ("*/*", MediaType("*", "*")),
        ("text/*", MediaType("text", "*")),
        ("application/vnd.api+json;version=2", MediaType("application", "vnd.api+json", (("version", "2"),))),
        # RFC 9110 section 8.3.1: names without case, values as they are
        ("text/html;Charset=UTF-8", MediaType("text", "html", (("charset", "UTF-8"),))),
        # section 5.6.6: white space around ";", empty parameters, quoted values
        ('text/html ;\tcharset="utf-8" ; q=1', MediaType("text", "html", (("charset", "utf-8"), ("q", "1")))),
        ("text/html;", MediaType("text", "html")),
        ("text/html;;a=b;", MediaType("text", "html", (("a", "b"),))),
        ('a/b;c=""', MediaType("a", "b", (("c", ""),))),
        (r'a/b;c="x\"y\\z;d=e"', MediaType("a", "b", (("c", r'x"y\z;d=e'),))),
    ],
)
def test_media_types(text: str, expected: MediaType) -> None:
    assert parse_media_type(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "json",
        "text/",
        "/html",
        "text /html",
        "text/ html",
        "text/html/x",
        "text/html charset=utf-8",
        "text/html;charset",
        "text/html;charset=",
        "text/html;=utf-8",
        "text/html;charset = utf-8",
        'text/html;charset="utf-8',
        'text/html;charset="utf-8"x',
        "text/html, text/plain",
        "téxt/html",
        "text/html\n",
        "text/html; charset=utf-8; charset=utf-8",
        "multipart/form-data; boundary=a; Boundary=b",
        "multipart/form-data; boundary*0=a; boundary*1=b",
        "application/json; charset*=utf-8''utf-7",
    ],
)
def test_what_is_no_media_type(text: str) -> None:
    assert parse_media_type(text) is None


def test_a_parameter_by_its_name() -> None:
    parsed = parse_media_type("text/plain; Charset=utf-8; format=flowed")
    assert parsed is not None
    assert parsed.parameter("charset") == "utf-8"
    assert parsed.parameter("q") is None
    assert parsed.essence == "text/plain"


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("text/json", True),
        ("application/problem+json", True),
        ("image/vnd.x+json", True),
        ("application/json-seq", False),
        ("application/jsonl", False),
        ("application/x-ndjson", False),
        ("application/geo+json-seq", False),
        ("application/*", False),
        ("text/plain", False),
    ],
)
def test_which_bodies_are_one_json_value(text: str, json: bool) -> None:
    parsed = parse_media_type(text)
    assert parsed is not None
    assert parsed.json is json


def test_fields_of_one_connection_are_compared_in_lower_case() -> None:
    # RFC 9110 section 7.6.1 lists these; Connection itself names the others
    listed = {b"connection", b"proxy-connection", b"keep-alive", b"te", b"transfer-encoding", b"upgrade"}
    assert listed <= HOP_BY_HOP
    assert all(name == name.lower() for name in HOP_BY_HOP)
    # what frames or describes the content goes on
    assert HOP_BY_HOP.isdisjoint({b"content-length", b"content-encoding", b"via", b"authorization", b"cookie"})


def test_methods_are_tokens_in_capitals() -> None:
    assert all(TOKEN.fullmatch(method) and method.isupper() for method in METHODS)
    assert len(set(METHODS)) == 9


@pytest.mark.parametrize(("status", "reason"), [(200, b"OK"), (404, b"Not Found"), (413, b"Content Too Large"), (414, b"URI Too Long")])
def test_reasons(status: int, reason: bytes) -> None:
    assert REASONS[status] == reason


@pytest.mark.parametrize("text", ["", "a b", "a:b", "a/b", 'a"b', "a,b", "é", "a\r", "a\x00", "a@b", "a=b", "{a}"])
def test_what_is_no_token(text: str) -> None:
    assert TOKEN.fullmatch(text) is None


def test_what_only_the_gateway_says_to_a_service() -> None:
    assert all(map(own, (b"x-forwarded-for", b"x_forwarded_host", b"x-identity-subject", b"x_identity-roles")))
    assert not any(map(own, (b"x-real", b"identity-subject", b"xx-identity-a")))


def test_the_values_of_a_field_of_a_request() -> None:
    request = Request(method="GET", path="/", headers=[(b"a", b"1"), (b"b", b"2"), (b"a", b"3")])
    assert (request.values(b"a"), request.values(b"c")) == ([b"1", b"3"], [])
