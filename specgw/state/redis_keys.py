"""Keys and sessions in Redis: the store of several nodes.

A key is a hash of the fields `record`, `expires` and `revoked`, so that nothing is read before it is changed; every change
goes together with a new version in one MULTI. All names hold `{keys}`, so that a cluster keeps them in one slot.

redis-py leaves the answer of a cancelled command on its connection where the next caller would read it, unless that connection
is closed: it closes it, and a test holds it to that. Whoever asks here is shielded anyway (`remembered`).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError, WatchError

from specgw.state.records import Record, Session, Use
from specgw.state.table import KEPT, SWEPT, Ended, Judge, StoreUnavailable

CONNECT_TIME = 0.5
COMMAND_TIME = 1.0
"""Seconds; a poll has to fail within the 2 s in which a revocation is promised to arrive."""
CONNECTIONS = 16
ATTEMPTS = 20
"""How often a key is tried to be added while other processes change the same keys; each time one of them gets through."""

_RECORD = b"specgw:{keys}:record:"
_DIGESTS = "specgw:{keys}:digests"
_USES = "specgw:{keys}:uses"
_COUNTS = "specgw:{keys}:counts"
_OWNER = "specgw:{keys}:owner:"
_ENDED = "specgw:{keys}:ended"
_SESSION = "specgw:{keys}:session:"
_VERSION = "specgw:{keys}:version"


class RedisKeys:
    """The keys in one Redis; see `KeyTable`. Making one connects to nothing; raises ValueError for what is no Redis URL."""

    def __init__(self, url: str) -> None:
        self.name = without_password(url)
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=COMMAND_TIME,
            socket_connect_timeout=CONNECT_TIME,
            socket_timeout=COMMAND_TIME,
            # One attempt: whoever polls tries again anyway, and whoever calls must not wait for several.
            retry=Retry(NoBackoff(), 0),
        )
        # Typed by redis-py for both its clients at once, so that every answer would need a cast.
        self._redis: Any = Redis.from_pool(pool)
        # A key that is added holds one connection and reads by others: one after the other, or all wait for each other.
        self._turn = asyncio.Lock()

    async def find(self, digest: bytes) -> Record | None:
        """The record of a key."""
        fields = await self._ask(self._redis.hgetall(_RECORD + digest.hex().encode()))
        return self._read(fields, None)

    async def version(self) -> str:
        """A random text that every change replaces, and that a Redis which lost its memory does not have."""
        found = await self._ask(self._redis.get(_VERSION))
        return "none" if found is None else found.decode("latin-1")

    async def add(
        self, digest: bytes, record: Record, *, shorten: tuple[str, int] | None = None, judge: Judge | None = None
    ) -> None:
        """Keep a new key."""
        async with self._turn:
            for _ in range(ATTEMPTS):
                if await self._ask(self._added(digest, record, shorten, judge)):
                    return
        raise StoreUnavailable(f"{self.name}: too many change the same keys at once")

    async def _added(self, digest: bytes, record: Record, shorten: tuple[str, int] | None, judge: Judge | None) -> bool:
        """Try once; False where what was looked at has changed meanwhile."""
        owner, now = record.owner, record.created
        old = None if shorten is None else await self._place(shorten[0])
        async with self._redis.pipeline(transaction=True) as pipeline:
            watched = [*([_owner(owner)] if judge is not None and owner is not None else ()), *([old] if old is not None else ())]
            if watched:
                await pipeline.watch(*watched)
            gone = list(judge(await self.owned(owner))) if judge is not None and owner is not None else []
            if shorten is not None:
                replaced = None if old is None else self._read(await self._redis.hgetall(old), None)
                if replaced is None or replaced.standing(now) != "valid":
                    raise Ended(shorten[0])
            due = await self._redis.zrangebyscore(_ENDED, "-inf", now - KEPT, start=0, num=SWEPT)
            leaving = await self._owners([*gone, *(id.decode("latin-1") for id in due)])
            pipeline.multi()
            for id, kept, whose in leaving:
                _forget(pipeline, id, kept, whose)
            place = _RECORD + digest.hex().encode()
            pipeline.hset(place, mapping={"record": msgspec.json.encode(record)})
            _lasts(pipeline, place, record.id, record.expires)
            pipeline.hset(_DIGESTS, record.id, digest.hex())
            if owner is not None:
                pipeline.sadd(_owner(owner), record.id)
            if shorten is not None and old is not None and replaced is not None:
                id, end = shorten
                _lasts(pipeline, old, id, end if replaced.expires is None else min(end, replaced.expires))
            pipeline.set(_VERSION, secrets.token_hex(8))
            try:
                await pipeline.execute()
            except WatchError:
                return False
            return True

    async def _owners(self, ids: Iterable[str]) -> list[tuple[str, bytes | None, str | None]]:
        """Each id with the digest and the owner of its key."""
        found = []
        for id in dict.fromkeys(ids):
            place = await self._place(id)
            record = None if place is None else self._read(await self._redis.hgetall(place), None)
            found.append((id, place, None if record is None else record.owner))
        return found

    async def records(self) -> list[Record]:
        """All of them, the oldest first."""
        digests = await self._ask(self._redis.hgetall(_DIGESTS))
        uses = await self._ask(self._redis.hgetall(_USES))
        counts = await self._ask(self._redis.hgetall(_COUNTS))
        return await self._several([(digest, uses.get(id), counts.get(id)) for id, digest in digests.items()])

    async def owned(self, owner: str) -> list[Record]:
        """Those of one owner, the oldest first."""
        ids = sorted(await self._ask(self._redis.smembers(_owner(owner))))
        if not ids:
            return []
        pipeline = self._redis.pipeline(transaction=False)
        for name in (_DIGESTS, _USES, _COUNTS):
            pipeline.hmget(name, ids)
        digests, uses, counts = await self._ask(pipeline.execute())
        found = zip(digests, uses, counts, strict=True)
        return await self._several([(digest, used, count) for digest, used, count in found if digest is not None])

    async def rename(self, id: str, name: str) -> Record | None:
        """Call a key otherwise. Nothing else of its field `record` ever changes, so that of two names one stays."""
        place = await self._place(id)
        text = None if place is None else await self._ask(self._redis.hget(place, "record"))
        if place is None or text is None:
            return None
        try:
            record = msgspec.structs.replace(msgspec.json.decode(text, type=Record), name=name)
        except msgspec.MsgspecError as error:
            raise StoreUnavailable(f"{self.name}: a record cannot be read: {error}") from error
        await self._ask(self._redis.hset(place, "record", msgspec.json.encode(record)))
        return self._read(await self._ask(self._redis.hgetall(place)), None)

    async def _several(self, places: list[tuple[bytes, bytes | None, bytes | None]]) -> list[Record]:
        """The records of digests, each with its last use and the count of its uses, the oldest first."""
        pipeline = self._redis.pipeline(transaction=False)
        for digest, _, _ in places:
            pipeline.hgetall(_RECORD + digest)
        found = await self._ask(pipeline.execute()) if places else []
        records = [self._read(fields, used, count) for fields, (_, used, count) in zip(found, places, strict=True)]
        return sorted((record for record in records if record is not None), key=lambda record: (record.created, record.id))

    async def revoke(self, id: str, now: int) -> Record | None:
        """Refuse a key from now on."""
        place = await self._place(id)
        if place is None:
            return None
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hsetnx(place, "revoked", str(now))
        pipeline.zadd(_ENDED, {id: now})
        pipeline.set(_VERSION, secrets.token_hex(8))
        pipeline.hgetall(place)
        return self._read((await self._ask(pipeline.execute()))[-1], None)

    async def shorten(self, id: str, end: int) -> Record | None:
        """Let a key end at a time, unless it ends earlier."""
        pipeline = self._redis.pipeline(transaction=True)
        place = await self._end(pipeline, id, end)
        if place is None:
            return None
        pipeline.set(_VERSION, secrets.token_hex(8))
        pipeline.hgetall(place)
        return self._read((await self._ask(pipeline.execute()))[-1], None)

    async def _end(self, pipeline: Any, id: str, end: int) -> bytes | None:
        """Add to a pipeline that a key ends at a time, unless it ends earlier; where that key is."""
        place = await self._place(id)
        old = None if place is None else self._read(await self._ask(self._redis.hgetall(place)), None)
        if place is not None and old is not None and (old.expires is None or end < old.expires):
            _lasts(pipeline, place, id, end)
        return place

    async def note_uses(self, uses: Mapping[str, Use]) -> None:
        """Write down uses of keys that are still there. Who writes later may have seen the last one earlier."""
        if not uses:
            return
        ids = list(uses)
        pipeline = self._redis.pipeline(transaction=False)
        for name in (_DIGESTS, _USES):
            pipeline.hmget(name, ids)
        digests, before = await self._ask(pipeline.execute())
        last = {id: max(uses[id].last, int(used or 0)) for id, digest, used in zip(ids, digests, before, strict=True) if digest is not None}
        if last:
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.hset(_USES, mapping=last)
            for id in last:
                pipeline.hincrby(_COUNTS, id, uses[id].times)
            await self._ask(pipeline.execute())

    async def session(self, digest: bytes) -> Session | None:
        """Who is signed in with a secret."""
        text = await self._ask(self._redis.get(_SESSION + digest.hex()))
        try:
            return None if text is None else msgspec.json.decode(text, type=Session)
        except msgspec.MsgspecError as error:
            raise StoreUnavailable(f"{self.name}: a session cannot be read: {error}") from error

    async def keep_session(self, digest: bytes, session: Session) -> None:
        """Keep a new session until it is over."""
        await self._set_session(digest, session, again=False)

    async def touch_session(self, digest: bytes, session: Session) -> None:
        """Keep the same session with a later `seen`."""
        await self._set_session(digest, session, again=True)

    async def _set_session(self, digest: bytes, session: Session, *, again: bool) -> None:
        left = max(1, session.expires - session.seen)
        await self._ask(self._redis.set(_SESSION + digest.hex(), msgspec.json.encode(session), ex=left, xx=again))

    async def end_session(self, digest: bytes) -> None:
        """Forget a session."""
        await self._ask(self._redis.delete(_SESSION + digest.hex()))

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _place(self, id: str) -> bytes | None:
        digest = await self._ask(self._redis.hget(_DIGESTS, id))
        return None if digest is None else _RECORD + digest

    async def _ask(self, command: Awaitable[Any]) -> Any:
        try:
            return await command
        except (TimeoutError, RedisError, OSError) as error:
            if not isinstance(error, ResponseError):
                # The others are dead, too, and each would fail whoever asks next, when there is a server again.
                with contextlib.suppress(RedisError, OSError):
                    await self._redis.connection_pool.disconnect(inuse_connections=False)
            raise StoreUnavailable(f"{self.name}: {_reason(error)}") from error

    def _read(self, fields: Mapping[bytes, bytes], used: bytes | None, count: bytes | None = None) -> Record | None:
        text = fields.get(b"record")
        if text is None:
            return None
        try:
            record = msgspec.json.decode(text, type=Record)
            expires, revoked = (None if (value := fields.get(name)) is None else int(value) for name in (b"expires", b"revoked"))
            last = None if used is None else int(used)
            return msgspec.structs.replace(record, expires=expires, revoked=revoked, last_used=last, uses=int(count or 0))
        except (msgspec.MsgspecError, ValueError) as error:
            raise StoreUnavailable(f"{self.name}: a record cannot be read: {error}") from error


def _owner(owner: str) -> str:
    return _OWNER + hashlib.sha256(owner.encode()).hexdigest()


def _lasts(pipeline: Any, place: bytes, id: str, end: int | None) -> None:
    """Add to a pipeline when a key ends, and that it is known by that when it may go."""
    if end is not None:
        pipeline.hset(place, "expires", str(end))
        pipeline.zadd(_ENDED, {id: end})


def _forget(pipeline: Any, id: str, place: bytes | None, owner: str | None) -> None:
    """Add to a pipeline that nothing is left of a key."""
    if place is not None:
        pipeline.delete(place)
    for name in (_DIGESTS, _USES, _COUNTS):
        pipeline.hdel(name, id)
    if owner is not None:
        pipeline.srem(_owner(owner), id)
    pipeline.zrem(_ENDED, id)


def without_password(url: str) -> str:
    """A URL as it may be shown: without user, password and query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return "redis"


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError | asyncio.TimeoutError) or "imeout" in type(error).__name__:
        return "no answer in time"
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
