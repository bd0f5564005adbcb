"""Users with password hashes, and consumers with their keys as passwords."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable

import pytest

from specgw.plan.model import Consumer, Scheme
from specgw.policies.auth import basic, passwords
from specgw.policies.auth.base import Identity, Key, Refusal, Services, Unavailable, Unbuildable, Verdict, Verifier
from specgw.policies.base import Exchange

ADA = passwords.write("analytical")
USERS = Scheme(name="login", service="s", kind="basic", type="http basic", http_scheme="basic", users={"ada": ADA, "grace": ADA})
KEYS = Scheme(name="login", service="s", kind="basic", type="http basic", http_scheme="basic")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def exchange(credential: bytes | str | None) -> Exchange:
    made = Exchange()
    text = b64encode(credential.encode()) if isinstance(credential, str) else credential
    made.headers = [] if text is None else [(b"authorization", b"Basic " + text)]
    return made


async def asked(verifier: Verifier, credential: bytes | str | None) -> Verdict:
    verdict = verifier.verify(exchange(credential))
    return verdict if isinstance(verdict, Identity | Refusal | None) else await verdict


def test_users() -> None:
    clock = Clock()
    verifier = basic.build(USERS, Services(clock=clock, consumers={"ada": Consumer(roles=("editor",))}))

    async def conversation() -> None:
        ada = Identity("login", "ada", "ada", roles=frozenset(("editor",)))
        assert await asked(verifier, None) is None
        assert await asked(verifier, "ada:analytical") == ada
        assert await asked(verifier, "grace:analytical") == Identity("login", "grace")
        for wrong in ("ada:analytic", "bob:analytical", "ada:", ":analytical", "ADA:analytical"):
            refused = await asked(verifier, wrong)
            assert isinstance(refused, Refusal), wrong
            assert "ada" not in refused.reason
        # Remembered: no thread, no task, the answer at once; and only for a while.
        assert verifier.verify(exchange("ada:analytical")) == ada
        wrong_again = verifier.verify(exchange("ada:analytic"))
        assert isinstance(wrong_again, Awaitable)
        await wrong_again
        clock.now += basic.REMEMBER
        again = verifier.verify(exchange("ada:analytical"))
        assert isinstance(again, Awaitable)
        assert await again == ada

    asyncio.run(conversation())


def test_a_flood_of_wrong_passwords_is_not_computed_for_ever() -> None:
    verifier = basic.build(USERS, Services())

    async def conversation() -> None:
        flood = [asyncio.ensure_future(asked(verifier, f"ada:{number}")) for number in range(basic.WAITING + 5)]
        verdicts = await asyncio.gather(*flood)
        busy = [verdict for verdict in verdicts if isinstance(verdict, Refusal) and verdict.error == "unavailable"]
        assert len(busy) == 5
        assert isinstance(await asked(verifier, "ada:analytical"), Identity)

    asyncio.run(conversation())


@pytest.mark.parametrize("credential", [b"", b"%%%", b64encode(b"no colon"), b64encode(b"\xff:password"), b"YTpi YTpi"])
def test_what_is_no_credential(credential: bytes) -> None:
    for scheme in (USERS, KEYS):
        refused = asyncio.run(asked(basic.build(scheme, Services()), credential))
        assert isinstance(refused, Refusal)
        assert refused.error == "invalid_request"


def test_an_environment_without_a_hash_is_told_without_showing_it() -> None:
    scheme = Scheme(name="login", service="s", kind="basic", type="http basic", users={"ada": "hunter2"})
    with pytest.raises(Unbuildable, match="s/login") as caught:
        basic.build(scheme, Services())
    assert "hunter2" not in str(caught.value)


class Store:
    def __init__(self, *, away: bool = False, waits: bool = False) -> None:
        self.away = away
        self.waits = waits

    def find(self, key: bytes) -> Key | Awaitable[Key | None] | None:
        if self.waits:
            return self._later(key)
        if self.away:
            raise Unavailable
        return {KNOWN: Key("k1", "shop"), NOBODYS: Key("k2"), TILLS: Key("k3", "shop", schemes=frozenset(("till",)))}.get(key)

    async def _later(self, key: bytes) -> Key | None:
        self.waits = False
        found = self.find(key)
        assert isinstance(found, Key | None)
        return found


KNOWN, NOBODYS, TILLS = b"secret", b"other", b"till"


@pytest.mark.parametrize("waits", [False, True])
def test_keys_of_consumers(waits: bool) -> None:
    def verdict(credential: str, *, away: bool = False) -> Verdict:
        return asyncio.run(asked(basic.build(KEYS, Services(keys=Store(away=away, waits=waits))), credential))

    assert verdict("shop:secret") == Identity("login", "k1", "shop")
    assert verdict("k2:other") == Identity("login", "k2")
    for wrong in ("market:secret", "shop:other", "shop:", "k1:secret", "shop:till"):
        assert isinstance(verdict(wrong), Refusal)
    consumers = {"shop": Consumer(roles=("seller",))}
    verifier = basic.build(KEYS, Services(keys=Store(waits=waits), consumers=consumers))
    assert asyncio.run(asked(verifier, "shop:secret")) == Identity("login", "k1", "shop", roles=frozenset(("seller",)))
    away = verdict("shop:secret", away=True)
    assert isinstance(away, Refusal)
    assert away.error == "unavailable"


def test_without_a_store_nobody_is_known() -> None:
    assert isinstance(asyncio.run(asked(basic.build(KEYS, Services()), "shop:secret")), Refusal)
