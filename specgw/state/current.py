"""The key store of a running gateway: opened when a plan needs one, kept over plans that name the same, closed in the end."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

from specgw.plan.model import Plan
from specgw.state.opening import key_file, open_keys
from specgw.state.remembered import RememberedKeys

Place = tuple[str | None, Path]
"""The URL of a Redis, or the file."""


@dataclass(slots=True)
class _Open:
    place: Place
    keys: RememberedKeys
    following: asyncio.Task[None] | None = None


class CurrentKeys:
    """At most one store. `redis_url` and `state_home` are what counts where a plan says nothing."""

    def __init__(self, redis_url: str | None, state_home: Path) -> None:
        self._redis_url = redis_url
        self._state_home = state_home
        self._open: _Open | None = None
        self._next: _Open | None = None

    @property
    def keys(self) -> RememberedKeys | None:
        """The store in use."""
        return None if self._open is None else self._open.keys

    def prepare(self, plan: Plan) -> RememberedKeys | None:
        """The store for a (prepared) plan, which takes effect with `use`; None where it has no keys. Raises Unopened."""
        self._next = None
        if not needs_keys(plan):
            return None
        state = plan.edge.state
        place = state.redis or self._redis_url, key_file(state.path or None, plan.edge.folder, self._state_home)
        if self._open is not None and self._open.place == place:
            self._next = self._open
        else:
            self._next = _Open(place, RememberedKeys(open_keys(*place)))
        return self._next.keys

    async def use(self) -> None:
        """Go on with what was prepared; the store that is not needed any more is closed."""
        old, self._open, self._next = self._open, self._next, None
        if self._open is not None and self._open.following is None:
            self._open.following = asyncio.get_running_loop().create_task(self._open.keys.follow())
        if old is not None and old is not self._open:
            await _end(old)

    async def close(self) -> None:
        """Write down what is still to be written, and close."""
        self._next = None
        await self.use()


def needs_keys(plan: Plan) -> bool:
    """Whether some scheme takes its keys from the store."""
    return any(
        scheme.verify == "gateway" and (scheme.kind == "apiKey" or (scheme.kind == "basic" and not scheme.users))
        for scheme in plan.schemes.values()
    )


async def _end(store: _Open) -> None:
    if store.following is not None:
        store.following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await store.following
    await store.keys.close()
