from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

import pytest

from specgw.identity.keyring import PACE, Keyring, Pace
from specgw.identity.sources import Loaded
from specgw.policies.auth.base import Unavailable
from specgw.policies.auth.jwk import Key, read_set
from tests.unit.policies.auth.issuing import ec_jwk, oct_jwk, rsa_jwk, rsa_key, set_of
from tests.unit.policies.auth.test_tokens import Clock


class Scripted:
    """A source that says what a test wants, as soon as its gate is open."""

    name = "https://issuer.example/keys"

    def __init__(self, *entries: dict[str, Any]) -> None:
        self.loads: list[bool] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = asyncio.Event()
        self.fault: Exception | None = None
        self.says(*entries)

    def says(self, *entries: dict[str, Any]) -> None:
        self.loaded = Loaded(read_set(set_of(*entries), secrets=True), "https://issuer.example")

    async def load(self, *, known: bool) -> Loaded:
        self.loads.append(known)
        self.begun.set()
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return self.loaded


EC = ec_jwk("ES256")


async def found(ring: Keyring, kid: str, algorithm: str = "ES256") -> Sequence[Key]:
    keys = ring.find(kid, algorithm)
    return await keys if isinstance(keys, Awaitable) else keys


def test_keys_are_there_once_they_were_fetched_and_cost_no_waiting() -> None:
    async def play() -> None:
        source = Scripted(EC)
        ring = Keyring(source)
        assert (ring.keys, ring.issuer, ring.generation) == (None, None, 0)
        ring.start()
        ring.start()
        assert [key.kid for key in await found(ring, "es256")] == ["es256"]
        assert (ring.issuer, ring.generation, source.loads) == ("https://issuer.example", 1, [False])
        assert not isinstance(ring.find("es256", "ES256"), Awaitable)
        ring.close()

    asyncio.run(play())


def test_unknown_keys_cost_one_fetch_in_five_seconds_however_many_come() -> None:
    async def play() -> None:
        source, clock = Scripted(EC), Clock()
        ring = Keyring(source, clock=clock)
        await ring.refresh()
        source.gate.clear()
        source.begun.clear()
        waiting = [asyncio.ensure_future(found(ring, f"unknown{number}")) for number in range(50)]
        await source.begun.wait()
        assert source.loads == [False, True]
        source.gate.set()
        assert await asyncio.gather(*waiting) == [()] * 50
        clock.now += 4.9
        assert [ring.find("unknown", "ES256") for _ in range(50)] == [()] * 50, "and nobody waits for nothing"
        assert len(source.loads) == 2
        clock.now += 0.1
        assert await found(ring, "unknown") == ()
        assert len(source.loads) == 3

    asyncio.run(play())


def test_a_new_key_is_found_by_the_request_that_brought_it() -> None:
    async def play() -> None:
        source = Scripted(EC)
        ring = Keyring(source, clock=Clock())
        await ring.refresh()
        source.says(EC, rsa_jwk(rsa_key()))
        assert [key.kid for key in await found(ring, "rsa", "RS256")] == ["rsa"]
        assert ring.generation == 2

    asyncio.run(play())


def test_a_dropped_key_is_gone_after_the_refresh_and_the_same_set_changes_nothing() -> None:
    async def play() -> None:
        source = Scripted(EC, oct_jwk())
        ring = Keyring(source, clock=Clock())
        await ring.refresh()
        await ring.refresh()
        assert ring.generation == 1
        source.says(oct_jwk())
        await ring.refresh()
        assert ring.generation == 2
        assert await found(ring, "es256") == ()

    asyncio.run(play())


