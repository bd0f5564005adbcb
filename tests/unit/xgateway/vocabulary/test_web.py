from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from specgw.http import HOP_BY_HOP
from specgw.xgateway.vocabulary import web


def accepted(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value, strict=True)


def refused(kind: Any, value: object) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        accepted(kind, value)
    (error,) = caught.value.errors()
    return {"kind": error["type"], **error["ctx"]}


@pytest.mark.parametrize("text", ["X-Caller", "x", "!#$%&'*+-.^_`|~9"])
def test_header_names(text: str) -> None:
    assert accepted(web.HeaderName, text) == text


@pytest.mark.parametrize("text", ["", "X A", "X:A", "Ü", "X\n", ":path"])
def test_what_is_no_header_name(text: str) -> None:
    assert refused(web.HeaderName, text)["phrase"] == "a header name such as 'X-Caller'"


@pytest.mark.parametrize("name", [*sorted(name.decode() for name in HOP_BY_HOP), "content-length", "via", "x-request-id"])
def test_framing_belongs_to_the_gateway_in_both_directions(name: str) -> None:
    for kind in (web.RequestHeaderName, web.ResponseHeaderName):
        refused(kind, name)
        refused(kind, name.title())


@pytest.mark.parametrize(
    "name", ["Host", "Expect", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "traceparent", "TraceState"]
)
def test_what_tells_of_the_client_belongs_to_the_gateway_in_requests(name: str) -> None:
    refused(web.RequestHeaderName, name)
    assert accepted(web.ResponseHeaderName, name) == name


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Cookie", "Server", "X-Forwarded-Prefix", "Accept-Encoding"])
def test_other_fields_may_be_edited(name: str) -> None:
    assert accepted(web.RequestHeaderName, name) == accepted(web.ResponseHeaderName, name) == name


@pytest.mark.parametrize("text", ["", "a", "a b\tc", "Bearer ${TOKEN}", "${A:-b c}", "$${literal}", "100 $"])
def test_header_values(text: str) -> None:
    assert accepted(web.HeaderValue, text) == text


@pytest.mark.parametrize("text", ["a\nb", "a\r\nX: b", "\x00", " a", "a ", "ü", "\t"])
def test_what_is_no_header_value_is_not_shown(text: str) -> None:
    assert refused(web.HeaderValue, text)["secret"] is True


@pytest.mark.parametrize("text", ["${", "${}", "${1A}", "${A-B}", "a ${B", "${A:b}"])
def test_malformed_references(text: str) -> None:
    assert refused(web.HeaderValue, text)["kind"] == "invalid-variable"


@pytest.mark.parametrize("text", ["/api", "/a/b", "/a.b/~c", "/%41", "/a:b@c;d=e", "/..."])
def test_paths(text: str) -> None:
    assert accepted(web.Path, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "/",
        "/a/",
        "//a",
        "/a//b",
        "/.",
        "/a/..",
        "/a/../b",
        "/a?b",
        "/a#b",
        "/a b",
        "/%",
        "/%2F",
        "/%5c",
        "/%00",
        "/a\\b",
        "/ü",
        "/{a}",
        5,
    ],
)
def test_what_is_no_path(text: object) -> None:
    refused(web.Path, text)


@pytest.mark.parametrize(
    ("text", "hint"), [("api", "did you mean '/api'?"), ("/api/", "did you mean '/api'?"), ("/api//", "did you mean '/api'?"), ("//", None)]
)
def test_a_path_that_is_nearly_one(text: str, hint: str | None) -> None:
    assert refused(web.Path, text)["hint"] == hint


def test_a_prefix_may_be_nothing() -> None:
    assert accepted(web.Prefix, "/") == "/"
    refused(web.Prefix, "/a/")


@pytest.mark.parametrize("text", ["/", "/a", "/a/", "/{id}", "/a/{id}.json", "/{a}-{b}/c"])
def test_templates(text: str) -> None:
    assert accepted(web.Template, text) == text


@pytest.mark.parametrize("text", ["", "a", "/{", "/}", "/{}", "/{a", "/a//b", "/../{a}", "/a?b={c}", "/{a/b}"])
def test_what_is_no_template(text: str) -> None:
    refused(web.Template, text)


@pytest.mark.parametrize(
    "text",
    [
        "http://h",
        "https://h:8443/base/path",
        "http://[::1]:80",
        "http://h/",
        "http://a_b",
        "${URL}",
        "${URL}/base",
        "${SCHEME}://h",
        "http://${HOST}",
        "http://${HOST}:${PORT}/x",
        "${URL:-http://127.0.0.1:8081}",
        "${SCHEME:-https}://h",
        "http://h/${BASE}",
        "http://h:${PORT:-80}",
    ],
)
def test_urls(text: str) -> None:
    assert accepted(web.Url, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h",
        "h:80",
        "ftp://h",
        "http:/h",
        "http://",
        "http://:80",
        "http://h:x",
        "http://h:70000",
        "http://h?q",
        "http://h#f",
        "http://u@h",
        "http://u:${PASSWORD}@h",
        "http://h/a//b",
        "http://h/../a",
        "http://h b",
        "http://ü",
        "${URL:-ftp://h}",
        "${URL:-h}",
        "${URL}?q",
        "http://h:0",
        5,
        None,
    ],
)
def test_what_is_no_url(text: object) -> None:
    refused(web.Url, text)


@pytest.mark.parametrize("text", ["http://user:pa55word@h", "http://h?key=pa55word"])
def test_what_may_be_a_secret_in_a_url_is_not_shown(text: str) -> None:
    assert refused(web.Url, text)["secret"] is True


@pytest.mark.parametrize("value", ["https://api.example.com", "/", "/gw", "${PUBLIC_URL}"])
def test_public_urls(value: str) -> None:
    assert accepted(web.PublicUrl, value) == value


@pytest.mark.parametrize("value", [0, 8080, 65535, "${PORT}", "${PORT:-8080}"])
def test_ports(value: object) -> None:
    assert accepted(web.Port, value) == value


@pytest.mark.parametrize("value", [-1, 65536, True, 80.0, "80", "${PORT:-70000}", "${PORT:-http}", "1${PORT}", None])
def test_what_is_no_port(value: object) -> None:
    refused(web.Port, value)


@pytest.mark.parametrize("value", ["127.0.0.1", "::", "localhost", "${HOST:-0.0.0.0}"])
def test_addresses_to_bind(value: str) -> None:
    assert accepted(web.BindHost, value) == value


@pytest.mark.parametrize("value", ["", "a b", "http://a", 5, "${"])
def test_what_is_no_address_to_bind(value: object) -> None:
    refused(web.BindHost, value)


@pytest.mark.parametrize("value", ["", "  ", "a\0b", 5])
def test_what_is_no_location(value: object) -> None:
    refused(web.Location, value)


@pytest.mark.parametrize(
    ("kind", "value"), [(web.ParameterName, ""), (web.ParameterName, 5), (web.ParameterValue, "${A}"), (web.ParameterValue, 5)]
)
def test_what_is_no_parameter(kind: Any, value: object) -> None:
    refused(kind, value)
