"""What reaches the service of credentials, and of who calls."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.http import own
from specgw.plan.model import Origin, Route, Scheme, SecurityScheme
from specgw.policies.auth.handover import Handover, build, fields
from specgw.policies.base import Exchange
from specgw.policies.certificate import Shown
from specgw.policies.identity import Identity


def scheme(name: str, kind: Any, **more: Any) -> Scheme:
    return Scheme(name=name, service="s", kind=kind, type=kind, **more)


SCHEMES = {
    "header": scheme("header", "apiKey", field="X-Key"),
    "query": scheme("query", "apiKey", field="key", location="query"),
    "cookie": scheme("cookie", "apiKey", field="sid", location="cookie"),
    "token": scheme("token", "token", http_scheme="bearer", forward="claims"),
    "kept": scheme("kept", "apiKey", field="X-Kept", forward="keep"),
    "basic": scheme("basic", "basic", http_scheme="basic"),
    "machine": scheme("machine", "mutualTLS", http_scheme=None, forward="keep"),
    "silent": scheme("silent", "mutualTLS", http_scheme=None),
}


def handover(*names: str) -> Handover | None:
    security = tuple((SecurityScheme(name=name, scheme=name),) for name in names)
    route = Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), security=security)
    return build(route, SCHEMES)


def handed(
    *names: str, lines: list[bytes], query: bytes | None = None, identity: Identity | None = None, certificate: Shown | None = None
) -> tuple[list[bytes], bytes | None]:
    exchange = Exchange()
    exchange.lines = lines
    exchange.headers = [(line.partition(b": ")[0].lower(), line.partition(b": ")[2]) for line in lines]
    exchange.query = query
    exchange.identity = identity
    exchange.certificate = certificate
    policy = handover(*names)
    assert policy is not None
    policy.request(exchange)
    assert [(line.partition(b": ")[0].lower(), line.partition(b": ")[2]) for line in exchange.lines] == exchange.headers
    return exchange.lines, exchange.query


def test_a_certificate_is_handed_on_where_it_is_kept() -> None:
    shown = Shown(b"der")
    assert handed("machine", lines=[b"A: 1"], certificate=shown)[0] == [b"A: 1", b"Client-Cert: :ZGVy:"]
    assert handed("machine", lines=[b"A: 1"])[0] == [b"A: 1"]
    # What a trusted proxy has said goes on as it came.
    assert handed("machine", lines=[b"A: 1"], certificate=Shown(b"der", vouched=True))[0] == [b"A: 1"]
    assert handed("silent", lines=[b"A: 1"], certificate=shown)[0] == [b"A: 1"]


def test_what_is_kept_whole_needs_no_policy() -> None:
    assert handover("kept") is None
    assert handover() is None


@pytest.mark.parametrize(
    ("names", "lines", "left"),
    [
        (("header",), [b"A: 1", b"X-KEY: k", b"B: 2"], [b"A: 1", b"B: 2"]),
        (("cookie",), [b"cookie: a=b; sid=k", b"B: 2"], [b"cookie: a=b", b"B: 2"]),
        (("cookie",), [b"Cookie: sid=k"], []),
        (("token",), [b"Authorization: BEARER t", b"B: 2"], [b"B: 2"]),
        # Credentials of schemes that the operation does not ask for are nobody's here: they pass.
        (("token",), [b"Authorization: Basic x", b"X-Key: k"], [b"Authorization: Basic x", b"X-Key: k"]),
        # Malformed, and so never verified: a service that reads it otherwise does not get it either.
        (("token",), [b"Authorization: bearer\tt"], []),
        (("token",), [b"Authorization: Bearer"], []),
        (("token",), [b"Authorization: Bearers t"], [b"Authorization: Bearers t"]),
        (("cookie",), [b"Cookie: a=b; sid =k"], [b"Cookie: a=b"]),
        (("basic", "token"), [b"Authorization: Basic x"], []),
        (("header", "kept"), [b"X-Kept: k", b"X-Key: k"], [b"X-Kept: k"]),
    ],
)
def test_credentials_are_taken_out(names: tuple[str, ...], lines: list[bytes], left: list[bytes]) -> None:
    assert handed(*names, lines=lines)[0] == left


def test_what_has_no_credentials_stays_the_same_object() -> None:
    lines = [b"A: 1"]
    assert handed("header", "token", lines=lines)[0] is lines


def test_the_key_leaves_the_query_and_nothing_else_does() -> None:
    assert handed("query", lines=[], query=b"a=%41&key=k&&b")[1] == b"a=%41&&b"
    assert handed("query", lines=[], query=b"key=k")[1] is None


ADA = Identity("token", "ada lovelace", "shop", frozenset(("read", "a b")), frozenset(("x,y", "admin")))


def test_who_calls_is_said_where_the_scheme_says_so() -> None:
    lines, _ = handed("token", lines=[b"A: 1"], identity=ADA)
    assert lines == [
        b"A: 1",
        b"X-Identity-Subject: ada lovelace",
        b"X-Identity-Consumer: shop",
        b"X-Identity-Scopes: a%20b read",
        b"X-Identity-Roles: admin,x%2Cy",
    ]
    assert handed("token", lines=[], identity=None)[0] == []
    key = Identity("header", "k1")
    assert handed("header", "token", lines=[], identity=key)[0] == []
    both = Identity("header token", "k1")
    assert handed("header", "token", lines=[], identity=both)[0] == [b"X-Identity-Subject: k1"]


def test_nothing_that_an_issuer_says_can_break_the_message() -> None:
    [(_, value)] = fields(Identity("token", "a\r\nX-Evil: 1\0é%"))
    assert value == b"a%0D%0AX-Evil: 1%00%C3%A9%25"


def test_clients_can_send_none_of_these_fields() -> None:
    assert all(own(name.lower()) for name, _ in fields(ADA))
    assert own(b"x_identity_subject")
    assert own(b"x-identity.subject")
    assert not own(b"x-identity")
