"""The code flow against a provider's endpoints: what is asked, and which answers sign nobody in."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from specgw.identity import code_flow
from specgw.identity.code_flow import Attempt, Client, CodeFlow, Refused
from specgw.identity.fetching import Web
from specgw.identity.keyring import Keyring
from specgw.identity.sources import Discovery
from specgw.policies.auth.base import Unavailable
from tests.unit.identity.endpoint import Endpoint, endpoint
from tests.unit.policies.auth.issuing import NOW, published, token

ATTEMPT = Attempt(redirect="https://api.example/portal/callback", state="s-1", nonce="n-1", verifier="v-1", challenge="c-1")
METADATA = "/.well-known/openid-configuration"


class Stage:
    """A provider, and a gateway's client of it."""

    def __init__(self, provider: Endpoint) -> None:
        self.provider = provider
        self.metadata: dict[str, Any] = {
            "issuer": provider.url,
            "jwks_uri": f"{provider.url}/keys",
            "authorization_endpoint": f"{provider.url}/auth",
            "token_endpoint": f"{provider.url}/token",
        }
        provider.says("/keys", {"keys": published()})
        self.answers(token(iss=provider.url, aud="portal", nonce="n-1").decode())

    def answers(self, id_token: object, status: str = "200 OK") -> None:
        self.provider.says("/token", {"access_token": "x", "token_type": "Bearer", "id_token": id_token}, status)

    async def flow(self, secret: str | None = "s&cret", issuer: str | None = None, **metadata: Any) -> CodeFlow:
        said = {name: value for name, value in {**self.metadata, **metadata}.items() if value is not None}
        self.provider.says(METADATA, said)
        web = Web()
        ring = Keyring(Discovery(None, self.provider.url, web))
        self.ring = ring
        await ring.load()
        client = Client(issuer=issuer or self.provider.url, id="portal", secret=secret, scopes=("openid", "email"))
        return CodeFlow(client, ring, web, clock=lambda: NOW)

    async def sign_in(self, answer: dict[str, str] | None = None, **metadata: Any) -> Any:
        return await (await self.flow(**metadata)).redeem({"code": "abc"} if answer is None else answer, ATTEMPT)


def play(scene: Callable[[Stage], Awaitable[None]]) -> None:
    async def run() -> None:
        async with endpoint() as provider:
            await scene(Stage(provider))

    asyncio.run(run())


def test_a_browser_is_sent_with_state_nonce_and_challenge() -> None:
    async def scene(stage: Stage) -> None:
        address = urlsplit(await (await stage.flow()).address(ATTEMPT))
        assert (f"{address.scheme}://{address.netloc}", address.path) == (stage.provider.url, "/auth")
        assert parse_qs(address.query) == {
            "response_type": ["code"],
            "client_id": ["portal"],
            "redirect_uri": ["https://api.example/portal/callback"],
            "scope": ["openid email"],
            "state": ["s-1"],
            "nonce": ["n-1"],
            "code_challenge": ["c-1"],
            "code_challenge_method": ["S256"],
        }
        assert (await (await stage.flow(authorization_endpoint=f"{stage.provider.url}/auth?realm=a")).address(ATTEMPT)).startswith(
            f"{stage.provider.url}/auth?realm=a&response_type=code"
        )

    play(scene)


def test_a_code_is_redeemed_once_with_secret_and_verifier() -> None:
    async def scene(stage: Stage) -> None:
        assert (await stage.sign_in())["sub"] == "ada"
        method, path, fields, body = stage.provider.requests[-1]
        assert (method, path) == ("POST", "/token")
        assert fields["authorization"] == "Basic " + base64.b64encode(b"portal:s%26cret").decode()
        assert parse_qs(body.decode()) == {
            "grant_type": ["authorization_code"],
            "code": ["abc"],
            "redirect_uri": ["https://api.example/portal/callback"],
            "code_verifier": ["v-1"],
        }

    play(scene)


