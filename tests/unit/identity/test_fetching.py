from __future__ import annotations

import asyncio
import ssl

import pytest

from specgw.identity import fetching
from specgw.identity.fetching import Web, checked, members_of
from specgw.policies.auth.base import Unavailable
from tests.unit.identity.endpoint import endpoint


@pytest.mark.parametrize(
    "url",
    ["https://issuer.example/keys", "http://127.0.0.1:8080/keys", "http://localhost/keys", "http://[::1]:1/keys", "http://127.9.9.9/"],
)
def test_https_and_this_machine(url: str) -> None:
    assert checked(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/keys", "http://localhost.evil.example/", "http://127.0.0.1.evil.example/", "http://10.0.0.1/",
        "ftp://127.0.0.1/", "file:///etc/passwd", "//issuer.example/", "https://", "https://user:secret@issuer.example/",
        "https://issuer.example:0/", "https://issuer.example:x/", "https://[::1/", "",
    ],
)  # fmt: skip
def test_nothing_else(url: str) -> None:
    with pytest.raises(Unavailable) as refused:
        checked(url)
    assert "secret" not in str(refused.value)


def test_plain_http_where_it_is_allowed() -> None:
    assert checked("http://keycloak:8080/keys", plain=True)
    with pytest.raises(Unavailable):
        checked("ftp://keycloak/", plain=True)


def test_an_object_and_nothing_else() -> None:
    assert members_of(b'{"a": 1}') == {"a": 1}
    for body in (b"", b"[]", b"{", b'{"a":1,"a":2}', b"<html>", b'{"a": NaN}'):
        with pytest.raises(Unavailable):
            members_of(body)


def test_a_whole_answer() -> None:
    async def play() -> None:
        async with endpoint() as provider:
            provider.says("/keys", {"keys": []})
            response = await Web().get(provider.url + "/keys")
            assert response.members() == {"keys": []}
            method, _, fields, _ = provider.requests[0]
            assert (method, fields["accept-encoding"]) == ("GET", "identity")
            assert "cookie" not in fields

    asyncio.run(play())


def test_redirects_are_not_followed() -> None:
    async def play() -> None:
        async with endpoint() as provider, endpoint() as elsewhere:
            elsewhere.says("/keys", {"keys": []})
            provider.says("/keys", b"", "302 Found", f"Location: {elsewhere.url}/keys")
            response = await Web().get(provider.url + "/keys")
            with pytest.raises(Unavailable, match="redirect"):
                response.wanted()
            assert elsewhere.requests == []

    asyncio.run(play())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * (fetching.LARGEST + 1), "larger than 512 KiB"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "encoded"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}", "RemoteProtocolError"),
        (b"no HTTP at all\r\n\r\n", "RemoteProtocolError"),
        (b"", "RemoteProtocolError"),
    ],
)
def test_answers_that_are_none(answer: bytes, reason: str) -> None:
    async def play() -> None:
        async with endpoint() as provider:
            provider.answers["/keys"] = answer
            with pytest.raises(Unavailable, match=reason):
                await Web().get(provider.url + "/keys")

    asyncio.run(play())


@pytest.mark.parametrize("status", ["204 No Content", "401 Unauthorized", "500 Internal Server Error"])
def test_only_200_is_an_answer(status: str) -> None:
    async def play() -> None:
        async with endpoint() as provider:
            provider.says("/keys", b"", status)
            response = await Web().get(provider.url + "/keys")
            with pytest.raises(Unavailable, match=status[:3]):
                response.members()

    asyncio.run(play())


def test_nobody_there_and_nobody_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.05)

    async def play() -> None:
        async with endpoint() as provider:
            provider.gate.clear()
            with pytest.raises(Unavailable, match="no answer within"):
                await Web().get(provider.url + "/keys")
        with pytest.raises(Unavailable, match="ConnectError"):
            await Web().get(provider.url + "/keys")

    asyncio.run(play())


def test_proxies_of_the_environment_are_not_for_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def play() -> None:
        async with endpoint() as provider:
            provider.says("/keys", {})
            assert (await Web().get(provider.url + "/keys")).status == 200

    asyncio.run(play())


def test_plain_http_never_needs_authorities_and_https_gets_them_once() -> None:
    async def play() -> None:
        web = Web()
        assert (await web._trusting("http://127.0.0.1/")).verify_mode is ssl.CERT_REQUIRED
        first = await web._trusting("HTTPS://issuer.example/")
        assert first is await web._trusting("https://other.example/")
        assert first.check_hostname

    asyncio.run(play())
