"""What operators do with keys: issue, rotate, revoke, list. A key leaves here once, when it is made."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from specgw.policies.auth.base import digest
from specgw.state.key_text import generate
from specgw.state.records import Record
from specgw.state.table import Ended, Judge, KeyTable


class NoSuchKey(Exception):
    """There is no key with this id."""


class NotValid(Exception):
    """The key has ended already; the message says how."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that was made just now: the only time that its text is there to be shown."""

    text: str
    record: Record

    def __repr__(self) -> str:
        return f"Issued([redacted], {self.record.id})"


async def issue(
    table: KeyTable, wanted: Record, clock: Callable[[], float], *, lasts: float | None = None, judge: Judge | None = None
) -> Issued:
    """Make a key as `wanted` says, but for its id and times; `lasts` is in seconds, None for ever. `judge`: see KeyTable.add."""
    now = int(clock())
    record = replace(wanted, id=_id(), created=now, expires=None if lasts is None else now + int(lasts))
    text = generate()
    await table.add(digest(text.encode()), record, judge=judge)
    return Issued(text, record)


async def rotate(table: KeyTable, id: str, clock: Callable[[], float], *, overlap: float, lasts: float | None = None) -> Issued:
    """Make a key with the rights of another one, which stays valid for `overlap` seconds and no longer than it would have.

    Without `lasts` it lasts as long as the old one was made for. Raises NoSuchKey, and NotValid for a key that has ended: who
    was shut out must not come back by this door.
    """
    return await succeed(table, await find(table, id), clock, overlap=overlap, lasts=lasts)


async def succeed(
    table: KeyTable,
    old: Record,
    clock: Callable[[], float],
    *,
    overlap: float,
    lasts: float | None = None,
    judge: Judge | None = None,
) -> Issued:
    """The same where the old key's record is known. Raises NotValid also for a key that ends meanwhile."""
    now = int(clock())
    standing = old.standing(now)
    if standing != "valid":
        raise NotValid(f"{old.id} is {standing}")
    if lasts is None and old.expires is not None:
        lasts = old.expires - old.created
    expires = None if lasts is None else now + int(lasts)
    record = replace(old, id=_id(), created=now, expires=expires, replaces=old.id, last_used=None, uses=0)
    text = generate()
    try:
        await table.add(digest(text.encode()), record, shorten=(old.id, now + int(overlap)), judge=judge)
    except Ended:
        raise NotValid(f"{old.id} has ended meanwhile") from None
    return Issued(text, record)


async def revoke(table: KeyTable, id: str, clock: Callable[[], float]) -> Record:
    """Refuse a key from now on. Raises NoSuchKey."""
    record = await table.revoke(id, int(clock()))
    if record is None:
        raise NoSuchKey(id)
    return record


async def expire(table: KeyTable, id: str, clock: Callable[[], float], *, after: float) -> Record:
    """Let a key end after `after` seconds, and no later than it would have. Raises NoSuchKey, and NotValid for one that has ended."""
    now = int(clock())
    standing = (await find(table, id)).standing(now)
    if standing != "valid":
        raise NotValid(f"{id} is {standing}")
    record = await table.shorten(id, now + int(after))
    if record is None:
        raise NoSuchKey(id)
    return record


async def find(table: KeyTable, id: str) -> Record:
    """The record of an id. Raises NoSuchKey."""
    for record in await table.records():
        if record.id == id:
            return record
    raise NoSuchKey(id)


def _id() -> str:
    # Long enough that two never meet, short enough to be read out.
    return "key_" + secrets.token_hex(6)
