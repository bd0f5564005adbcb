"""Sessions: who is signed in. A browser has a random secret, the store what it stands for, under the secret's digest.

Workers and nodes that share a store share sessions, and one that is ended is ended for all. Whoever reads the store can
take over none of them. docs/decisions has the other ways, and why not.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from specgw.policies.auth.base import digest
from specgw.state.records import Session
from specgw.state.table import KeyTable

IDLE = 3600
"""Seconds without any request after which a session is over."""
LONGEST = 12 * 3600
"""Seconds after which it is over anyway."""
TOUCH = 60
"""Seconds between two notes of when something was last asked for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may make keys."""

    owner: str
    """Who that is: the issuer and its name for the person; never anything that a person can choose."""
    consumer: str
    name: str


def secret_of(chance: Callable[[int], bytes]) -> str:
    """A new secret: 256 bits of chance, in base64url."""
    return urlsafe_b64encode(chance(32)).rstrip(b"=").decode("ascii")


def token_of(secret: str) -> str:
    """What the pages of a session have to bring along with a change; the secret cannot be found out from it."""
    made = hmac.digest(secret.encode(), b"specgw portal: token of a session", hashlib.sha256)
    return urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


class Sessions:
    """Those of one store. Raises StoreUnavailable where it cannot be asked."""

    def __init__(self, table: KeyTable, clock: Callable[[], float], chance: Callable[[int], bytes]) -> None:
        self._table = table
        self._clock = clock
        self._chance = chance

    async def begin(self, person: Person) -> str:
        """A new session, always with a new secret: one that a browser had before is worth nothing."""
        secret, now = secret_of(self._chance), int(self._clock())
        session = Session(owner=person.owner, consumer=person.consumer, name=person.name, created=now, seen=now, expires=now + LONGEST)
        await self._table.keep_session(digest(secret.encode()), session)
        return secret

    async def find(self, secret: str) -> Session | None:
        """Who is signed in with a secret; None where nobody is any more."""
        key, now = digest(secret.encode()), int(self._clock())
        session = await self._table.session(key)
        if session is None:
            return None
        if now >= min(session.expires, session.seen + IDLE):
            await self._table.end_session(key)
            return None
        if now - session.seen >= TOUCH:
            await self._table.touch_session(key, replace(session, seen=now))
        return session

    async def end(self, secret: str) -> None:
        """Sign out: for good, and for every copy of the cookie."""
        await self._table.end_session(digest(secret.encode()))
