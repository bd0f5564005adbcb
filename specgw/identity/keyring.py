"""The keys of one issuer, kept fresh while requests are served, and kept at all while the issuer is away.

A key that the set dropped is gone with the next refresh. While refreshes fail the keys of before go on, at most for
`Pace.stale`. There is one fetch at a time, whoever wants it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from specgw.identity.sources import Loaded, Source
from specgw.policies.auth.base import Unavailable
from specgw.policies.auth.jwk import Key, KeySet

log = logging.getLogger("specgw.identity")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between things."""

    refresh: float = 300.0
    """From one refresh in the background to the next."""
    retry: float = 1.0
    """After the first refresh that failed; each further wait is twice as long, up to `slowest`."""
    slowest: float = 30.0
    extra: float = 5.0
    """Between two fetches because of unknown keys, however many unknown ones come."""
    stale: float = 24 * 3600.0
    """How long keys go on that could not be refreshed."""


PACE = Pace()


class Keyring:
    """What verifiers ask for the keys of an issuer. Works from `start` to `close`; what it knows can be used after it."""

    def __init__(
        self,
        source: Source,
        *,
        count: Callable[[str], None] = lambda outcome: None,
        pace: Pace = PACE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.keys: KeySet | None = None
        """None: there never were any, or they are older than anybody should trust."""
        self.issuer: str | None = None
        """Whose keys they are, where discovery told."""
        self.metadata: Mapping[str, Any] = {}
        """What discovery told beside it."""
        self.generation = 0
        """Counts the sets: what was verified with the keys of another generation has to be verified again."""
        self._source = source
        self._count = count
        self._pace = pace
        self._clock = clock
        self._fetched = clock()
        self._asked = -pace.extra
        self._landed: asyncio.Future[None] | None = None
        self._flight: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._failures = 0
        self._closed = False

    def start(self) -> None:
        """Begin to fetch, on the running loop; waits for nothing."""
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep())

    def close(self) -> None:
        """Fetch no more. Whoever waits goes on with what there is."""
        self._closed = True
        for task in (self._keeper, self._flight):
            if task is not None:
                task.cancel()

    def ask(self) -> Awaitable[None] | None:
        """A fetch that is made, or under way, for a key that is not known; None: the last one was too short a time ago.

        Waiting may be cancelled; the fetch goes on.
        """
        landed = self._landed
        if landed is None:
            now = self._clock()
            if self._closed or now - self._asked < self._pace.extra:
                return None
            self._asked = now
            landed = self._fly(known=self.keys is not None)
        return asyncio.shield(landed)

    def find(self, kid: str | None, algorithm: str) -> Sequence[Key] | Awaitable[Sequence[Key]]:
        """The keys that may have made a signature. Awaited where a fetch may bring one that is not known yet.

        Raises Unavailable where there are no keys at all, at once or when awaited.
        """
        found = () if self.keys is None else self.keys.candidates(kid, algorithm)
        if found:
            return found
        fetch = self.ask()
        return self._now(kid, algorithm) if fetch is None else self._then(fetch, kid, algorithm)

    async def _then(self, fetch: Awaitable[None], kid: str | None, algorithm: str) -> Sequence[Key]:
        await fetch
        return self._now(kid, algorithm)

    def _now(self, kid: str | None, algorithm: str) -> Sequence[Key]:
        if self.keys is None:
            raise Unavailable("the keys of the token's issuer are not available")
        return self.keys.candidates(kid, algorithm)

    def refresh(self) -> asyncio.Future[None]:
        """A fetch, or the one that is under way; goes on whether somebody waits for it or not."""
        return asyncio.shield(self._landed if self._landed is not None else self._fly(known=False))

    async def load(self) -> None:
        """Fetch at once; raises Unavailable. For files, which have to be there before anything is served."""
        self._take(await self._source.load(known=False))

    async def _keep(self) -> None:
        pace = self._pace
        while True:
            await self.refresh()
            wait = min(pace.retry * 2 ** (self._failures - 1), pace.slowest) if self._failures else pace.refresh
            await asyncio.sleep(wait)

    def _fly(self, *, known: bool) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        self._landed = landed = loop.create_future()
        self._flight = loop.create_task(self._fetch(known=known))
        # Also where the fetch was cancelled before it began: nobody waits for ever.
        self._flight.add_done_callback(lambda _: self._land(landed))
        return landed

    def _land(self, landed: asyncio.Future[None]) -> None:
        if not landed.done():
            landed.set_result(None)
        if self._landed is landed:
            self._landed = self._flight = None

    async def _fetch(self, *, known: bool) -> None:
        try:
            self._take(await self._source.load(known=known))
        except Unavailable as reason:
            self._failed(str(reason))
        except Exception:
            log.exception("fetching the keys of %s failed inside the gateway", self._source.name)
            self._failed("a defect of the gateway")

    def _take(self, loaded: Loaded) -> None:
        if self._failures:
            log.warning("the keys of %s can be fetched again", self._source.name)
        if self.keys is None or loaded.keys.keys != self.keys.keys or loaded.issuer != self.issuer:
            self.generation += 1
            for reason in loaded.keys.left_out:
                log.warning("a key of %s is not used: %s", self._source.name, reason)
        self.keys, self.issuer, self.metadata = loaded.keys, loaded.issuer, loaded.metadata
        self._fetched = self._clock()
        self._failures = 0
        self._count("fetched")

    def _failed(self, reason: str) -> None:
        self._count("failed")
        self._failures += 1
        if self.keys is not None and self._clock() - self._fetched > self._pace.stale:
            self.keys = None
            self.generation += 1
            log.warning("the keys of %s are too old to be trusted any longer", self._source.name)
        if self._failures == 1:
            state = "tokens cannot be verified" if self.keys is None else "those of before go on"
            log.warning("the keys of %s could not be fetched, %s: %s", self._source.name, state, reason)
