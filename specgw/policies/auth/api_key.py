"""`apiKey`: a key in a header, a query parameter or a cookie, looked up in the key store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable

from specgw.plan.model import Consumer, Scheme
from specgw.policies.auth.base import Identity, Key, KeyStore, Refusal, Services, Unavailable, Verdict
from specgw.policies.auth.credentials import Presented, reader
from specgw.policies.base import Exchange

_UNKNOWN = Refusal("the API key is not known, or not valid any more")
_UNAVAILABLE = Refusal("the key store cannot be asked", "unavailable")


class ApiKey:
    """Verifies the keys of one scheme."""

    __slots__ = ("_consumers", "_keys", "_name", "_presented")

    def __init__(self, name: str, presented: Callable[[Exchange], Presented], keys: KeyStore, consumers: Mapping[str, Consumer]) -> None:
        self._name = name
        self._presented = presented
        self._keys = keys
        self._consumers = consumers

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        """Look the key up; awaited only where the store has to be asked."""
        presented = self._presented(exchange)
        if presented is None or isinstance(presented, Refusal):
            return presented
        try:
            found = self._keys.find(presented)
        except Unavailable:
            return _UNAVAILABLE
        if isawaitable(found):
            return self._await(found)
        return self._identity(found)

    async def _await(self, found: Awaitable[Key | None]) -> Verdict:
        try:
            return self._identity(await found)
        except Unavailable:
            return _UNAVAILABLE

    def _identity(self, key: Key | None) -> Verdict:
        return _UNKNOWN if key is None or not fits(key, self._name) else identity(self._name, key, self._consumers)


def fits(key: Key, scheme: str) -> bool:
    """Whether a key is good for a scheme."""
    return not key.schemes or scheme in key.schemes


def identity(scheme: str, key: Key, consumers: Mapping[str, Consumer]) -> Identity:
    """Who a key belongs to. What gateway.yaml gives to a consumer, each of its keys has."""
    consumer = consumers.get(key.consumer) if key.consumer is not None else None
    roles = key.roles.union(consumer.roles) if consumer is not None and consumer.roles else key.roles
    return Identity(scheme, key.id, key.consumer, key.scopes, roles, expires=key.expires)


def build(scheme: Scheme, services: Services) -> ApiKey:
    """The verifier of an apiKey scheme."""
    return ApiKey(scheme.name, reader(scheme), services.keys or NoKeys(), services.consumers)


class NoKeys:
    """A store without keys."""

    def find(self, key: bytes) -> Key | None:
        """Always None."""
        return None
