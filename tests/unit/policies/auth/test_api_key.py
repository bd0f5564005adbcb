from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from specgw.plan.model import Consumer, Scheme
from specgw.policies.auth.api_key import build
from specgw.policies.auth.base import Identity, Key, Refusal, Services, Unavailable, Verdict
from specgw.policies.base import Exchange

SCHEME = Scheme(name="key", service="users", kind="apiKey", type="apiKey in header", field="X-Key")
GOOD = Key("k1", "shop", frozenset(("read",)), frozenset(("admin",)), 99.0)


class Store:
    """Knows one key; `asked` answers through an awaitable, `away` not at all."""

    def __init__(self, *, asked: bool = False, away: bool = False) -> None:
        self.asked = asked
        self.away = away

    def find(self, key: bytes) -> Key | Awaitable[Key | None] | None:
        if self.asked:
            return self._find(key)
        if self.away:
            raise Unavailable
        return KNOWN.get(key)

    async def _find(self, key: bytes) -> Key | None:
        if self.away:
            raise Unavailable
        return KNOWN.get(key)


KNOWN = {b"good": GOOD, b"other scheme": Key("k2", schemes=frozenset(("basic",))), b"ours": Key("k3", "shop", schemes=frozenset(("key",)))}


def verdict(store: Store | None, key: bytes | None, consumers: dict[str, Consumer] | None = None) -> Verdict:
    exchange = Exchange()
    exchange.headers = [] if key is None else [(b"x-key", key)]
    found = build(SCHEME, Services(keys=store, consumers=consumers or {})).verify(exchange)
    if isinstance(found, Identity | Refusal | None):
        return found

    async def wait() -> Verdict:
        return await found

    return asyncio.run(wait())


@pytest.mark.parametrize("asked", [False, True])
def test_a_key_is_who_it_belongs_to(asked: bool) -> None:
    assert verdict(Store(asked=asked), b"good") == Identity("key", "k1", "shop", frozenset(("read",)), frozenset(("admin",)), expires=99.0)
    assert verdict(Store(asked=asked), b"bad") == Refusal("the API key is not known, or not valid any more")
    assert verdict(Store(asked=asked, away=True), b"good") == Refusal("the key store cannot be asked", "unavailable")


def test_a_key_is_good_for_the_schemes_that_it_names() -> None:
    assert verdict(Store(), b"ours") == Identity("key", "k3", "shop")
    assert verdict(Store(), b"other scheme") == Refusal("the API key is not known, or not valid any more")


def test_a_key_has_the_roles_of_its_consumer_too() -> None:
    found = verdict(Store(), b"good", {"shop": Consumer(roles=("editor",)), "desk": Consumer(roles=("viewer",))})
    assert isinstance(found, Identity)
    assert found.roles == {"admin", "editor"}


def test_no_key_is_no_refusal() -> None:
    assert verdict(Store(), None) is None


def test_without_a_store_no_key_is_known() -> None:
    refused = verdict(None, b"good")
    assert isinstance(refused, Refusal)
    assert "good" not in refused.reason
