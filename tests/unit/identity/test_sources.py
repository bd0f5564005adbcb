from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from specgw.identity.fetching import Web
from specgw.identity.sources import Discovery, KeyFile, KeyUrl, issuers_of, metadata_urls
from specgw.policies.auth.base import Unavailable
from tests.unit.identity.endpoint import Endpoint, endpoint
from tests.unit.policies.auth.issuing import oct_jwk, published, set_of

DISCOVERY = "/.well-known/openid-configuration"


def play(scene: Callable[[Endpoint], Awaitable[None]]) -> None:
    async def run() -> None:
        async with endpoint() as provider:
            await scene(provider)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "issuers"),
    [
        ("https://i.example" + DISCOVERY, ("https://i.example", "https://i.example/")),
        ("https://i.example/realms/x" + DISCOVERY, ("https://i.example/realms/x", "https://i.example/realms/x/")),
        ("https://i.example/.well-known/oauth-authorization-server", ("https://i.example", "https://i.example/")),
        ("https://i.example/.well-known/oauth-authorization-server/x", ("https://i.example/x", "https://i.example/x/")),
        ("https://i.example/.well-known/oauth-authorization-serverx", ()),
        ("https://i.example" + DISCOVERY + "?x=1", ()),
        ("https://i.example/metadata", ()),
    ],
)
def test_whose_metadata_are_at_a_url(url: str, issuers: tuple[str, ...]) -> None:
    assert issuers_of(url) == issuers


@pytest.mark.parametrize("end", ["", "/"])
def test_where_the_metadata_of_an_issuer_are(end: str) -> None:
    assert metadata_urls("https://i.example/x" + end) == (
        "https://i.example/x" + DISCOVERY,
        "https://i.example/.well-known/oauth-authorization-server/x",
    )


def test_discovery_leads_to_the_keys_and_is_asked_once_where_it_is_known() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.publishes(*published())
        source = Discovery(provider.url + DISCOVERY, None, Web())
        loaded = await source.load(known=False)
        assert loaded.issuer == provider.url
        assert [key.kid for key in loaded.keys.keys][:2] == ["rsa", "es256"]
        await source.load(known=True)
        assert provider.paths == [DISCOVERY, "/keys", "/keys"]
        await source.load(known=False)
        assert provider.paths[3:] == [DISCOVERY, "/keys"]

    play(scene)


@pytest.mark.parametrize("end", ["", "/"])
def test_the_issuer_is_the_one_that_was_asked_for_to_the_letter(end: str) -> None:
    async def scene(provider: Endpoint) -> None:
        provider.publishes(*published())
        provider.says(DISCOVERY, {"issuer": provider.url + end, "jwks_uri": f"{provider.url}/keys"})
        assert (await Discovery(provider.url + DISCOVERY, None, Web()).load(known=False)).issuer == provider.url + end
        assert (await Discovery(None, provider.url + end, Web()).load(known=False)).issuer == provider.url + end
        other = provider.url if end else provider.url + "/"
        for source in (Discovery(None, other, Web()), Discovery(provider.url + DISCOVERY, other, Web())):
            with pytest.raises(Unavailable, match="another issuer"):
                await source.load(known=False)

    play(scene)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"issuer": "https://evil.example", "jwks_uri": "https://evil.example/keys"}, "another issuer"),
        ({"issuer": ["<issuer>"]}, "another issuer"),
        ({"issuer": "<issuer>"}, "jwks_uri"),
        ({"issuer": "<issuer>", "jwks_uri": 1}, "jwks_uri"),
        ({"issuer": "<issuer>", "jwks_uri": "http://evil.example/keys"}, "not HTTPS"),
        ({"issuer": "<issuer>", "jwks_uri": "file:///etc/passwd"}, "no URL"),
    ],
)
def test_metadata_that_lead_nowhere(metadata: dict[str, object], reason: str) -> None:
    async def scene(provider: Endpoint) -> None:
        provider.says(DISCOVERY, {name: provider.url if value == "<issuer>" else value for name, value in metadata.items()})
        with pytest.raises(Unavailable, match=reason):
            await Discovery(provider.url + DISCOVERY, None, Web()).load(known=False)

    play(scene)


def test_an_issuer_without_openid_is_found_by_rfc_8414() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.publishes(*published())
        provider.answers["/.well-known/oauth-authorization-server"] = provider.answers.pop(DISCOVERY)
        assert (await Discovery(None, provider.url, Web()).load(known=False)).keys.keys
        assert provider.paths == [DISCOVERY, "/.well-known/oauth-authorization-server", "/keys"]
        with pytest.raises(Unavailable, match="404"):
            await Discovery(provider.url + DISCOVERY, None, Web()).load(known=False)

    play(scene)


def test_a_url_that_shows_no_issuer_needs_one() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.publishes(*published())
        provider.answers["/metadata"] = provider.answers[DISCOVERY]
        with pytest.raises(Unavailable, match="none is configured"):
            await Discovery(provider.url + "/metadata", None, Web()).load(known=False)
        assert (await Discovery(provider.url + "/metadata", provider.url, Web()).load(known=False)).issuer == provider.url

    play(scene)


def test_a_set_at_a_url_holds_no_secrets() -> None:
    async def scene(provider: Endpoint) -> None:
        provider.publishes(*published(), oct_jwk())
        loaded = await KeyUrl(provider.url + "/keys", Web()).load(known=True)
        assert loaded.issuer is None
        assert "oct" not in [key.kid for key in loaded.keys.keys]
        assert loaded.keys.left_out
        provider.says("/keys", {"keys": None})
        with pytest.raises(Unavailable, match="no list"):
            await KeyUrl(provider.url + "/keys", Web()).load(known=True)

    play(scene)


def test_a_plain_url_elsewhere_is_not_fetched() -> None:
    with pytest.raises(Unavailable, match="not HTTPS"):
        asyncio.run(KeyUrl("http://issuer.example/keys", Web()).load(known=False))


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(Unavailable, match="No such file"):
        asyncio.run(KeyFile(path).load(known=False))
    path.write_bytes(set_of(*published(), oct_jwk()))
    loaded = asyncio.run(KeyFile(path).load(known=False))
    assert "oct" in [key.kid for key in loaded.keys.keys]
    path.write_text("{}")
    with pytest.raises(Unavailable, match="no list"):
        asyncio.run(KeyFile(path).load(known=False))
