from __future__ import annotations

from specgw.plan.model import Consumer
from specgw.policies.auth.base import Key
from specgw.policies.auth.development import DEVELOPMENT_KEY, DevelopmentKeys
from specgw.xgateway.schemes import digest as written


class Others:
    def find(self, key: bytes) -> Key | None:
        return Key("other") if key == b"other" else None


def test_everybody_knows_one_key() -> None:
    assert DevelopmentKeys({}, None).find(DEVELOPMENT_KEY.encode()) == Key("development", "development")


def test_keys_of_consumers_from_the_file_and_from_the_environment() -> None:
    keys = DevelopmentKeys({"shop": Consumer(roles=("admin",), keys=(written("one"), "two"))}, None)
    assert keys.find(b"one") == Key("development-shop-1", "shop", roles=frozenset(("admin",)))
    assert keys.find(b"two") == Key("development-shop-2", "shop", roles=frozenset(("admin",)))
    assert keys.find(b"three") is None


def test_a_consumer_can_have_the_key_that_everybody_knows() -> None:
    keys = DevelopmentKeys({"shop": Consumer(keys=(written(DEVELOPMENT_KEY),))}, None)
    found = keys.find(DEVELOPMENT_KEY.encode())
    assert isinstance(found, Key)
    assert found.consumer == "shop"


def test_all_other_keys_are_the_stores() -> None:
    assert DevelopmentKeys({}, Others()).find(b"other") == Key("other")
    assert DevelopmentKeys({}, Others()).find(b"another") is None
