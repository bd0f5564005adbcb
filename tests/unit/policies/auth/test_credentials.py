"""Where credentials are found, and what is left when they are taken out."""

from __future__ import annotations

import pytest

from specgw.plan.model import Origin, Route, Scheme, SecurityScheme
from specgw.policies.auth.base import Refusal
from specgw.policies.auth.credentials import Presented, cookie_credentials, query_credentials, reader, without_cookies, without_parameter
from specgw.policies.base import Exchange


def exchange(*headers: tuple[bytes, bytes], query: bytes | None = None) -> Exchange:
    made = Exchange()
    made.headers = list(headers)
    made.query = query
    return made


def scheme(location: str = "header", field: str = "X-Key", kind: str = "apiKey", http: str | None = None) -> Scheme:
    return Scheme(name="s", service="s", kind=kind, type=kind, location=location, field=field, http_scheme=http)  # type: ignore[arg-type]


KEY = b"x-key"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], None),
        ([(b"x-other", b"k")], None),
        ([(KEY, b"k")], b"k"),
        ([(KEY, b"")], Refusal("the header X-Key is empty", "invalid_request")),
        ([(KEY, b"k"), (KEY, b"k")], Refusal("the header X-Key was sent more than once", "invalid_request")),
    ],
)
def test_in_a_header(headers: list[tuple[bytes, bytes]], found: Presented) -> None:
    assert reader(scheme())(exchange(*headers)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (None, None),
        (b"", None),
        (b"a=b", None),
        (b"key=k", b"k"),
        (b"a=b&k%65y=%6B&c", b"k"),
        (b"key", Refusal("the query parameter key is empty", "invalid_request")),
        (b"key=&a=b", Refusal("the query parameter key is empty", "invalid_request")),
        (b"key=k&key=k", Refusal("the query parameter key was sent more than once", "invalid_request")),
        (b"key=%ff", "\ufffd".encode()),
    ],
)
def test_in_the_query(query: bytes | None, found: Presented) -> None:
    assert reader(scheme("query", "key"))(exchange(query=query)) == found


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([(b"cookie", b"a=b")], None),
        ([(b"cookie", b"a=b; sid=k; c=d")], b"k"),
        ([(b"cookie", b"sid=k=l")], b"k=l"),
        ([(b"cookie", b'sid="k"')], b"k"),
        ([(b"cookie", b"Sid=k")], None),
        ([(b"cookie", b"a=b; sid\t=\tk")], b"k"),
        ([(b"cookie", b"sid =k; sid=l")], Refusal("the cookie sid was sent more than once", "invalid_request")),
        ([(b"cookie", b"sid=")], Refusal("the cookie sid is empty", "invalid_request")),
        ([(b"cookie", b"sid=k"), (b"cookie", b"sid=l")], Refusal("the cookie sid was sent more than once", "invalid_request")),
    ],
)
def test_in_a_cookie(headers: list[tuple[bytes, bytes]], found: Presented) -> None:
    assert reader(scheme("cookie", "sid"))(exchange(*headers)) == found


AUTHORIZATION = b"authorization"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], None),
        ([(AUTHORIZATION, b"Basic eDp5")], None),
        ([(AUTHORIZATION, b"Bearer t")], b"t"),
        ([(AUTHORIZATION, b"bEARER   t")], b"t"),
        ([(AUTHORIZATION, b"Bearer")], Refusal("the credential in `Authorization` is empty", "invalid_request")),
        ([(AUTHORIZATION, b"Bearer t")] * 2, Refusal("`Authorization` was sent more than once", "invalid_request")),
    ],
)  # fmt: skip
def test_in_authorization(headers: list[tuple[bytes, bytes]], found: Presented) -> None:
    assert reader(scheme("header", "Authorization", "token", "bearer"))(exchange(*headers)) == found


def test_a_certificate_is_in_no_field() -> None:
    assert reader(scheme(kind="mutualTLS"))(exchange((KEY, b"k"))) is None


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (b"key=k", None),
        (b"key=k&a=%41+b", b"a=%41+b"),
        (b"a=1&&key=k&b", b"a=1&&b"),
        (b"a=1&k%65y=k&key=l", b"a=1"),
        (b"Key=k&keys=l", b"Key=k&keys=l"),
    ],
)
def test_the_rest_of_the_query_keeps_every_byte(query: bytes, left: bytes | None) -> None:
    assert without_parameter(query, frozenset(("key",))) == left


@pytest.mark.parametrize(
    ("cookies", "left"),
    [
        (b"sid=k", None),
        (b"a=b; sid=k; c=d", b"a=b; c=d"),
        (b"sid=k; a=b", b"a=b"),
        (b"a=b;c=d", b"a=b;c=d"),
        (b"a=b; sid =k", b"a=b"),
        (b"asid=k; sid2=l", b"asid=k; sid2=l"),
    ],
)
def test_other_cookies_are_kept(cookies: bytes, left: bytes | None) -> None:
    assert without_cookies(cookies, frozenset((b"sid",))) == left


def test_whether_a_cookie_may_be_asked_for() -> None:
    origin = Origin(file="f", line=1)
    schemes = {"sid": scheme("cookie", "sid"), "key": scheme()}
    for name, expected in (("sid", True), ("key", False)):
        security = ((SecurityScheme(name=name, scheme=name),),)
        route = Route(id="a", service="s", method="GET", path="/", document_path="/", origin=origin, security=security)
        assert cookie_credentials(route, schemes) is expected


def test_query_parameters_that_security_declares() -> None:
    security = ((SecurityScheme(name="a", scheme="a"),), (SecurityScheme(name="b", scheme="b"),))
    route = Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), security=security)
    assert query_credentials(route, {"a": scheme("query", "key"), "b": scheme("header", "X-Key")}) == {"key"}
