from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from specgw.identity import introspection
from specgw.identity.fetching import Web
from specgw.identity.introspection import Introspector, basic
from specgw.policies.auth.base import Unavailable
from tests.unit.identity.endpoint import Endpoint, endpoint


def play(scene: Callable[[Endpoint], Awaitable[None]]) -> None:
    async def run() -> None:
        async with endpoint() as provider:
            await scene(provider)

    asyncio.run(run())


def asking(provider: Endpoint, **more: Any) -> Introspector:
    return Introspector(provider.url + "/introspect", Web(), **more)


def test_a_question_as_rfc_7662_has_it() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.says("/introspect", {"active": True, "sub": "ada"})
        counted: list[str] = []
        introspector = asking(provider, client_id="gate way", client_secret="s:ecret", count=counted.append)
        assert await introspector.ask(b"opaque~+/=") == {"active": True, "sub": "ada"}
        method, _, fields, body = provider.requests[0]
        assert (method, fields["content-type"]) == ("POST", "application/x-www-form-urlencoded")
        assert b64decode(fields["authorization"].removeprefix("Basic ")) == b"gate+way:s%3Aecret"
        assert parse_qs(body.decode()) == {"token": ["opaque~+/="], "token_type_hint": ["access_token"]}
        assert counted == ["answered"]

    play(scene)


def test_a_client_without_a_secret_only_names_itself() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.says("/introspect", {"active": False})
        await asking(provider, client_id="gateway").ask(b"x")
        _, _, fields, body = provider.requests[0]
        assert "authorization" not in fields
        assert parse_qs(body.decode())["client_id"] == ["gateway"]

    play(scene)


def test_everybody_who_asks_about_one_token_gets_one_answer() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.says("/introspect", {"active": True})
        provider.gate.clear()
        introspector = asking(provider)
        asked = [asyncio.ensure_future(introspector.ask(b"same")) for _ in range(20)]
        await provider.arrived.wait()
        asked[0].cancel()
        await asyncio.wait(asked[:1])
        provider.gate.set()
        assert await asyncio.gather(*asked[1:]) == [{"active": True}] * 19
        assert len(provider.requests) == 1
        await introspector.ask(b"same")
        assert len(provider.requests) == 2, "what is remembered is remembered elsewhere"

    play(scene)


@pytest.mark.parametrize(
    ("status", "body"), [("500 Internal Server Error", b"{}"), ("401 Unauthorized", b"{}"), ("200 OK", b"[]"), ("302 Found", b"")]
)
def test_an_answer_that_is_none_means_that_nobody_could_be_asked(status: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(provider: Endpoint) -> None:
        introspector = asking(provider, client_id="gateway", client_secret="hush")
        provider.says("/introspect", body, status)
        for _ in range(2):
            with pytest.raises(Unavailable):
                await introspector.ask(b"opaque")
        provider.says("/introspect", {"active": True})
        assert await introspector.ask(b"opaque") == {"active": True}

    play(scene)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert told[0].startswith("http://127.0.0.1:")
    assert told[1].endswith("answers again")
    assert not any("hush" in line or "opaque" in line for line in told)


def test_a_flood_is_turned_away_before_it_fills_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introspection, "WAITING", 2)

    async def scene(provider: Endpoint) -> None:
        provider.says("/introspect", {"active": False})
        provider.gate.clear()
        introspector = asking(provider)
        asked = [asyncio.ensure_future(introspector.ask(b"%d" % number)) for number in range(3)]
        await provider.arrived.wait()
        with pytest.raises(Unavailable, match="too many"):
            await asked[2]
        provider.gate.set()
        assert await asyncio.gather(*asked[:2]) == [{"active": False}] * 2

    play(scene)


def test_closing_answers_whoever_waits() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.gate.clear()
        introspector = asking(provider)
        asked = asyncio.ensure_future(introspector.ask(b"opaque"))
        await provider.arrived.wait()
        introspector.close()
        for waiting in (asked, introspector.ask(b"opaque")):
            with pytest.raises(Unavailable):
                await waiting

    play(scene)


def test_a_plain_url_elsewhere_gets_no_token() -> None:
    with pytest.raises(Unavailable):
        asyncio.run(Introspector("http://issuer.example/introspect", Web()).ask(b"opaque"))


def test_client_secret_basic_encodes_both() -> None:
    assert b64decode(basic("a:b", "ü&").removeprefix("Basic ")) == b"a%3Ab:%C3%BC%26"
