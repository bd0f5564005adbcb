"""Which client a trusted proxy speaks of: addresses in every form, and what is none."""

from __future__ import annotations

import pytest

from specgw.dataplane.forwarded import address, client, hops, nodes
from tests.unit.dataplane.stage import OK, answering, play, route, stage


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("2001:0DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[192.0.2.7]", None),
        ("192.0.2.07", None),
        ("192.0.2", None),
        ("3221225991", None),
        ("0x7f.0.0.1", None),
        ("192.0.2.7:", None),
        ("192.0.2.7:http", None),
        ("fe80::1%eth0", None),
        ("[2001:db8::7", None),
        ("unknown", None),
        ("_hidden", None),
        ("localhost", None),
        ("", None),
        ('"192.0.2.7"', None),
        ("192.0.2.7\n", None),
        ("١٩٢.0.2.7", None),
    ],
)
def test_an_entry_is_an_address_or_nothing(text: str, read: str | None) -> None:
    assert address(text) == read


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([], "10.0.0.1"),
        (["192.0.2.7"], "192.0.2.7"),
        (["spoofed", "192.0.2.7", "10.0.0.2"], "192.0.2.7"),
        (["192.0.2.8", "nonsense", "10.0.0.2"], "10.0.0.2"),
        (["192.0.2.8", "nonsense"], "10.0.0.1"),
        (["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
        (["192.0.2.7:80", "10.0.0.2:81"], "192.0.2.7"),
    ],
)
def test_the_search_goes_from_the_right_and_ends_at_a_stranger(entries: list[str], found: str) -> None:
    assert client(entries, lambda hop: hop.startswith("10."), "10.0.0.1") == found


@pytest.mark.parametrize(
    ("field", "read"),
    [
        (b"for=192.0.2.7", ["192.0.2.7"]),
        (b'For="[2001:db8::7]:4711";proto=https;by=203.0.113.43, for=10.0.0.2', ["[2001:db8::7]:4711", "10.0.0.2"]),
        (b'for="192.0.2.7, for=1.2.3.4"', ["192.0.2.7, for=1.2.3.4"]),
        (b"proto=https, for=192.0.2.7", ["", "192.0.2.7"]),
        (b"for=192.0.2.7;, for=a", ["192.0.2.7", "a"]),
        (b"for=192.0.2.7 for=10.0.0.2", [""]),
        (b'for="192.0.2.7', [""]),
        (b"for=[2001:db8::7]", [""]),
        (b"", [""]),
    ],
)
def test_forwarded_is_read_by_its_grammar_or_not_at_all(field: bytes, read: list[str]) -> None:
    assert nodes(field) == read


def test_forwarded_counts_only_where_the_other_field_is_missing() -> None:
    assert hops({b"x-forwarded-for": b" 192.0.2.7 ,, 10.0.0.2", b"forwarded": b"for=1.2.3.4"}) == ["192.0.2.7", "10.0.0.2"]
    assert hops({b"forwarded": b"for=1.2.3.4"}) == ["1.2.3.4"]
    assert hops({}) == []


@pytest.mark.parametrize(
    ("field", "client"),
    [
        (b"X-Forwarded-For: unknown", "127.0.0.1"),
        (b"X-Forwarded-For: 2001:db8::7", "2001:db8::7"),
        (b"X-Forwarded-For: 192.0.2.7:4711", "192.0.2.7"),
        (b"X-Forwarded-For: 192.0.2.9\r\nX-Forwarded-For: 192.0.2.7", "192.0.2.7"),
        (b'Forwarded: for="[2001:db8::7]:4711"', "2001:db8::7"),
        (b"Forwarded: for=_secret", "127.0.0.1"),
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.interpreted
def test_what_the_gateway_takes_for_the_client(field: bytes, client: str, trusted: bool) -> None:
    async def scene() -> None:
        seen: list[str] = []
        heads: list[bytes] = []
        proxies = ("127.0.0.0/8",) if trusted else ()
        async with stage(answering(OK, heads), route(), trusted_proxies=proxies) as on:
            plane = on.gateway.plane
            plane.log = lambda passage, seconds: seen.append(passage.client)  # type: ignore[method-assign]
            one = await on.client()
            one.send(b"GET /things HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % field)
            await one.answer()
        assert seen == [client if trusted else "127.0.0.1"]
        assert heads[0].lower().count(b"\r\nx-forwarded-for:") == 1

    play(scene)
