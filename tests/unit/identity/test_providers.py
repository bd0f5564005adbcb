from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from specgw.identity.code_flow import Client
from specgw.identity.keyring import Keyring
from specgw.identity.providers import NotUsable, Providers
from specgw.plan.model import Edge, Introspection, Plan, Scheme
from specgw.plan.portal import Portal, SignIn
from specgw.policies.auth.base import Unavailable
from tests.unit.identity.endpoint import endpoint
from tests.unit.policies.auth.issuing import SECRET, oct_jwk, published, set_of

DISCOVERY = "/.well-known/openid-configuration"


def scheme(name: str = "login", **more: Any) -> Scheme:
    return Scheme(name=name, service="api", kind="token", type="http bearer", **more)


def plan(*schemes: Scheme, folder: str = "") -> Plan:
    return Plan(edge=Edge(folder=folder), schemes={f"api/{scheme.name}": scheme for scheme in schemes})


async def kids(ring: Keyring, kid: str | None, algorithm: str) -> list[str | None]:
    found = ring.find(kid, algorithm)
    return [key.kid for key in (await found if isinstance(found, Awaitable) else found)]


def test_nothing_is_fetched_before_the_plan_is_used_and_nothing_is_waited_for() -> None:
    async def play() -> None:
        counted: list[tuple[str, str]] = []
        providers = Providers(lambda source, outcome: counted.append((source, outcome)))
        async with endpoint() as provider:
            provider.publishes(*published())
            provider.gate.clear()
            login = scheme(issuer=provider.url)
            prepared = await providers.prepare(plan(login))
            assert provider.requests == []
            providers.use(prepared)
            await provider.arrived.wait()
            provider.gate.set()
            assert await kids(prepared.keys_of(login), "rsa", "RS256") == ["rsa"]
            assert prepared.keys_of(login).issuer == provider.url
            assert counted == [(provider.url + DISCOVERY, "fetched")]
            providers.close()

    asyncio.run(play())


def test_what_the_next_plan_uses_too_goes_on_and_the_rest_ends() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        async with endpoint() as provider:
            provider.publishes(*published())
            login, other = scheme(issuer=provider.url), scheme("other", jwks=provider.url + "/keys")
            asked = scheme("asked", introspection=Introspection(url=provider.url + "/ask"))
            provider.says("/ask", {"active": False})
            first = await providers.prepare(plan(login, other, asked))
            providers.use(first)
            for each in (login, other):
                assert await kids(first.keys_of(each), "rsa", "RS256") == ["rsa"]
            second = await providers.prepare(plan(replace(login, audience=("other",)), asked))
            providers.use(second)
            assert second.keys_of(login) is first.keys_of(login)
            assert second.introspection_of(asked) is first.introspection_of(asked)
            seen = len(provider.requests)
            assert await kids(first.keys_of(other), "unknown", "RS256") == []
            assert len(provider.requests) == seen, "closed"
            assert await second.introspection_of(asked).ask(b"x") == {"active": False}
            third = await providers.prepare(plan())
            providers.use(third)
            with pytest.raises(Unavailable):
                await second.introspection_of(asked).ask(b"y")

    asyncio.run(play())


def test_a_plan_that_is_not_used_after_all_leaves_everything_as_it_was() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        async with endpoint() as provider:
            provider.publishes(*published())
            login = scheme(issuer=provider.url)
            used = await providers.prepare(plan(login))
            providers.use(used)
            with pytest.raises(NotUsable):
                await providers.prepare(plan(scheme("new", jwks=provider.url + "/keys"), scheme("x", jwks="missing.json"), login))
            assert await kids(used.keys_of(login), "rsa", "RS256") == ["rsa"]
            assert (await providers.prepare(plan(login))).keys_of(login) is used.keys_of(login)
            providers.close()

    asyncio.run(play())


def test_schemes_with_the_same_keys_share_them() -> None:
    async def play() -> None:
        one, two = scheme("one", issuer="https://id.example"), scheme("two", issuer="https://id.example", audience=("x",))
        prepared = await Providers(lambda source, outcome: None).prepare(plan(one, two, scheme("not", verify="upstream")))
        assert prepared.keys_of(one) is prepared.keys_of(two)
        assert len(prepared.rings) == 1

    asyncio.run(play())