def test_keys_go_on_through_an_outage_but_not_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        source, clock = Scripted(EC), Clock()
        counted: list[str] = []
        ring = Keyring(source, count=counted.append, clock=clock)
        await ring.refresh()
        source.fault = Unavailable("gone fishing")
        await ring.refresh()
        await ring.refresh()
        assert await found(ring, "es256")
        assert ring.generation == 1
        clock.now += PACE.stale + 1
        await ring.refresh()
        assert ring.keys is None
        with pytest.raises(Unavailable):
            await found(ring, "es256")
        source.fault = None
        await ring.refresh()
        assert await found(ring, "es256")
        assert counted.count("failed") >= 3
        assert counted[-1] == "fetched"

    caplog.set_level(logging.WARNING)
    asyncio.run(play())
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "the keys of https://issuer.example/keys could not be fetched, those of before go on: gone fishing",
        "the keys of https://issuer.example/keys are too old to be trusted any longer",
        "the keys of https://issuer.example/keys can be fetched again",
    ], "once for an outage, not once for an attempt"


def test_before_any_key_was_had_the_fetch_is_waited_for_and_then_nobody_can_say() -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.fault = Unavailable("not up yet")
        ring = Keyring(source, clock=Clock())
        with pytest.raises(Unavailable):
            await found(ring, "es256")
        assert len(source.loads) == 1
        with pytest.raises(Unavailable):
            ring.find("es256", "ES256")
        assert len(source.loads) == 1

    asyncio.run(play())


def test_a_defect_is_told_and_the_ring_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.fault = RuntimeError("a defect")
        ring = Keyring(source, clock=Clock())
        await ring.refresh()
        source.fault = None
        await ring.refresh()
        assert await found(ring, "es256")

    asyncio.run(play())
    assert "a defect" in caplog.text


def test_a_client_that_goes_away_does_not_end_the_fetch() -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.gate.clear()
        ring = Keyring(source, clock=Clock())
        first, second = (asyncio.ensure_future(found(ring, "es256")) for _ in range(2))
        await source.begun.wait()
        first.cancel()
        await asyncio.wait([first])
        assert first.cancelled()
        source.gate.set()
        assert await second
        assert source.loads == [False]

    asyncio.run(play())


def test_closing_lets_nobody_wait_for_ever() -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.gate.clear()
        ring = Keyring(source, clock=Clock())
        ring.start()
        waiting = asyncio.ensure_future(found(ring, "es256"))
        await source.begun.wait()
        ring.close()
        with pytest.raises(Unavailable):
            await waiting
        with pytest.raises(Unavailable):
            ring.find("es256", "ES256")

    asyncio.run(play())


def test_what_is_known_can_be_used_after_closing() -> None:
    async def play() -> None:
        ring = Keyring(Scripted(EC), clock=Clock())
        ring.start()
        await found(ring, "es256")
        ring.close()
        assert await found(ring, "es256")
        assert ring.find("unknown", "ES256") == ()

    asyncio.run(play())


def test_refreshed_in_the_background_and_tried_again_sooner_after_a_failure() -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.fault = Unavailable("not up yet")
        counted: asyncio.Queue[str] = asyncio.Queue()
        ring = Keyring(source, count=counted.put_nowait, pace=Pace(refresh=0.001, retry=0.001))
        ring.start()
        assert [await counted.get() for _ in range(3)] == ["failed"] * 3
        source.fault = None
        while await counted.get() != "fetched":
            pass
        assert [await counted.get() for _ in range(3)] == ["fetched"] * 3
        ring.close()
        assert source.loads == [False] * len(source.loads)

    asyncio.run(play())


def test_loading_at_once_tells_its_failure() -> None:
    async def play() -> None:
        source = Scripted(EC)
        source.fault = Unavailable("no such file")
        ring = Keyring(source)
        with pytest.raises(Unavailable, match="no such file"):
            await ring.load()
        source.fault = None
        await ring.load()
        assert await found(ring, "es256")

    asyncio.run(play())


def test_keys_that_are_left_out_are_told_when_the_set_changes(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        ring = Keyring(Scripted(EC, {"kty": "dsa"}))
        await ring.refresh()
        await ring.refresh()

    asyncio.run(play())
    assert [record.getMessage() for record in caplog.records] == [
        "a key of https://issuer.example/keys is not used: key 2: keys of its type verify nothing here"
    ]
