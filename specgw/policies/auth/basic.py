"""`http basic` (RFC 7617): a user name and a password, held against hashes, or a consumer and one of its keys."""

from __future__ import annotations

import asyncio
import binascii
import hmac
import os
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable

from specgw.plan.model import Consumer, Scheme
from specgw.policies.auth import passwords
from specgw.policies.auth.api_key import NoKeys, fits, identity
from specgw.policies.auth.base import Identity, Key, KeyStore, Refusal, Services, Unavailable, Unbuildable, Verdict, Verifier
from specgw.policies.auth.credentials import Presented, reader
from specgw.policies.auth.passwords import PasswordHash
from specgw.policies.auth.remembered import Remembered
from specgw.policies.base import Exchange

REMEMBER = 300.0
"""Seconds for which a password that was right is not computed again."""
AT_ONCE = 2
"""Passwords that are computed at the same time; each takes a thread, some ten milliseconds and 16 MiB."""
WAITING = 64
"""Passwords that wait to be computed; beyond it the answer is 503, since a flood of wrong ones would never end."""

_MALFORMED = Refusal("the credential in `Authorization` is not base64 of `name:password`", "invalid_request")
_UNKNOWN = Refusal("user name and password do not belong together")
_BUSY = Refusal("too many passwords are being checked", "unavailable")
_AWAY = Refusal("the key store cannot be asked", "unavailable")

Names = tuple[str, bytes]


class Passwords:
    """Verifies users with password hashes. Somebody who is unknown takes as long as a wrong password."""

    __slots__ = ("_clock", "_computing", "_consumers", "_hashes", "_name", "_presented", "_remembered", "_secret", "_waiting")

    def __init__(
        self, name: str, presented: Callable[[Exchange], Presented], hashes: Mapping[str, PasswordHash], services: Services
    ) -> None:
        self._name = name
        self._presented = presented
        self._hashes = hashes
        self._consumers = services.consumers
        self._clock = services.clock
        self._remembered: Remembered[Identity] = Remembered()
        # Passwords are short: without a secret, whoever reads the memory of the process could try them all.
        self._secret = os.urandom(32)
        self._computing = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        """What is remembered answers at once; a password that is not is computed in a thread."""
        presented = self._presented(exchange)
        if presented is None or isinstance(presented, Refusal):
            return presented
        remembered = self._remembered.get(self._digest(presented), self._clock())
        if remembered is not None:
            return remembered
        said = names(presented)
        if isinstance(said, Refusal):
            return said
        if self._waiting >= WAITING:
            return _BUSY
        return self._compute(presented, *said)

    async def _compute(self, presented: bytes, user: str, password: bytes) -> Verdict:
        known = self._hashes.get(user)
        held = known or next(iter(self._hashes.values()))
        self._waiting += 1
        try:
            async with self._computing:
                right = await asyncio.to_thread(held.matches, password)
        finally:
            self._waiting -= 1
        if known is None or not right:
            return _UNKNOWN
        consumer = self._consumers.get(user)
        verdict = Identity(self._name, user, user if consumer else None, roles=frozenset(consumer.roles if consumer else ()))
        self._remembered.put(self._digest(presented), self._clock() + REMEMBER, verdict)
        return verdict

    def _digest(self, presented: bytes) -> bytes:
        return hmac.digest(self._secret, presented, "sha256")


class ConsumerKeys:
    """Verifies a consumer's name and, as the password, one of its keys."""

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
        said = names(presented)
        if isinstance(said, Refusal):
            return said
        user, key = said
        try:
            found = self._keys.find(key)
        except Unavailable:
            return _AWAY
        return self._await(user, found) if isawaitable(found) else self._identity(user, found)

    async def _await(self, user: str, found: Awaitable[Key | None]) -> Verdict:
        try:
            return self._identity(user, await found)
        except Unavailable:
            return _AWAY

    def _identity(self, user: str, key: Key | None) -> Verdict:
        if key is None or not fits(key, self._name) or user != (key.consumer or key.id):
            return _UNKNOWN
        return identity(self._name, key, self._consumers)


def names(presented: bytes) -> Names | Refusal:
    """User name and password of a credential (RFC 7617 section 2): the name ends at the first colon; both are UTF-8."""
    try:
        user, colon, password = b64decode(presented, validate=True).partition(b":")
        return (user.decode(), password) if colon else _MALFORMED
    except (binascii.Error, UnicodeDecodeError):
        return _MALFORMED


def build(scheme: Scheme, services: Services) -> Verifier:
    """The verifier of a Basic scheme; raises Unbuildable where the environment gives no password hash."""
    presented = reader(scheme)
    if not scheme.users:
        return ConsumerKeys(scheme.name, presented, services.keys or NoKeys(), services.consumers)
    hashes = {}
    for user, text in scheme.users.items():
        try:
            hashes[user] = passwords.read(text)
        except passwords.NoHash as error:
            raise Unbuildable(f"security scheme {scheme.service}/{scheme.name}: what 'users' has for '{user}' has to be {error}") from None
    return Passwords(scheme.name, presented, hashes, services)