def test_a_known_issuer_with_known_keys_needs_no_discovery_and_a_discovery_url_tells_the_issuer() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        async with endpoint() as provider:
            provider.publishes(*published())
            known = scheme("known", issuer="https://id.example", jwks=provider.url + "/keys", open_id_connect_url=provider.url + DISCOVERY)
            told = scheme("told", jwks=provider.url + "/own", open_id_connect_url=provider.url + DISCOVERY)
            provider.says("/own", {"keys": [published()[1]]})
            prepared = await providers.prepare(plan(known, told))
            providers.use(prepared)
            assert await kids(prepared.keys_of(known), "rsa", "RS256") == ["rsa"]
            assert await kids(prepared.keys_of(told), "es256", "ES256") == ["es256"]
            assert (prepared.keys_of(known).issuer, prepared.keys_of(told).issuer) == (None, provider.url)
            providers.close()

    asyncio.run(play())


def test_files_are_there_before_anything_is_served(tmp_path: Path) -> None:
    async def play() -> None:
        (tmp_path / "keys.json").write_bytes(set_of(*published(), oct_jwk()))
        in_file = scheme(jwks="keys.json")
        providers = Providers(lambda source, outcome: None)
        prepared = await providers.prepare(plan(in_file, folder=str(tmp_path)))
        assert await kids(prepared.keys_of(in_file), "oct", "HS256") == ["oct"]
        with pytest.raises(NotUsable, match=r"^security scheme api/login: No such file"):
            await providers.prepare(plan(scheme(jwks="other.json"), folder=str(tmp_path)))
        providers.use(prepared)
        (tmp_path / "keys.json").write_bytes(set_of(oct_jwk()))
        providers.refresh()
        await prepared.keys_of(in_file).refresh()
        assert await kids(prepared.keys_of(in_file), "oct", "HS256") == ["oct"]
        assert await kids(prepared.keys_of(in_file), "rsa", "RS256") == []
        providers.close()

    asyncio.run(play())


def test_a_secret_is_there_at_once_and_is_not_shown() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        secret = scheme(secret=SECRET.decode())
        prepared = await providers.prepare(plan(secret))
        assert await kids(prepared.keys_of(secret), "any", "HS512") == [None]
        assert SECRET.decode() not in repr(prepared.rings)
        with pytest.raises(NotUsable, match="at least 32 bytes") as refused:
            await providers.prepare(plan(scheme(secret="hush, hush")))
        assert "hush" not in str(refused.value)

    asyncio.run(play())


def test_what_must_not_be_asked_is_not_and_the_gateway_serves_all_the_same() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        login = scheme(issuer="http://id.example")
        prepared = await providers.prepare(plan(login))
        providers.use(prepared)
        with pytest.raises(Unavailable):
            await kids(prepared.keys_of(login), "rsa", "RS256")
        providers.close()

    asyncio.run(play())


def test_people_sign_in_with_the_keys_that_tokens_are_verified_with() -> None:
    async def play() -> None:
        providers = Providers(lambda source, outcome: None)
        async with endpoint() as provider:
            provider.publishes(*published())
            said = SignIn(issuer=provider.url, client_id="portal", client_secret="s", scopes=("openid", "email"))
            both = replace(plan(login := scheme(issuer=provider.url)), edge=Edge(portal=Portal(sign_in=said)))
            prepared = await providers.prepare(both)
            assert len(prepared.rings) == 1
            providers.use(prepared)
            assert await kids(prepared.keys_of(login), "rsa", "RS256") == ["rsa"]
            assert providers.sign_in is not None
            assert providers.sign_in.client == Client(issuer=provider.url, id="portal", secret="s", scopes=("openid", "email"))
            off = replace(both, edge=Edge(portal=Portal(sign_in=said, enabled=False)))
            assert (await providers.prepare(off)).sign_in is None
            providers.close()

    asyncio.run(play())
