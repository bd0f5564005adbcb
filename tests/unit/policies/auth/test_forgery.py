from __future__ import annotations

from typing import Any

import pytest

from specgw import problems
from specgw.plan.model import Origin, Route, SecurityScheme, WebSocket
from specgw.policies.auth.forgery import ForgeryProtection, build
from specgw.policies.base import Exchange

pytestmark = pytest.mark.interpreted


class Handshake(Exchange):
    upgrades = True


def exchange(*fields: str, method: str = "POST", by_cookie: bool = True, upgrades: bool = False, scheme: str = "https") -> Exchange:
    made = Handshake() if upgrades else Exchange()
    made.method, made.by_cookie, made.scheme = method, by_cookie, scheme
    pairs = (field.partition(": ") for field in ("host: gw.example", *fields))
    made.headers = [(name.encode(), value.encode()) for name, _, value in pairs]
    return made


def refused(made: Exchange, *, handshakes: bool = False) -> bool:
    problem = ForgeryProtection(handshakes=handshakes).request(made)
    assert problem is None or problem.kind is problems.CROSS_SITE
    return problem is not None


@pytest.mark.parametrize(
    "fields",
    [
        ("sec-fetch-site: same-origin",),
        ("sec-fetch-site: none",),
        ("sec-fetch-site: same-origin", "origin: null"),
        ("origin: https://gw.example",),
        ("origin: https://GW.example:443",),
        ("origin: https://gw.example", "referer: https://evil.example/"),
        ("referer: https://gw.example/form?x=1",),
        ("referer: https://gw.example",),
    ],
)
def test_what_a_page_of_this_origin_sends_passes(fields: tuple[str, ...]) -> None:
    assert not refused(exchange(*fields))


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("sec-fetch-site: cross-site",),
        ("sec-fetch-site: same-site",),
        ("sec-fetch-site: SAME-ORIGIN",),
        ("sec-fetch-site: same-origin", "sec-fetch-site: cross-site"),
        ("sec-fetch-site: cross-site", "origin: https://gw.example"),
        ("origin: https://evil.example",),
        ("origin: http://gw.example",),
        ("origin: https://gw.example:8443",),
        ("origin: https://gw.example.evil.example",),
        ("origin: null",),
        ("origin: ",),
        ("origin: https://gw.example", "origin: https://evil.example"),
        ("referer: https://evil.example/?https://gw.example",),
        ("referer: https://gw.example@evil.example/",),
        ("referer: about:blank",),
        ("referer: https://[gw.example/",),
        ("referer: \u00e4",),
    ],
)
def test_what_another_page_sends_or_what_shows_nothing_is_refused(fields: tuple[str, ...]) -> None:
    assert refused(exchange(*fields))


def test_without_a_host_nobody_is_of_this_origin() -> None:
    made = exchange("origin: https://gw.example")
    made.headers = made.headers[1:]
    assert refused(made)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_what_changes_nothing_passes(method: str) -> None:
    assert not refused(exchange("sec-fetch-site: cross-site", method=method))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY", "PURGE"])
def test_every_other_method_is_looked_at(method: str) -> None:
    assert refused(exchange("sec-fetch-site: cross-site", method=method))


def test_what_no_cookie_authenticated_is_none_of_its_business() -> None:
    assert not refused(exchange("origin: https://evil.example", by_cookie=False))


def test_handshakes_are_looked_at_where_every_origin_may_open_them() -> None:
    foreign = ("origin: https://evil.example",)
    assert refused(exchange(*foreign, method="GET", upgrades=True), handshakes=True)
    assert not refused(exchange(*foreign, method="GET", upgrades=True))
    assert not refused(exchange("origin: https://gw.example", method="GET", upgrades=True), handshakes=True)
    assert not refused(exchange(method="GET", upgrades=True), handshakes=True)


def route(**more: Any) -> Route:
    said = {"id": "a", "service": "s", "method": "POST", "path": "/", "document_path": "/", "origin": Origin(file="f", line=1)}
    return Route(**{**said, "security": ((SecurityScheme(name="session"),),), **more})


def test_who_has_it() -> None:
    assert build(route()) is not None
    assert build(route(csrf="on")) is not None
    assert build(route(csrf="off")) is None
    assert build(route(security=((),))) is None
    assert build(route(security=None)) is None


@pytest.mark.parametrize(("origins", "looked_at"), [(None, False), (("https://a.example",), False), (("https://a.example", "*"), True)])
def test_handshakes_have_a_policy_of_their_own_unless_it_lets_everybody(origins: tuple[str, ...] | None, looked_at: bool) -> None:
    policy = build(route(method="GET", websocket=WebSocket(origins=origins)))
    assert policy is not None
    made = exchange("origin: https://evil.example", method="GET", upgrades=True)
    assert (policy.request(made) is not None) == looked_at
