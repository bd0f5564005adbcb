"""Keys for development: one that everybody knows, and those that gateway.yaml gives to consumers. Only under the profile `dev`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from specgw.plan.model import Consumer
from specgw.policies.auth.base import Key, KeyStore, digest

DEVELOPMENT_KEY = "DEV_KEY_12345"
DIGEST_PREFIX = "sha256:"


class DevelopmentKeys:
    """A key store that knows development keys, and asks another one about all others."""

    __slots__ = ("_keys", "_others")

    def __init__(self, consumers: Mapping[str, Consumer], others: KeyStore | None) -> None:
        self._keys = {digest(DEVELOPMENT_KEY.encode()): Key("development", "development")}
        for name, consumer in consumers.items():
            for number, key in enumerate(consumer.keys, 1):
                self._keys[_digest(key)] = Key(f"development-{name}-{number}", name, roles=frozenset(consumer.roles))
        self._others = others

    def find(self, key: bytes) -> Key | Awaitable[Key | None] | None:
        """What is known of a key."""
        found = self._keys.get(digest(key))
        if found is not None or self._others is None:
            return found
        return self._others.find(key)


def _digest(key: str) -> bytes:
    """From what a Plan holds: the digest of a key that gateway.yaml shows, or a key that came from the environment."""
    return bytes.fromhex(key.removeprefix(DIGEST_PREFIX)) if key.startswith(DIGEST_PREFIX) else digest(key.encode())