@pytest.mark.parametrize(
    ("secret", "methods", "sent"),
    [
        (None, None, {"client_id": ["portal"]}),
        ("s&cret", ["client_secret_post"], {"client_id": ["portal"], "client_secret": ["s&cret"]}),
    ],
)
def test_how_the_client_names_itself(secret: str | None, methods: list[str] | None, sent: dict[str, list[str]]) -> None:
    async def scene(stage: Stage) -> None:
        await stage.sign_in(secret=secret, token_endpoint_auth_methods_supported=methods)
        _, _, fields, body = stage.provider.requests[-1]
        assert "authorization" not in fields
        assert sent.items() <= parse_qs(body.decode()).items()

    play(scene)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "no code"),
        ({"code": ""}, "no code"),
        ({"code": "a\nb"}, "no code"),
        ({"code": "x" * 2049}, "no code"),
        ({"error": "access_denied", "code": "abc"}, "the provider answered access_denied"),
        ({"error": '"><script>', "code": "abc"}, "the provider answered an error"),
        ({"code": "abc", "iss": "https://evil.example"}, "another provider"),
    ],
)
def test_an_answer_that_signs_nobody_in_is_never_redeemed(answer: dict[str, str], words: str) -> None:
    async def scene(stage: Stage) -> None:
        with pytest.raises(Refused, match=words):
            await stage.sign_in(answer)
        assert "/token" not in stage.provider.paths

    play(scene)


def test_a_provider_that_names_itself_in_answers_has_to() -> None:
    async def scene(stage: Stage) -> None:
        supported = {"authorization_response_iss_parameter_supported": True}
        with pytest.raises(Refused, match="does not say which provider"):
            await stage.sign_in({"code": "abc"}, **supported)
        assert (await stage.sign_in({"code": "abc", "iss": stage.provider.url}, **supported))["sub"] == "ada"

    play(scene)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"error": "invalid_grant"}, "400 Bad Request", "did not take the code: invalid_grant"),
        ({"error": "x\ny"}, "401 Unauthorized", "did not take the code: an error"),
        ({"access_token": "x"}, "200 OK", "no ID token"),
        ({"id_token": 5}, "200 OK", "no ID token"),
        ({"id_token": "é"}, "200 OK", "no ID token"),
        ({"id_token": "a.b.c"}, "200 OK", "ID token: "),
    ],
)
def test_answers_of_the_token_endpoint(body: dict[str, Any], status: str, words: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.provider.says("/token", body, status)
        with pytest.raises(Refused, match=words):
            await stage.sign_in()

    play(scene)


@pytest.mark.parametrize("status", ["302 Found", "500 Internal Server Error"])
def test_a_provider_that_fails_is_no_refusal(status: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.provider.says("/token", {}, status, "Location: http://127.0.0.1:9/")
        with pytest.raises(Unavailable):
            await stage.sign_in()

    play(scene)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "not known, or lack"),
        (7, "not known, or lack"),
        ("http://other.example/token", "is not HTTPS"),
        ("file:///etc/passwd", "no URL that can be fetched"),
        ("http://127.0.0.1:1/token#x", "has a fragment"),
    ],
)
def test_addresses_that_are_not_asked(said: object, words: str) -> None:
    async def scene(stage: Stage) -> None:
        with pytest.raises(Unavailable, match=words):
            await stage.sign_in(token_endpoint=said)
        assert "/token" not in stage.provider.paths

    play(scene)


def test_a_provider_elsewhere_leads_to_nothing_on_this_machine() -> None:
    async def scene(stage: Stage) -> None:
        flow = await stage.flow(issuer="https://id.example")
        with pytest.raises(Unavailable, match="is on this machine"):
            await flow.redeem({"code": "abc"}, ATTEMPT)
        assert "/token" not in stage.provider.paths

    play(scene)


def test_metadata_that_are_not_there_yet_are_waited_for() -> None:
    async def scene(stage: Stage) -> None:
        stage.provider.says(METADATA, stage.metadata)
        web = Web()
        flow = CodeFlow(Client(issuer=stage.provider.url, id="portal"), Keyring(Discovery(None, stage.provider.url, web)), web)
        assert (await flow.address(ATTEMPT)).startswith(f"{stage.provider.url}/auth?")

    play(scene)


def test_only_some_are_redeemed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_flow, "WAITING", 2)

    async def scene(stage: Stage) -> None:
        flow = await stage.flow()
        stage.provider.gate.clear()
        under_way = [asyncio.create_task(flow.redeem({"code": "abc"}, ATTEMPT)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="too many"):
            await flow.redeem({"code": "abc"}, ATTEMPT)
        stage.provider.gate.set()
        assert [claims["sub"] for claims in await asyncio.gather(*under_way)] == ["ada", "ada"]
        assert (await flow.redeem({"code": "abc"}, ATTEMPT))["sub"] == "ada"

    play(scene)


def test_a_client_never_shows_its_secret() -> None:
    assert "s3" not in repr(Client(issuer="https://id.example", id="portal", secret="s3cret"))
    assert "v-1" not in repr(ATTEMPT)
